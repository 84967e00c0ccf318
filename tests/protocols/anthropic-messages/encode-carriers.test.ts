import { describe, expect, it } from 'vitest';
import { NO_STATE, readCarrier } from '../../../src/kernel/carrier.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import { findString, writeJson } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { replayReply } from '../../../src/kernel/replay-reply.ts';
import type { Block, Reply } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { answerContext, replyOf, requireClient, streamOf } from './setup.ts';

const stateOf = (issuer: string, kind: OpaqueState['kind'], data = 'zzz'): OpaqueState => ({
  issuer,
  family: 'f1',
  kind,
  data,
});
const ENCRYPTED = stateOf('openai', 'encrypted_content');
const THOUGHT = stateOf('gemini', 'thoughtSignature');
const SIGNATURE = stateOf('anthropic', 'signature');

const reasoning = (fields: Partial<Extract<Block, { kind: 'reasoning' }>>): Block => ({
  kind: 'reasoning',
  raw: '',
  summary: [],
  ...fields,
});
const call = (fields: Partial<Extract<Block, { kind: 'tool-call' }>> = {}): Block => ({
  kind: 'tool-call',
  id: 'c1',
  callKind: 'function',
  name: 'f',
  args: '{"a":1}',
  ...fields,
});
const replyWith = (blocks: readonly Block[]): Reply => ({
  id: '',
  model: 'm',
  blocks,
  stop: { reason: 'stop' },
});
const textBlock = (text: string): Block => ({ kind: 'text', text, annotations: [] });
const FOREIGN = { native: false };

/** What a client reads that asked for one body. */
function wholeContent(...blocks: readonly Block[]): readonly JsonObject[] {
  const body = requireClient().encodeReply(replyWith(blocks), answerContext(FOREIGN));
  return (JSON.parse(writeJson(body)) as { content: JsonObject[] }).content;
}

/** The same content told as a stream, folded by this dialect's own reader. */
function streamedContent(...blocks: readonly Block[]): readonly JsonObject[] {
  const events: StreamEvent[] = [];
  replayReply(replyWith(blocks), (event) => events.push(event));
  const folded = replyOf(streamOf(events, FOREIGN));
  const body = requireClient().encodeReply(folded, answerContext());
  return (JSON.parse(writeJson(body)) as { content: JsonObject[] }).content;
}

/** The block with its carrier opened, as far as it belongs to the block's own words. */
function opened(block: JsonObject): JsonObject {
  const field = block['type'] === 'thinking' ? 'signature' : 'data';
  const carrier = findString(block[field]);
  if (carrier === undefined) return block;
  const { issuer, family, kind, data } =
    readCarrier(carrier, findString(block['thinking']) ?? '') ?? stateOf('nobody', 'none');
  return { ...block, [field]: [issuer, family, kind, data] };
}

const NONE = Object.values(NO_STATE);
const CASES: readonly (readonly [string, readonly Block[], readonly object[]])[] = [
  [
    'words without state as holding none (C021)',
    [reasoning({ raw: 'hm' })],
    [{ type: 'thinking', thinking: 'hm', signature: NONE }],
  ],
  [
    'summaries as one text, with their state (C026, C041)',
    [reasoning({ summary: ['a', '', 'b'], opaque: ENCRYPTED })],
    [{ type: 'thinking', thinking: 'a\n\nb', signature: ['openai', 'f1', 'encrypted_content', 'zzz'] }],
  ],
  [
    'state without words as redacted (C033)',
    [reasoning({ opaque: ENCRYPTED })],
    [{ type: 'redacted_thinking', data: ['openai', 'f1', 'encrypted_content', 'zzz'] }],
  ],
  [
    'the state of a Claude behind another dialect wrapped as well',
    [reasoning({ raw: 'hm', opaque: SIGNATURE })],
    [{ type: 'thinking', thinking: 'hm', signature: ['anthropic', 'f1', 'signature', 'zzz'] }],
  ],
  ['nothing where there is neither', [reasoning({})], []],
  [
    'the state of a call in front of it',
    [call(), call({ id: 'c2', opaque: THOUGHT })],
    [
      { type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } },
      { type: 'redacted_thinking', data: ['gemini', 'f1', 'thoughtSignature', 'zzz'] },
      { type: 'tool_use', id: 'c2', name: 'f', input: { a: 1 } },
    ],
  ],
];

describe('anthropic-messages answers of other services', () => {
  it.each(CASES)('tell %s', (_what, blocks, content) => {
    expect(wholeContent(...blocks).map(opened)).toEqual(content);
    expect(streamedContent(...blocks).map(opened)).toEqual(content);
  });

  it('prove reasoning once, as the last thing of its block (C021)', () => {
    const text = streamOf(
      [
        { type: 'reply-start', id: '', model: 'm' },
        { type: 'block-start', index: 0, block: { kind: 'reasoning' } },
        { type: 'opaque', index: 0, opaque: stateOf('openai', 'encrypted_content', 'early') },
        { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'h' },
        { type: 'reasoning-delta', index: 0, form: 'summary', part: 0, text: 'told otherwise' },
        { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'm' },
        { type: 'opaque', index: 0, opaque: stateOf('openai', 'encrypted_content', 'late') },
        { type: 'block-end', index: 0 },
        { type: 'block-start', index: 1, block: { kind: 'text' } },
        { type: 'block-delta', index: 1, text: 'a' },
        { type: 'block-end', index: 1 },
        { type: 'reply-end', stop: { reason: 'stop' } },
      ],
      FOREIGN,
    );
    const types = [...text.matchAll(/"(?:content_block|delta)":\{"type":"(\w+)"/g)].map(([, type]) => type);
    expect(types).toEqual([
      'thinking',
      'thinking_delta',
      'thinking_delta',
      'signature_delta',
      'text',
      'text_delta',
    ]);
    const [, carrier = ''] = /"signature":"(px1\.[\w-]+)"/.exec(text) ?? [];
    expect(readCarrier(carrier, 'hm')?.data).toBe('late');
  });

  it('end with the text, not with the state that signs it: clients take the last block for the answer', () => {
    const signed = [textBlock('Hi'), reasoning({ opaque: THOUGHT })];
    expect(wholeContent(...signed)).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  it('number all blocks in a row, those of call state as well', () => {
    const events: StreamEvent[] = [];
    replayReply(replyWith([call({ opaque: THOUGHT })]), (event) => events.push(event));
    const text = streamOf(events, FOREIGN);
    const places = [...text.matchAll(/"type":"content_block_(start|delta|stop)","index":(\d)/g)];
    expect(places.map(([, type, index]) => `${type}${index}`)).toEqual([
      'start0',
      'stop0',
      'start1',
      'delta1',
      'stop1',
    ]);
  });
});
