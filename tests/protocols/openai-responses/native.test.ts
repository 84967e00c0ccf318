import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { parseJson, writeJson } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { replayReply } from '../../../src/kernel/replay-reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { readFixture } from '../../support/read-fixture.ts';
import {
  added,
  answerContext,
  client,
  completed,
  done,
  encodeEvents,
  eventsOf,
  eventsOfBody,
  eventsOfText,
  response,
  replyOf,
  textDelta,
  wireEvents,
} from './support.ts';

const native = () => answerContext(undefined, { native: true });
const FIXTURES = [
  ...['citations', 'content-filter', 'custom-tool', 'max-tokens', 'parallel-tools', 'raw-reasoning'],
  ...['reasoning', 'reasoning-tool', 'refusal', 'text', 'tool-call'],
];
const bodyText = (name: string): string => readFixture(`openai-responses/${name}.2026-11.json`);

const citation = { type: 'file_citation', file_id: 'file_1', filename: 'a.pdf', index: 2 };
const message: JsonObject = {
  type: 'message',
  id: 'msg_theirs',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Hi', annotations: [citation] }],
};
const echoed = { store: true, metadata: { a: 'b' }, service_tier: 'flex' };
const body = response({ ...echoed, output: [message], usage: { input_tokens: 1, output_tokens: 2 } });

describe('an openai-responses stream for a client of the same dialect that wants one body', () => {
  it.each(FIXTURES)('gives the response object of %s as it is', (name) => {
    const events = eventsOfText(readFixture(`openai-responses/${name}.2026-11.sse`));
    const told = client.encodeReply(collectReply(events), native());
    expect(writeJson(told)).toBe(writeJson(parseJson(bodyText(name))));
  });

  it('fills in the items that were streamed and left out at the end', () => {
    const reply = replyOf(
      added(0, { ...message, content: [] }),
      textDelta(0, 'Hi'),
      done(0, message),
      completed(),
    );
    expect(client.encodeReply(reply, native())).toEqual(response({ output: [message] }));
  });

  it('fills in what was streamed of items that were never done', () => {
    const told = client.encodeReply(replyOf(textDelta(0, 'Hi'), completed()), native());
    expect(told).toMatchObject({ ...response(), output: [{ content: [{ text: 'Hi' }] }] });
  });

  it('keeps the object when the answer is replayed', () => {
    const reply = collectReply(eventsOfBody(body));
    const events: StreamEvent[] = [];
    replayReply(reply, (event) => events.push(event));
    expect(collectReply(events)).toEqual(reply);
    expect(reply.native).toBe(body);
  });

  it('leaves an answer without items as it is', () => {
    expect(client.encodeReply(replyOf(completed()), native())).toEqual(response());
  });

  it.each([
    ['the end is no response object', { type: 'response.completed', response: {} }, native()],
    ["the answer is another dialect's", { type: 'response.completed', response: body }, answerContext()],
  ])('writes its own when %s', (_name, end, context) => {
    expect(client.encodeReply(replyOf(end), context)).toMatchObject({
      id: expect.stringMatching(/^resp_\w{24}$/) as string,
      model: 'asked-model',
      status: 'completed',
    });
  });
});

describe('an openai-responses body for a client of the same dialect that wants a stream', () => {
  const streamOf = (value: JsonObject) => wireEvents(encodeEvents(eventsOfBody(value), native()));

  it.each(FIXTURES)('reads %s back as it was', (name) => {
    const events = eventsOfBody(parseJson(bodyText(name)));
    expect(collectReply(eventsOfText(encodeEvents(events, native())))).toEqual(collectReply(events));
  });

  it('begins with the response of its service, still without output', () => {
    const begun = {
      ...echoed,
      id: 'resp_1',
      model: 'gpt-5.5',
      status: 'in_progress',
      output: [],
      usage: null,
    };
    expect(streamOf(body).slice(0, 2)).toMatchObject([
      { type: 'response.created', sequence_number: 0, response: begun },
      { type: 'response.in_progress', sequence_number: 1, response: begun },
    ]);
  });

  it('ends with the body, to the last digit', () => {
    const exact = { ...body, mood: parseJson('12345678901234567890') };
    const text = encodeEvents(eventsOfBody(exact), native());
    expect(text.split('\n\n').at(-2)).toContain(`"response":${writeJson(exact)}`);
  });

  it('tells every kind of annotation', () => {
    const place = { item_id: 'msg_theirs', output_index: 0, content_index: 0 };
    const part = { type: 'output_text', text: 'Hi', annotations: [citation] };
    expect(streamOf(body).slice(2, -1)).toEqual([
      {
        type: 'response.output_item.added',
        sequence_number: 2,
        output_index: 0,
        item: { ...message, status: 'in_progress', content: [] },
      },
      {
        type: 'response.content_part.added',
        sequence_number: 3,
        ...place,
        part: { type: 'output_text', text: '', annotations: [], logprobs: [] },
      },
      { type: 'response.output_text.delta', sequence_number: 4, ...place, delta: 'Hi', logprobs: [] },
      {
        type: 'response.output_text.annotation.added',
        sequence_number: 5,
        ...place,
        annotation_index: 0,
        annotation: citation,
      },
      { type: 'response.output_text.done', sequence_number: 6, ...place, text: 'Hi', logprobs: [] },
      { type: 'response.content_part.done', sequence_number: 7, ...place, part },
      { type: 'response.output_item.done', sequence_number: 8, output_index: 0, item: message },
    ]);
  });

  it('tells items, parts and members that it does not know whole', () => {
    const unknown = { type: 'brain_wave', id: 'bw_1' };
    const odd = { type: 'message', content: [{ type: 'hologram', data: 'x' }, 3] };
    const empty = { type: 'function_call', name: 'f', arguments: '' };
    const thought = { type: 'reasoning', summary: [null] };
    const output = [unknown, null, odd, thought, empty];
    const told = streamOf(response({ output })).filter(({ type }) => type === 'response.output_item.done');
    expect(told.map(({ item }) => item)).toEqual([unknown, odd, thought, empty]);
  });

  it('says how an answer that was cut short ended', () => {
    const cut = response({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [message],
    });
    expect(streamOf(cut).at(-1)).toMatchObject({ type: 'response.incomplete', response: cut });
  });

  it('says nothing more after the end', () => {
    const events = eventsOfBody(body);
    expect(encodeEvents([...events, ...events], native())).toBe(encodeEvents(events, native()));
  });

  it.each([
    ['a failure', [{ type: 'error', error: new GatewayError('server', 'no') } as const], 'response.failed'],
    [
      'an answer without a response object',
      [{ type: 'reply-end', stop: { reason: 'stop' } } as const],
      'response.completed',
    ],
  ])('tells %s in its own words', (_name, end, type) => {
    const begun = eventsOf(textDelta(0, 'Hi')).filter((event) => event.type !== 'error');
    const told = wireEvents(encodeEvents([...begun, ...end], native()));
    expect(told.at(-1)).toMatchObject({ type, response: { model: 'asked-model' } });
    expect(told.map((event) => event.type)).toContain('response.output_item.added');
  });
});
