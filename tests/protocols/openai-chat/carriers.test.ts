import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCarrier, NO_STATE } from '../../../src/kernel/carrier.ts';
import type { AnswerContext } from '../../../src/kernel/codec.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { replayReply } from '../../../src/kernel/replay-reply.ts';
import type { Block, Reply } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { answerContext, chunksOfText, client, decode, encodeEvents } from './support.ts';

const state = (data: string, kind: OpaqueState['kind'] = 'signature'): OpaqueState => ({
  issuer: 'anthropic',
  family: 'claude-5',
  kind,
  data,
});
const think = (raw: string, opaque?: OpaqueState, summary: string[] = []): Block => ({
  kind: 'reasoning',
  raw,
  summary,
  ...(opaque && { opaque }),
});
const text: Block = { kind: 'text', text: 'x', annotations: [] };
const call = (opaque?: OpaqueState): Block => ({
  kind: 'tool-call',
  id: 'c',
  callKind: 'function',
  name: 'f',
  args: '{}',
  ...(opaque && { opaque }),
});
const carried = (opaque: OpaqueState, words: string, index: number) => ({
  type: 'reasoning.encrypted',
  data: createCarrier(opaque, words),
  index,
});
const NATIVE: AnswerContext = { ...answerContext(), native: true };

const replyWith = (...blocks: Block[]): Reply => ({ id: '', model: 'u', blocks, stop: { reason: 'stop' } });
const messageOf = (reply: Reply, context = answerContext()) =>
  (client.encodeReply(reply, context)['choices'] as unknown as { message: JsonObject }[])[0]?.message ?? {};

/** The deltas of a stream that tells this answer. */
function deltasOf(reply: Reply, context = answerContext()): JsonObject[] {
  const events: StreamEvent[] = [];
  replayReply(reply, (event) => events.push(event));
  return chunksOfText(encodeEvents(events, context))
    .filter((chunk) => chunk !== '[DONE]')
    .map((chunk) => (chunk as { choices: { delta: JsonObject }[] }).choices[0]?.delta ?? {});
}

describe('openai-chat carriers of reasoning', () => {
  const [first, second] = [state('s1'), state('s2', 'encrypted_content')];

  it.each([
    ['one block', [think('a', first), text], [carried(first, 'a', 0)]],
    [
      'several, each with its own words',
      [think('a', first), text, think('', second, ['b', 'c']), text],
      [carried(first, 'a', 0), carried(second, 'b\n\nc', 1)],
    ],
    [
      'a block without words',
      [think('', state('r', 'redacted')), text],
      [carried(state('r', 'redacted'), '', 0)],
    ],
    ['the words that are shown, of two kinds', [think('raw', first, ['told'])], [carried(first, 'told', 0)]],
    [
      'only those that have a state',
      [think('a'), think('b', NO_STATE), think('c', first)],
      [carried(first, 'c', 0)],
    ],
  ])('hold %s, and stand once before the end (C024, C171)', (_what, blocks, details) => {
    const reply = replyWith(...blocks);
    expect(deltasOf(reply).slice(-2)).toEqual([{ reasoning_details: details }, {}]);
    expect(messageOf(reply)).toMatchObject({ reasoning_details: details });
  });

  it.each([
    ['words alone', [think('a'), text]],
    ['a carrier of nothing', [think('a', NO_STATE), text]],
    ['neither words nor state', [think(''), text]],
  ])('are not there for %s', (_what, blocks) => {
    const reply = replyWith(...blocks);
    expect(deltasOf(reply).filter((delta) => 'reasoning_details' in delta)).toEqual([]);
    expect(messageOf(reply)).not.toHaveProperty('reasoning_details');
  });

  it('say nothing of reasoning without words and state', () => {
    expect([deltasOf(replyWith(think(''))), messageOf(replyWith(think('')))]).toEqual([
      [{ role: 'assistant', content: '' }, {}],
      { role: 'assistant', content: '', refusal: null },
    ]);
  });

  it.each([
    ['a signature', first, { type: 'reasoning.text', text: 'a', signature: 's1', index: 0 }],
    ['encrypted reasoning', second, { type: 'reasoning.encrypted', data: 's2', index: 0 }],
  ])('are not needed for %s of the same dialect', (_what, opaque, detail) => {
    const reply = replyWith(think('a', opaque), text);
    expect(deltasOf(reply, NATIVE)).toContainEqual({ reasoning_details: [detail] });
    expect(messageOf(reply, NATIVE)).toMatchObject({ reasoning_details: [detail] });
  });

  it('come back as the blocks that they left as', () => {
    const blocks = [
      think('a\n\nb', first),
      think('', state('r', 'redacted')),
      think('plain'),
      think('c', state('s3')),
    ];
    const { request } = decode({ messages: [messageOf(replyWith(...blocks, text))] });
    expect(request.turns).toMatchObject([
      {
        parts: [
          { raw: 'a\n\nb', opaque: first },
          { opaque: state('r', 'redacted') },
          { raw: 'plain' },
          { raw: 'c', opaque: state('s3') },
          { kind: 'text' },
        ],
      },
    ]);
  });
});

describe('openai-chat carriers of any reasoning', () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'ü', '\n'), maxLength: 8 });

  it('come back as the blocks that they left as (C174)', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), (texts) => {
        const blocks = texts.map((raw, index) => think(raw, state(`s${index}`)));
        const { request } = decode({ messages: [messageOf(replyWith(...blocks, text))] });
        const parts = texts.map((raw, index) => ({
          kind: 'reasoning',
          ...(raw !== '' && { raw }),
          opaque: state(`s${index}`),
        }));
        expect(request.turns).toMatchObject([{ parts: [...parts, { kind: 'text', text: 'x' }] }]);
      }),
    );
  });
});

describe('openai-chat carriers on calls', () => {
  const opaque = state('sig', 'thoughtSignature');
  const reply = replyWith(call(opaque));
  const extra = (thought_signature: string) => ({ extra_content: { google: { thought_signature } } });

  it('stand on the first piece of the call', () => {
    const entries = deltasOf(reply).flatMap(({ tool_calls }) => tool_calls ?? []);
    expect(entries).toEqual([
      {
        index: 0,
        id: 'c',
        type: 'function',
        function: { name: 'f', arguments: '' },
        ...extra(createCarrier(opaque, '')),
      },
      { index: 0, function: { arguments: '{}' } },
    ]);
  });

  it('stand on the whole call, and come back with it', () => {
    const message = messageOf(reply);
    expect(message).toMatchObject({ tool_calls: [extra(createCarrier(opaque, ''))] });
    expect(decode({ messages: [message] }).request.turns).toMatchObject([{ parts: [{ id: 'c', opaque }] }]);
  });

  it('are not needed for the same dialect', () => {
    expect(messageOf(reply, NATIVE)).toMatchObject({ tool_calls: [extra('sig')] });
    expect(JSON.stringify(deltasOf(reply, NATIVE))).toContain('"thought_signature":"sig"');
  });

  it('are not there for a call without state', () => {
    expect(JSON.stringify([deltasOf(replyWith(call())), messageOf(replyWith(call()))])).not.toContain(
      'extra',
    );
  });
});
