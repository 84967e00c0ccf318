import type { ScriptedAnswer } from '../../../src/sandbox/serving/script.ts';
import { dataLines, streamOf } from './wire.ts';

export const chatChunk = (delta: object, finish: string | null = null, more: object = {}): object => ({
  id: 'chatcmpl-up',
  object: 'chat.completion.chunk',
  created: 1764000000,
  model: 'upstream-model',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});

export const chatUsage = (usage: object): object => ({
  id: 'chatcmpl-up',
  object: 'chat.completion.chunk',
  created: 1764000000,
  model: 'upstream-model',
  choices: [],
  usage,
});

export const CHAT_USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

/** A whole Chat stream: a role chunk, these deltas, a finish chunk, usage, `[DONE]`. */
export const chatStream = (
  deltas: readonly object[],
  finish = 'stop',
  usage: object = CHAT_USAGE,
): ScriptedAnswer =>
  streamOf(
    dataLines(
      chatChunk({ role: 'assistant', content: '' }),
      ...deltas.map((delta) => chatChunk(delta)),
      chatChunk({}, finish),
      chatUsage(usage),
      '[DONE]',
    ),
  );

/** A piece of a call in a Chat delta. */
export const callDelta = (
  index: number,
  piece: { id?: string; name?: string; arguments?: string },
): object => ({
  tool_calls: [
    {
      index,
      ...(piece.id !== undefined && { id: piece.id, type: 'function' }),
      function: {
        ...(piece.name !== undefined && { name: piece.name }),
        ...(piece.arguments !== undefined && { arguments: piece.arguments }),
      },
    },
  ],
});
