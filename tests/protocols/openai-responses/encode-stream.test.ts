import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { grammaticalEvents } from '../../support/arbitrary-events.ts';
import {
  answerContext,
  callBlock,
  client,
  encodeEvents,
  encodeStreamed,
  eventsOfText,
  replyWith,
  textBlock,
  wireEvents,
} from './support.ts';
import type { WireEvent } from './support.ts';

const typesOf = (events: readonly WireEvent[]) => events.map(({ type }) => type.replace('response.', ''));
const start: StreamEvent = { type: 'reply-start', id: 'u', model: 'm', createdAt: 1795800000 };
const end: StreamEvent = { type: 'reply-end', stop: { reason: 'stop' } };
const open = (index: number, block: Extract<StreamEvent, { type: 'block-start' }>['block']): StreamEvent => ({
  type: 'block-start',
  index,
  block,
});
const delta = (index: number, text: string): StreamEvent => ({ type: 'block-delta', index, text });
const close = (index: number): StreamEvent => ({ type: 'block-end', index });
const call = (id: string) => ({ kind: 'tool-call', id, callKind: 'function', name: 'get_weather' }) as const;
const encode = (...events: StreamEvent[]) => wireEvents(encodeEvents([start, ...events]));
const lastResponse = (events: readonly WireEvent[]) => events.at(-1)?.['response'];

describe('openai-responses stream encoder', () => {
  it('tells text in the order that clients need', () => {
    expect(typesOf(encodeStreamed(replyWith([textBlock('Grüezi')])))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
  });

  it('names the event as its type does, and numbers all of them from 0', () => {
    const text = encodeEvents([start, open(0, { kind: 'text' }), delta(0, 'a\nb'), close(0), end]);
    const names = text.match(/^event: .*$/gm)?.map((line) => line.slice('event: '.length));
    const events = wireEvents(text);
    expect(names).toEqual(events.map(({ type }) => type));
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
  });

  it('writes each delta at once', () => {
    const encoder = client.createStreamEncoder(answerContext());
    encoder.push(start);
    encoder.push(open(0, { kind: 'text' }));
    encoder.push(delta(0, 'a'));
    const [event] = wireEvents(encoder.push(delta(0, 'b')));
    expect(event).toEqual({
      type: 'response.output_text.delta',
      sequence_number: 5,
      item_id: expect.stringMatching(/^msg_px\w{24}$/) as string,
      output_index: 0,
      content_index: 0,
      delta: 'b',
      logprobs: [],
    });
  });

  it('gives neighbouring texts and refusals one message with a part each', () => {
    const events = encodeStreamed(
      replyWith([textBlock('a'), textBlock('b'), { kind: 'refusal', text: 'c' }]),
    );
    expect(lastResponse(events)).toMatchObject({
      output: [
        {
          type: 'message',
          status: 'completed',
          content: [
            { type: 'output_text', text: 'a' },
            { type: 'output_text', text: 'b' },
            { type: 'refusal', refusal: 'c' },
          ],
        },
      ],
    });
    expect(events.filter((event) => 'delta' in event).map((event) => event['content_index'])).toEqual([
      0, 1, 2,
    ]);
  });

  it('keeps texts of different phases in messages of their own', () => {
    const note = { kind: 'text', text: 'a', annotations: [], phase: 'commentary' } as const;
    const answer = { kind: 'text', text: 'b', annotations: [], phase: 'final_answer' } as const;
    expect(lastResponse(encodeStreamed(replyWith([note, answer])))).toMatchObject({
      output: [{ phase: 'commentary' }, { phase: 'final_answer' }],
    });
  });

  it('tells no message for a text without words', () => {
    expect(lastResponse(encode(open(0, { kind: 'text' }), close(0), end))).toMatchObject({ output: [] });
  });

  it('tells citations with every member, over the text so far when they have no offsets', () => {
    const events = encode(
      open(0, { kind: 'text' }),
      delta(0, 'Zürich'),
      { type: 'annotation', index: 0, annotation: { kind: 'url', url: 'https://example.com/' } },
      close(0),
      end,
    );
    const annotation = {
      type: 'url_citation',
      url: 'https://example.com/',
      title: '',
      start_index: 0,
      end_index: 6,
    };
    expect(events).toContainEqual(expect.objectContaining({ annotation_index: 0, annotation }));
    expect(lastResponse(events)).toMatchObject({ output: [{ content: [{ annotations: [annotation] }] }] });
  });

  it('tells two calls one after the other, both in the final output (C056)', () => {
    const events = encodeStreamed(replyWith([callBlock('call_1', '{"a":1}'), callBlock('call_2', '')]));
    expect(typesOf(events).slice(2, -1)).toEqual([
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ]);
    expect(lastResponse(events)).toMatchObject({
      output: [
        {
          type: 'function_call',
          call_id: 'call_1',
          name: 'get_weather',
          arguments: '{"a":1}',
          status: 'completed',
        },
        { type: 'function_call', call_id: 'call_2', arguments: '{}', status: 'completed' },
      ],
    });
  });

  it('holds a call back that overlaps another, and streams the first live (C046)', () => {
    const encoder = client.createStreamEncoder(answerContext());
    const steps = [
      start,
      open(0, call('call_1')),
      open(1, call('call_2')),
      delta(1, '{"b"'),
      delta(0, '{"a":1}'),
      open(2, { kind: 'text' }),
      close(0),
      delta(1, ':2}'),
      delta(2, 'late'),
      close(1),
      close(2),
      end,
    ].map((event) => typesOf(wireEvents(encoder.push(event))));
    expect(steps.slice(1, 9)).toEqual([
      ['output_item.added'],
      [],
      [],
      ['function_call_arguments.delta'],
      [],
      [
        'function_call_arguments.done',
        'output_item.done',
        'output_item.added',
        'function_call_arguments.delta',
      ],
      ['function_call_arguments.delta'],
      [],
    ]);
  });

  it('keeps the namespace of a call, and the free text of a custom tool', () => {
    const events = encode(
      open(0, { ...call('call_1'), namespace: 'clock' }),
      close(0),
      open(1, { kind: 'tool-call', id: 'call_2', callKind: 'custom', name: 'apply_patch' }),
      delta(1, '*** Begin'),
      close(1),
      end,
    );
    expect(lastResponse(events)).toMatchObject({
      output: [
        { id: expect.stringMatching(/^fc_px/) as string, namespace: 'clock' },
        { id: expect.stringMatching(/^ctc_px/) as string, type: 'custom_tool_call', input: '*** Begin' },
      ],
    });
    expect(typesOf(events)).toContain('custom_tool_call_input.done');
  });

  it('tells a hosted item of this dialect as it was, and none of another', () => {
    const raw = { id: 'ws_1', type: 'web_search_call', status: 'completed' };
    const events = encodeStreamed(
      replyWith([
        { kind: 'hosted', protocol: 'openai-responses', raw },
        { kind: 'hosted', protocol: 'anthropic-messages', raw: { type: 'server_tool_use' } },
        textBlock('x'),
      ]),
    );
    expect(lastResponse(events)).toMatchObject({ output: [raw, { type: 'message' }] });
  });

  it('says the same again when it is decoded', () => {
    const events = [start, open(0, call('call_1')), delta(0, '{"n":12345678901234567890}'), close(0), end];
    expect(collectReply(eventsOfText(encodeEvents(events))).blocks).toEqual(collectReply(events).blocks);
  });

  it('ends every stream once, whatever comes, and with all items it has told', () => {
    fc.assert(
      fc.property(grammaticalEvents, (events) => {
        const told = wireEvents(
          encodeEvents([...events, end, { type: 'error', error: new GatewayError('server', 'x') }]),
        );
        const items = told
          .filter(({ type }) => type === 'response.output_item.done')
          .map((event) => event['item']);
        const opened = told.filter(({ type }) => type === 'response.output_item.added');
        expect(typesOf(told).filter((type) => /^(?:completed|incomplete|failed)$/.test(type))).toHaveLength(
          1,
        );
        expect(lastResponse(told)).toMatchObject({ output: items });
        expect(opened.map((event) => event['output_index'])).toEqual(items.map((_item, index) => index));
      }),
    );
  });
});
