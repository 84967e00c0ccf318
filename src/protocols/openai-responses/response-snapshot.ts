import type { AnswerContext } from '../../kernel/codec.ts';
import type { ChatRequest } from '../../kernel/conversation.ts';
import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { effortOf, NO_WISH } from '../../kernel/reasoning.ts';
import type { ReasoningWish } from '../../kernel/reasoning.ts';
import { joinSystem } from './encode-request.ts';
import { encodeFormat } from './text-format.ts';
import { encodeToolChoice, encodeTools } from './tools.ts';

/** What changes about a response object while it is made. */
export interface Progress extends JsonObject {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly output: readonly JsonObject[];
  readonly error: JsonObject | null;
  readonly incomplete_details: JsonObject | null;
  readonly usage: JsonObject | null;
  readonly completed_at: number | null;
}

/** The response object of one answer at any moment: its fixed head, its progress, the request that it echoes. */
export interface Snapshot {
  readonly at: (progress: Progress) => JsonObject;
  /** The same as JSON text; what never changes is written once. */
  readonly textAt: (progress: Progress) => string;
}

/** The snapshots of one response; `createdAt` is Unix seconds. */
export function createSnapshot(head: { id: string; createdAt: number }, context: AnswerContext): Snapshot {
  const first = { id: head.id, object: 'response', created_at: head.createdAt, model: context.model };
  const echo = echoOf(context.request);
  const echoText = writeJson(echo).slice(1);
  return {
    at: (progress) => ({ ...first, ...progress, ...echo }),
    textAt: (progress) => `${writeJson({ ...first, ...progress }).slice(0, -1)},${echoText}`,
  };
}

/** What a response says of a request that is unknown: every member at its default. */
const NOTHING_ASKED: EchoedRequest = { system: [], tools: [], sampling: {}, reasoning: NO_WISH };

type EchoedRequest = Pick<ChatRequest, 'system' | 'tools' | 'sampling' | 'reasoning'> & Partial<ChatRequest>;

/** The members of a response that repeat the request. */
function echoOf(request: EchoedRequest = NOTHING_ASKED): JsonObject {
  const { tools, toolChoice = { type: 'auto' } } = request;
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
    tool_choice: encodeToolChoice(toolChoice, tools),
    tools: encodeTools(tools, { note: () => undefined }),
    top_p: topP,
    truncation: 'disabled',
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
