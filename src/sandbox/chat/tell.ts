import { findObject, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeData } from '../../sse/encode.ts';
import type { Answer, ToolCall } from '../answer.ts';
import type { Story, Told } from '../dialect.ts';
import { crumbsOf, wordsOf } from '../tokens.ts';

const FINISH_REASONS: Readonly<Record<Answer['stop'], string>> = {
  end: 'stop',
  'tool-call': 'tool_calls',
  length: 'length',
  'stop-sequence': 'stop',
};

/** The answer as chunks up to `[DONE]`, and as one completion. */
export function tellChat(story: Story): Told {
  const { answer, call, question, nextId, now } = story;
  const head = { id: nextId('chatcmpl-'), created: Math.floor(now / 1000), model: question.model };
  const calls = answer.calls.map((made) => ({ made, id: nextId('call_') }));
  const wantsUsage = findObject(call.body['stream_options'])?.['include_usage'] === true;
  const noUsage = wantsUsage ? { usage: null } : {};
  const chunk = (choices: readonly JsonObject[], usage: JsonObject): string =>
    encodeData(
      writeJson({
        ...head,
        object: 'chat.completion.chunk',
        choices,
        system_fingerprint: 'fp_sandbox',
        ...usage,
      }),
    );
  const step = (delta: JsonObject, reason: string | null): string =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason: reason }], noUsage);
  const reason = FINISH_REASONS[answer.stop];
  const usage = usageOf(answer);
  return {
    opening: deltasOf(answer, calls).map((delta) => step(delta, null)),
    closing: [step({}, reason), ...(wantsUsage ? [chunk([], { usage })] : []), encodeData('[DONE]')],
    whole: {
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message: messageOf(answer, calls), logprobs: null, finish_reason: reason }],
      usage,
      system_fingerprint: 'fp_sandbox',
    },
  };
}

interface NamedCall {
  readonly made: ToolCall;
  readonly id: string;
}

function deltasOf(answer: Answer, calls: readonly NamedCall[]): readonly JsonObject[] {
  return [
    { role: 'assistant', content: calls.length > 0 ? null : '', refusal: null },
    ...wordsOf(answer.thoughts.join(' ')).map((text) => ({ reasoning_content: text })),
    ...wordsOf(answer.text).map((text) => ({ content: text })),
    ...calls.map((call, index) => ({ tool_calls: [{ index, ...wireCall(call, '') }] })),
    ...mixedArguments(calls),
  ];
}

/** Parallel calls stream side by side, a piece of each in turn. */
function mixedArguments(calls: readonly NamedCall[]): readonly JsonObject[] {
  const pieces = calls.map(({ made }, index) =>
    crumbsOf(made.arguments).map((text) => argumentsDelta(made, index, text)),
  );
  const rounds = Math.max(0, ...pieces.map((list) => list.length));
  return Array.from({ length: rounds }, (_, round) =>
    pieces.flatMap((list) => list.slice(round, round + 1)),
  ).flat();
}

const argumentsDelta = (call: ToolCall, index: number, text: string): JsonObject => ({
  tool_calls: [
    { index, ...(call.kind === 'custom' ? { custom: { input: text } } : { function: { arguments: text } }) },
  ],
});

function wireCall({ made, id }: NamedCall, text: string): JsonObject {
  if (made.kind === 'custom') return { id, type: 'custom', custom: { name: made.name, input: text } };
  return { id, type: 'function', function: { name: made.name, arguments: text } };
}

function messageOf(answer: Answer, calls: readonly NamedCall[]): JsonObject {
  const thoughts = answer.thoughts.join(' ');
  return {
    role: 'assistant',
    content: calls.length > 0 ? null : answer.text,
    refusal: null,
    ...(thoughts === '' ? {} : { reasoning_content: thoughts }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => wireCall(call, call.made.arguments)) }),
  };
}

function usageOf({ usage }: Answer): JsonObject {
  return {
    prompt_tokens: usage.prompt,
    completion_tokens: usage.output,
    total_tokens: usage.prompt + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}
