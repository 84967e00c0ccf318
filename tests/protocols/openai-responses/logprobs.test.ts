import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { TokenLogprob } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import {
  answerContext,
  ask,
  client,
  completed,
  encodeEvents,
  eventsOfBody,
  eventsOfText,
  replyOf,
  replyWith,
  response,
  textDelta,
  wireEvents,
} from './support.ts';

const asked = answerContext(ask({ logprobs: { top: 1 } }));
const hi: TokenLogprob = {
  token: 'Hi',
  logprob: -0.25,
  bytes: [72, 105],
  top: [{ token: 'Ho', logprob: -2, bytes: [72, 111] }],
};
const dot: TokenLogprob = { token: '.', logprob: -0.5, bytes: [46], top: [] };
const wire = ({ token, logprob, bytes = [], top }: TokenLogprob): JsonObject => ({
  token,
  logprob,
  bytes,
  top_logprobs: top.map((rival) => ({ ...rival })),
});
const events: readonly StreamEvent[] = [
  { type: 'reply-start', id: 'u', model: 'm', createdAt: 1795800000 },
  { type: 'block-start', index: 0, block: { kind: 'text' } },
  { type: 'block-delta', index: 0, text: 'Hi' },
  { type: 'logprobs', index: 0, tokens: [hi] },
  { type: 'block-delta', index: 0, text: '.' },
  { type: 'logprobs', index: 0, tokens: [dot] },
  { type: 'block-delta', index: 0, text: ' Bye' },
  { type: 'block-end', index: 0 },
  { type: 'reply-end', stop: { reason: 'stop' } },
];

describe('the probabilities that an openai-responses client asked for', () => {
  it('stand beside their text, in the finished text and in the item', () => {
    const told = wireEvents(encodeEvents(events, asked));
    expect(told.slice(4, 9)).toMatchObject([
      { type: 'response.output_text.delta', delta: 'Hi', logprobs: [wire(hi)] },
      { type: 'response.output_text.delta', delta: '.', logprobs: [wire(dot)] },
      { type: 'response.output_text.delta', delta: ' Bye', logprobs: [] },
      { type: 'response.output_text.done', text: 'Hi. Bye', logprobs: [wire(hi), wire(dot)] },
      { type: 'response.content_part.done', part: { logprobs: [wire(hi), wire(dot)] } },
    ]);
  });

  it('are read back as they were told', () => {
    expect(collectReply(eventsOfText(encodeEvents(events, asked))).blocks).toEqual([
      { kind: 'text', text: 'Hi. Bye', annotations: [], logprobs: [hi, dot] },
    ]);
  });

  it('are kept from a client that did not ask', () => {
    expect(encodeEvents(events, answerContext(ask()))).not.toContain('-0.25');
  });

  it('are written with the bytes of their text where these are not known', () => {
    const block = {
      kind: 'text',
      text: 'ü',
      annotations: [],
      logprobs: [{ token: 'ü', logprob: -1, top: [] }],
    } as const;
    expect(client.encodeReply(replyWith([block]), asked)['output']).toMatchObject([
      { content: [{ logprobs: [{ token: 'ü', bytes: [195, 188], top_logprobs: [] }] }] },
    ]);
  });

  it('do not hold back the text in front of a citation', () => {
    const told = wireEvents(
      encodeEvents(
        [
          ...events.slice(0, 3),
          { type: 'annotation', index: 0, annotation: { kind: 'url', url: 'https://example.com/' } },
        ],
        asked,
      ),
    );
    expect(told.slice(-2)).toMatchObject([
      { type: 'response.output_text.delta', delta: 'Hi' },
      { type: 'response.output_text.annotation.added' },
    ]);
  });
});

describe('probabilities in an openai-responses stream', () => {
  const message = (logprobs: readonly JsonObject[]): JsonObject => ({
    type: 'message',
    content: [{ type: 'output_text', text: 'Hi.', annotations: [], logprobs }],
  });

  it.each<[string, JsonObject[]]>([
    [
      'pieces',
      [
        { ...textDelta(0, 'Hi'), logprobs: [wire(hi)] },
        { ...textDelta(0, '.'), logprobs: [wire(dot)] },
      ],
    ],
    ['a first piece alone', [{ ...textDelta(0, 'Hi'), logprobs: [wire(hi)] }]],
    ['the finished item alone', []],
  ])('are told once, when they come with %s', (_name, pieces) => {
    expect(replyOf(...pieces, completed(message([wire(hi), wire(dot)]))).blocks).toMatchObject([
      { text: 'Hi.', logprobs: [hi, dot] },
    ]);
  });

  it('are the same in a whole body', () => {
    const body = response({ output: [message([wire(hi), wire(dot)])] });
    expect(collectReply(eventsOfBody(body)).blocks).toMatchObject([{ logprobs: [hi, dot] }]);
  });

  it('are left out where they are none', () => {
    const logprobs: JsonObject[] = [{ token: 'x' }, { logprob: -1 }, wire({ ...dot, bytes: [] })];
    const [block] = replyOf(completed(message(logprobs))).blocks;
    expect(block).toMatchObject({ logprobs: [{ token: '.', logprob: -0.5, top: [] }] });
  });

  it('are rounded where they have more digits than anyone needs', () => {
    const data = JSON.stringify({
      type: 'response.completed',
      response: response({ output: [message([])] }),
    });
    const exact = data.replace(
      '"logprobs":[]',
      '"logprobs":[{"token":"x","logprob":-0.00001234567890123456789}]',
    );
    expect(collectReply(eventsOfText(`data: ${exact}\n\n`)).blocks).toMatchObject([
      { logprobs: [{ logprob: -0.000012345678901234568 }] },
    ]);
  });
});
