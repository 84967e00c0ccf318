import { describe, expect, it } from 'vitest';
import { NO_STATE, readCarrier } from '../../../src/kernel/carrier.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import { findString, listOf } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import type { Block, Reply } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import {
  answerContext,
  callBlock,
  client,
  encodeEvents,
  encodeStreamed,
  replyWith,
  textBlock,
  wireEvents,
} from './support.ts';

const start: StreamEvent = { type: 'reply-start', id: 'u', model: 'm', createdAt: 1795800000 };
const begin: StreamEvent = { type: 'block-start', index: 0, block: { kind: 'reasoning' } };
const close: StreamEvent = { type: 'block-end', index: 0 };
const end: StreamEvent = { type: 'reply-end', stop: { reason: 'stop' } };
const thought = (form: 'raw' | 'summary', part: number, text: string): StreamEvent => ({
  type: 'reasoning-delta',
  index: 0,
  form,
  part,
  text,
});
const stateEvent = (opaque: OpaqueState): StreamEvent => ({ type: 'opaque', index: 0, opaque });
const encode = (...events: StreamEvent[]) => wireEvents(encodeEvents([start, begin, ...events, close, end]));
const outputOf = (reply: Reply): readonly JsonObject[] =>
  listOf(client.encodeReply(reply, answerContext())['output']) as readonly JsonObject[];
const thinking = (members: Partial<Extract<Block, { kind: 'reasoning' }>>): Block => ({
  kind: 'reasoning',
  raw: '',
  summary: [],
  ...members,
});

const signature: OpaqueState = { issuer: 'anthropic', family: 'claude', kind: 'signature', data: 'sig' };
const redacted: OpaqueState = { ...signature, kind: 'redacted', data: 'red' };
const encrypted: OpaqueState = { issuer: 'openai', family: '', kind: 'encrypted_content', data: 'gAAA' };
const thoughtSignature: OpaqueState = {
  issuer: 'gemini',
  family: 'gemini-3',
  kind: 'thoughtSignature',
  data: 'ts',
};

describe('openai-responses reasoning items', () => {
  it('tell reasoning as summary parts, and state in the finished item alone (C023)', () => {
    const events = encode(thought('summary', 0, 'One'), thought('summary', 1, 'Two'), stateEvent(signature));
    expect(events[2]?.['item']).toEqual({
      id: expect.stringMatching(/^rs_px/) as string,
      type: 'reasoning',
      summary: [],
      status: 'in_progress',
    });
    expect(events.slice(3, 11).map(({ type }) => type.replace('response.', ''))).toEqual([
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
    ]);
    expect(events.at(-2)).toMatchObject({
      type: 'response.output_item.done',
      item: {
        summary: [{ type: 'summary_text', text: 'One' }, { text: 'Two' }],
        encrypted_content: expect.stringMatching(/^px1\./) as string,
      },
    });
  });

  it("tell the model's own words as a summary too, because that is what clients show", () => {
    const events = encode(thought('raw', 0, 'Hm, '), thought('raw', 0, 'yes.'), end);
    expect(events.at(-1)?.['response']).toMatchObject({
      output: [{ summary: [{ text: 'Hm, yes.' }], content: [{ type: 'reasoning_text', text: 'Hm, yes.' }] }],
    });
  });

  it('stand between messages where reasoning and text alternate (C039)', () => {
    const blocks = [
      thinking({ summary: ['a'] }),
      textBlock('b'),
      thinking({ summary: ['c'] }),
      textBlock('d'),
    ];
    expect(outputOf(replyWith(blocks)).map((item) => item['type'])).toEqual([
      'reasoning',
      'message',
      'reasoning',
      'message',
    ]);
  });

  it.each<[string, Block, string, OpaqueState]>([
    ['a signature (C025)', thinking({ raw: 'Hm.', opaque: signature }), 'Hm.', signature],
    ['state alone (C034)', thinking({ opaque: redacted }), '', redacted],
    ['state beside two parts', thinking({ summary: ['a', 'b'], opaque: encrypted }), 'a\n\nb', encrypted],
    ['words without state', thinking({ raw: 'Hm.' }), 'Hm.', NO_STATE],
  ])('carry %s, bound to the words', (_name, block, text, state) => {
    const [item] = outputOf(replyWith([block]));
    expect(readCarrier(findString(item?.['encrypted_content']) ?? '', text)).toEqual(state);
  });

  it.each<[string, Block, OpaqueState | undefined]>([
    ['the state of its own service as it is', thinking({ summary: ['a'], opaque: encrypted }), encrypted],
    ['words without state', thinking({ summary: ['a'] }), undefined],
  ])('tell a client of the service itself %s', (_name, block, state) => {
    const reply = client.encodeReply(replyWith([block]), answerContext(undefined, { native: true }));
    const [item] = listOf(reply['output']) as readonly JsonObject[];
    expect(item?.['encrypted_content']).toBe(state?.data);
  });

  it.each<[string, Block, boolean]>([
    ['words nor state', thinking({}), false],
    ['words, nor state of its own service', thinking({ opaque: signature }), true],
  ])('are not told when there are neither %s', (_name, block, native) => {
    const context = answerContext(undefined, { native });
    expect(client.encodeReply(replyWith([block, textBlock('x')]), context)['output']).toMatchObject([
      { type: 'message' },
    ]);
  });

  it('carry the state of a call directly in front of it', () => {
    const call: Block = { ...callBlock('c', '{}'), opaque: thoughtSignature } as Block;
    const [state, item, ...others] = outputOf(replyWith([call, callBlock('d', '{}')]));
    expect(state).toMatchObject({ type: 'reasoning', summary: [], status: 'completed' });
    expect(readCarrier(findString(state?.['encrypted_content']) ?? '', '')).toEqual(thoughtSignature);
    expect([item, ...others]).toMatchObject([{ call_id: 'c' }, { call_id: 'd' }]);
  });

  it('take no word of a call for its state towards a client of the service itself', () => {
    const call: Block = { ...callBlock('c', '{}'), opaque: thoughtSignature } as Block;
    const context = answerContext(undefined, { native: true });
    expect(client.encodeReply(replyWith([call]), context)['output']).toMatchObject([{ call_id: 'c' }]);
  });

  it('bring everything back when a client sends them with its next request (C025, C034)', () => {
    const call: Block = { ...callBlock('c', '{}'), opaque: thoughtSignature } as Block;
    const blocks = [
      thinking({ raw: 'Hm.', opaque: signature }),
      thinking({ opaque: redacted }),
      thinking({ summary: ['a', 'b'], opaque: encrypted }),
      call,
    ];
    const events = encodeStreamed(replyWith(blocks));
    const input = events.flatMap((event) =>
      event.type === 'response.output_item.done' ? [event['item'] ?? null] : [],
    );
    const [turn] = client.decodeRequest({ model: 'm', input }, createLossLog()).turns;
    expect(turn).toMatchObject({
      role: 'assistant',
      parts: [
        { kind: 'reasoning', raw: 'Hm.', opaque: signature },
        { kind: 'reasoning', opaque: redacted },
        { kind: 'reasoning', summary: ['a', 'b'], opaque: encrypted },
        { kind: 'tool-call', id: 'c', opaque: thoughtSignature },
      ],
    });
  });
});
