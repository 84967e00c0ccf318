import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeEvent } from '../../sse/encode.ts';
import type { Answer } from '../answer.ts';
import type { Story, Told } from '../dialect.ts';
import { outputsOf } from './output.ts';
import type { Event, Output } from './output.ts';

/** The answer as `response.created` to `response.completed` or `response.incomplete`, and as one response. */
export function tellResponse(story: Story): Told {
  const outputs = outputsOf(story);
  const begun = beginningOf(story);
  const status = story.answer.stop === 'length' ? 'incomplete' : 'completed';
  const whole = { ...endOf(begun, story, outputs), status };
  const opening: readonly Event[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...outputs.flatMap((output, index) => (isCall(output) ? [] : tellOutput(output, index))),
    ...tellTogether(
      outputs.map((output, index) => ({ output, index })).filter(({ output }) => isCall(output)),
    ),
  ];
  const closing: Event = { type: `response.${status}`, response: whole };
  return {
    opening: opening.map((event, number) => told(event, number)),
    closing: [told(closing, opening.length)],
    whole,
  };
}

const told = ({ type, ...rest }: Event, number: number): string =>
  encodeEvent(type, writeJson({ type, sequence_number: number, ...rest }));

const isCall = ({ start }: Output): boolean => start['call_id'] !== undefined;

const added = (output: Output, index: number): Event => ({
  type: 'response.output_item.added',
  output_index: index,
  item: output.start,
});
const done = (output: Output, index: number): Event => ({
  type: 'response.output_item.done',
  output_index: index,
  item: output.whole,
});

function tellOutput(output: Output, index: number): readonly Event[] {
  return [added(output, index), ...output.deltas(index), ...output.ends(index), done(output, index)];
}

/** Parallel calls stream side by side, a piece of each in turn. */
function tellTogether(
  calls: readonly { readonly output: Output; readonly index: number }[],
): readonly Event[] {
  const deltas = calls.map(({ output, index }) => output.deltas(index));
  const rounds = Math.max(0, ...deltas.map((list) => list.length));
  const mixed = Array.from({ length: rounds }, (_, round) =>
    deltas.flatMap((list) => list.slice(round, round + 1)),
  );
  return [
    ...calls.map(({ output, index }) => added(output, index)),
    ...mixed.flat(),
    ...calls.flatMap(({ output, index }) => [...output.ends(index), done(output, index)]),
  ];
}

/** Fields of the request that a response repeats, and what stands there when the request is silent. */
const ECHOED: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
};

function beginningOf({ call, question, nextId, now }: Story): JsonObject {
  const echoes = Object.entries(ECHOED).map(([name, silent]) => [name, call.body[name] ?? silent] as const);
  return {
    id: nextId('resp_'),
    object: 'response',
    created_at: Math.floor(now / 1000),
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    model: question.model,
    output: [],
    previous_response_id: null,
    ...Object.fromEntries(echoes),
    usage: null,
  };
}

function endOf(begun: JsonObject, { answer, now }: Story, outputs: readonly Output[]): JsonObject {
  const isCut = answer.stop === 'length';
  return {
    ...begun,
    completed_at: isCut ? null : Math.floor(now / 1000),
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: outputs.map((output) => output.whole),
    usage: usageOf(answer),
  };
}

function usageOf({ usage }: Answer): JsonObject {
  return {
    input_tokens: usage.prompt,
    input_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.prompt + usage.output,
  };
}
