import type { ChatRequest } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { effortOf, NO_WISH } from '../../kernel/reasoning.ts';
import type { ReasoningWish } from '../../kernel/reasoning.ts';
import { echoToolChoice, echoTools } from './echo-tools.ts';
import { joinSystem } from './encode-request.ts';
import { encodeFormat } from './text-format.ts';

type EchoedRequest = Pick<ChatRequest, 'system' | 'tools' | 'sampling' | 'reasoning'> & Partial<ChatRequest>;

/** What a response says of a request that is unknown: every member at its default. */
const NOTHING_ASKED: EchoedRequest = { system: [], tools: [], sampling: {}, reasoning: NO_WISH };

/** The members of a response that repeat the request; readers expect all of them. */
export function echoRequest(request: EchoedRequest = NOTHING_ASKED): JsonObject {
  const { tools, toolChoice = { type: 'auto' }, logprobs } = request;
  const { temperature = 1, topP = 1 } = request.sampling;
  const { maxTokens = null, metadata = {}, parallelToolCalls = true, serviceTier = 'default' } = request;
  return {
    background: false,
    instructions: joinSystem(request.system) ?? null,
    max_output_tokens: maxTokens,
    metadata,
    parallel_tool_calls: parallelToolCalls,
    previous_response_id: null,
    reasoning: echoReasoning(request.reasoning),
    service_tier: serviceTier,
    store: false,
    temperature,
    text: echoText(request),
    tool_choice: echoToolChoice(toolChoice, tools),
    tools: echoTools(tools),
    top_p: topP,
    truncation: 'disabled',
    ...(logprobs !== undefined && { top_logprobs: logprobs.top }),
  };
}

function echoReasoning(wish: ReasoningWish): JsonObject {
  if (wish.mode === 'unset') return { effort: null, summary: null };
  if (wish.mode === 'off') return { effort: 'none', summary: null };
  return { effort: effortOf(wish) ?? null, summary: wish.show === true ? 'auto' : null };
}

const echoText = ({ format = { type: 'text' }, verbosity }: EchoedRequest): JsonObject => ({
  format: encodeFormat(format),
  ...(verbosity !== undefined && { verbosity }),
});
