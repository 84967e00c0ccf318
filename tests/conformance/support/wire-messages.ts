import type { ScriptedAnswer } from '../../../src/sandbox/serving/script.ts';
import { namedEvents, streamOf } from './wire.ts';

const ANTHROPIC_USAGE = {
  input_tokens: 10,
  output_tokens: 1,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

export interface MessageEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

export const messageStart = (usage: object = ANTHROPIC_USAGE): MessageEvent => ({
  type: 'message_start',
  message: {
    id: 'msg_up',
    type: 'message',
    role: 'assistant',
    model: 'upstream-model',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  },
});

/** The events of one block: its start, these deltas, its stop. */
export const messageBlock = (
  index: number,
  block: object,
  ...deltas: readonly object[]
): readonly MessageEvent[] => [
  { type: 'content_block_start', index, content_block: block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];

export const textBlock = (index: number, ...texts: readonly string[]): readonly MessageEvent[] =>
  messageBlock(index, { type: 'text', text: '' }, ...texts.map((text) => ({ type: 'text_delta', text })));

export const thinkingBlock = (index: number, thinking: string, signature: string): readonly MessageEvent[] =>
  messageBlock(
    index,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking_delta', thinking },
    { type: 'signature_delta', signature },
  );

export const toolUseBlock = (
  index: number,
  id: string,
  name: string,
  ...json: readonly string[]
): readonly MessageEvent[] =>
  messageBlock(
    index,
    { type: 'tool_use', id, name, input: {} },
    ...json.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  );

export const messageEnd = (
  stop_reason: string,
  more: object = {},
  usage: object = { output_tokens: 5 },
): readonly MessageEvent[] => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null, ...more }, usage },
  { type: 'message_stop' },
];

/** A whole Messages stream of these blocks. */
export const messageStream = (
  blocks: readonly (readonly MessageEvent[])[],
  stop = 'end_turn',
  more: object = {},
): ScriptedAnswer => streamOf(namedEvents(messageStart(), ...blocks.flat(), ...messageEnd(stop, more)));
