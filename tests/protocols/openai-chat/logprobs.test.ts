import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { Reply, TokenLogprob } from '../../../src/kernel/reply.ts';
import { replayReply } from '../../../src/kernel/replay-reply.ts';
import {
  answerContext,
  chunksOfText,
  client,
  delta,
  encodeEvents,
  eventsOf,
  eventsOfBody,
  replyOf,
} from './support.ts';

const wire = (token: string, logprob: number, top: JsonObject[] = []): JsonObject => ({
  token,
  logprob,
  bytes: null,
  top_logprobs: top,
});
const told = (token: string, logprob: number): TokenLogprob => ({ token, logprob, top: [] });
const weighed = (value: JsonObject, ...content: JsonObject[]): JsonObject => ({
  choices: [{ index: 0, delta: value, logprobs: { content, refusal: null }, finish_reason: null }],
});
const end = delta({}, 'stop');

describe('openai-chat logprobs of an upstream', () => {
  it('are kept with their text, with bytes and rivals', () => {
    const rival = { token: 'Hello', logprob: -2.5, bytes: [72] };
    const reply = replyOf(
      weighed({ content: 'Hi' }, { ...wire('Hi', -0.1, [rival]), bytes: [72, 105] }),
      weighed({ content: '!' }, wire('!', -0.2)),
      end,
    );
    expect(reply.blocks).toEqual([
      {
        kind: 'text',
        text: 'Hi!',
        annotations: [],
        logprobs: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top: [rival] }, told('!', -0.2)],
      },
    ]);
  });

  it('are read from a whole answer, however many digits they have', () => {
    const body = parseJson(
      '{"choices":[{"message":{"reasoning_content":"hm","content":"Hi","tool_calls":[{"id":"c","function":{"name":"f"}}]},' +
        '"logprobs":{"content":[{"token":"Hi","logprob":-0.00012345678901234567,"top_logprobs":[]}]},"finish_reason":"stop"}]}',
    );
    expect(collectReply(eventsOfBody(body)).blocks[1]).toMatchObject({
      logprobs: [told('Hi', -0.00012345678901234567)],
    });
  });

  it('wait for the text when the first token is a part of a character', () => {
    const reply = replyOf(
      weighed({ role: 'assistant', content: '' }),
      weighed({ content: '' }, wire('\\xf0', -0.1)),
      weighed({ content: '🎉' }, wire('🎉', -0.2)),
      end,
    );
    expect(reply.blocks).toMatchObject([{ logprobs: [told('\\xf0', -0.1), told('🎉', -0.2)] }]);
  });

  it('are not those of reasoning', () => {
    const reply = replyOf(
      weighed({ reasoning_content: 'hm' }, wire('hm', -0.3)),
      weighed({ content: 'Hi' }, wire('Hi', -0.1)),
      end,
    );
    expect(reply.blocks).toMatchObject([{ kind: 'reasoning' }, { logprobs: [told('Hi', -0.1)] }]);
  });

  it.each([
    ['no list', { content: 'x' }],
    ['entries without a token', { content: [{ logprob: -1 }, 5, null] }],
    ['entries without a number', { content: [{ token: 'a' }, { token: 'a', logprob: 'x' }] }],
    ['a refusal alone', { refusal: [wire('no', -1)] }],
    ['nothing', null],
  ])('are none for %s', (_what, logprobs) => {
    const chunk = { choices: [{ index: 0, delta: { content: 'a' }, logprobs }] };
    expect(eventsOf(chunk, end).filter(({ type }) => type === 'logprobs')).toEqual([]);
  });
});

describe('openai-chat logprobs for a client', () => {
  const tokens: TokenLogprob[] = [
    { token: 'Hi', logprob: -0.1, bytes: [72, 105], top: [{ token: 'Ho', logprob: -3 }] },
  ];
  const reply: Reply = {
    id: '',
    model: 'u',
    blocks: [
      { kind: 'text', text: 'Hi', annotations: [], logprobs: tokens },
      { kind: 'text', text: '!', annotations: [], logprobs: [told('!', -0.2)] },
    ],
    stop: { reason: 'stop' },
  };
  const asked = answerContext({ logprobs: { top: 1 } });
  const first = { ...wire('Hi', -0.1, [{ token: 'Ho', logprob: -3, bytes: null }]), bytes: [72, 105] };
  const stream = (context: typeof asked) => {
    let text = '';
    const encoder = client.createStreamEncoder(context);
    replayReply(reply, (event) => (text += encoder.push(event)));
    return chunksOfText(text);
  };

  it('stand in the choice of a whole answer', () => {
    expect(client.encodeReply(reply, asked)).toMatchObject({
      choices: [{ logprobs: { content: [first, wire('!', -0.2)], refusal: null } }],
    });
  });

  it('stand in a chunk of their own behind their text', () => {
    const choices = stream(asked).map((chunk) => (chunk as { choices?: unknown[] }).choices?.[0]);
    expect(choices.slice(1, 5)).toMatchObject([
      { delta: { content: 'Hi' }, logprobs: null },
      { delta: {}, logprobs: { content: [first], refusal: null }, finish_reason: null },
      { delta: { content: '!' }, logprobs: null },
      { delta: {}, logprobs: { content: [wire('!', -0.2)] } },
    ]);
  });

  it('are left out when nobody asked', () => {
    const silent = answerContext({});
    expect(JSON.stringify([stream(silent), client.encodeReply(reply, silent)])).not.toContain('top_logprobs');
  });

  it('are told whenever an upstream of the same dialect tells them', () => {
    const native = { ...answerContext(), native: true };
    expect(client.encodeReply(reply, native)).toMatchObject({
      choices: [{ logprobs: { content: [first, {}] } }],
    });
  });

  it('are null when there are none', () => {
    const empty = { ...reply, blocks: [] };
    expect(client.encodeReply(empty, asked)).toMatchObject({ choices: [{ logprobs: null }] });
    expect(encodeEvents([{ type: 'logprobs', index: 7, tokens }], asked)).toBe('');
  });
});
