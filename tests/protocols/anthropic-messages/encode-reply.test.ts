import { describe, expect, it } from 'vitest';
import { writeJson } from '../../../src/kernel/json.ts';
import { replayReply } from '../../../src/kernel/replay-reply.ts';
import type { Block, Reply, StopReason } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { answerContext, replyOf, requireClient, streamOf } from './setup.ts';

const replyWith = (fields: Partial<Reply>): Reply => ({
  id: 'chatcmpl-1',
  model: 'upstream-model',
  blocks: [],
  stop: { reason: 'stop' },
  ...fields,
});
const bodyOf = (fields: Partial<Reply>): Readonly<Record<string, unknown>> =>
  JSON.parse(writeJson(requireClient().encodeReply(replyWith(fields), answerContext()))) as Record<
    string,
    unknown
  >;
const contentOf = (...blocks: readonly Block[]): unknown => bodyOf({ blocks })['content'];

/** The same answer told as a stream and read back. */
function contentOfStream(...blocks: readonly Block[]): unknown {
  const events: StreamEvent[] = [];
  replayReply(replyWith({ blocks }), (event) => events.push(event));
  const folded = replyOf(streamOf(events));
  return JSON.parse(writeJson(requireClient().encodeReply(folded, answerContext())['content'] ?? null));
}

const call = (args: string): Block => ({
  kind: 'tool-call',
  id: 'call_1',
  callKind: 'function',
  name: 'f',
  args,
});
const toolUse = (input: unknown): object => ({ type: 'tool_use', id: 'call_1', name: 'f', input });
const thinking = (fields: Partial<Extract<Block, { kind: 'reasoning' }>>): Block => ({
  kind: 'reasoning',
  raw: '',
  summary: [],
  ...fields,
});
const state = (kind: 'signature' | 'redacted', issuer = 'anthropic') => ({
  opaque: { issuer, family: '', kind, data: 'zzz' },
});

const BLOCKS: readonly (readonly [string, Block, readonly object[]])[] = [
  ['text', { kind: 'text', text: 'Grüezi 🎉', annotations: [] }, [{ type: 'text', text: 'Grüezi 🎉' }]],
  ['no text', { kind: 'text', text: '', annotations: [] }, []],
  ['a refusal as text (C037)', { kind: 'refusal', text: 'no' }, [{ type: 'text', text: 'no' }]],
  ['a call', call('{"a":1}'), [toolUse({ a: 1 })]],
  ['a call without arguments', call(''), [toolUse({})]],
  [
    'a namespace as part of the name',
    { ...call('{}'), namespace: 'ns' } as Block,
    [{ ...toolUse({}), name: 'ns__f' }],
  ],
  ['raw reasoning, unsigned', thinking({ raw: 'hm' }), [{ type: 'thinking', thinking: 'hm', signature: '' }]],
  [
    'summaries with a blank line between (C041)',
    thinking({ summary: ['a', '', 'b'] }),
    [{ type: 'thinking', thinking: 'a\n\nb', signature: '' }],
  ],
  [
    'reasoning that comes twice, once',
    thinking({ summary: ['a'], raw: 'b' }),
    [{ type: 'thinking', thinking: 'a', signature: '' }],
  ],
  [
    'signed reasoning',
    thinking({ raw: 'hm', ...state('signature') }),
    [{ type: 'thinking', thinking: 'hm', signature: 'zzz' }],
  ],
  [
    'signed reasoning that is not shown',
    thinking(state('signature')),
    [{ type: 'thinking', thinking: '', signature: 'zzz' }],
  ],
  ['redacted reasoning', thinking(state('redacted')), [{ type: 'redacted_thinking', data: 'zzz' }]],
  [
    'state of a vendor that speaks the dialect',
    thinking({ raw: 'hm', ...state('signature', 'vendor') }),
    [{ type: 'thinking', thinking: 'hm', signature: 'zzz' }],
  ],
  ['no reasoning that says nothing', thinking({ summary: [''] }), []],
  [
    'a hosted block of its own',
    { kind: 'hosted', protocol: 'anthropic-messages', raw: { type: 'server_tool_use', id: 's' } },
    [{ type: 'server_tool_use', id: 's' }],
  ],
  ['no hosted block of others', { kind: 'hosted', protocol: 'openai-responses', raw: { type: 'x' } }, []],
];

describe('anthropic-messages answer blocks', () => {
  it.each(BLOCKS)('tell %s, in one body as in a stream', (_what, block, content) => {
    expect(contentOf(block)).toEqual(content);
    expect(contentOfStream(block)).toEqual(content);
  });

  it.each<[string, object]>([
    ['[1]', { _raw: '[1]' }],
    ['"word"', { _raw: '"word"' }],
    ['a word', { _raw: 'a word' }],
    ['null', {}],
    ['[]', {}],
    [' \n', {}],
    ['""', {}],
    ['"{\\"x\\":1}"', { x: 1 }],
    [' {"x":1} ', { x: 1 }],
  ])('make an object of the arguments %j, in one body as in a stream', (args, input) => {
    expect(contentOf(call(args))).toEqual([toolUse(input)]);
    expect(contentOfStream(call(args))).toEqual([toolUse(input)]);
  });

  it('wrap arguments that were cut', () => {
    expect(contentOf(call('{"a":'))).toEqual([toolUse({ _raw: '{"a":' })]);
  });

  it('keep every digit of arguments (C073)', () => {
    const reply = replyWith({ blocks: [call('{"id":1234567890123456789,"__proto__":1}')] });
    const text = writeJson(requireClient().encodeReply(reply, answerContext()));
    expect(text).toContain('"input":{"id":1234567890123456789,"__proto__":1}');
  });
});

describe('anthropic-messages answers', () => {
  it('carry the model that the client asked for, an id and an estimate of the input (C127)', () => {
    expect(bodyOf({})).toEqual({
      id: expect.stringMatching(/^msg_\w{24}$/) as string,
      type: 'message',
      role: 'assistant',
      model: 'alias',
      content: [],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 7,
        output_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
      },
    });
  });

  it('tell what was used as soon as that is known (C122, C123)', () => {
    const usage = {
      inputTokens: 125,
      cacheReadTokens: 100,
      cacheWriteTokens: 20,
      outputTokens: 9,
      reasoningTokens: 4,
    };
    expect(bodyOf({ usage })['usage']).toEqual({
      input_tokens: 5,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 4 },
    });
  });

  it("keep a stop word of the dialect's own", () => {
    expect(bodyOf({ stop: { reason: 'pause', raw: 'compaction' } })['stop_reason']).toBe('compaction');
    expect(bodyOf({ stop: { reason: 'tool-calls', raw: 'end_turn' } })['stop_reason']).toBe('tool_use');
  });

  it("keep an id of Anthropic's own", () => {
    expect(bodyOf({ id: 'msg_01' })['id']).toBe('msg_01');
  });

  it.each<[StopReason, string]>([
    ['stop', 'end_turn'],
    ['stop-sequence', 'stop_sequence'],
    ['tool-calls', 'tool_use'],
    ['length', 'max_tokens'],
    ['context', 'model_context_window_exceeded'],
    ['content-filter', 'refusal'],
    ['refusal', 'refusal'],
    ['pause', 'max_tokens'],
  ])('say %s as %s', (reason, word) => {
    expect(bodyOf({ stop: { reason, raw: 'foreign' } })['stop_reason']).toBe(word);
  });

  it('tell the sequence that matched, and only then (C097)', () => {
    expect(bodyOf({ stop: { reason: 'stop-sequence', sequence: 'END' } })['stop_sequence']).toBe('END');
    expect(bodyOf({ stop: { reason: 'stop', sequence: 'END' } })['stop_sequence']).toBeNull();
  });

  it.each([
    [{ reason: 'refusal', explanation: 'no way' }, 'no way'],
    [{ reason: 'content-filter' }, null],
  ] as const)('explain %j (C038)', (stop, explanation) => {
    expect(bodyOf({ stop })['stop_details']).toEqual({ type: 'refusal', category: null, explanation });
  });
});
