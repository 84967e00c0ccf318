import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { findGrammarFault } from '../../support/grammar.ts';
import {
  added,
  argsDelta,
  completed,
  done,
  errorOf,
  eventsOf,
  eventsOfText,
  replyOf,
  response,
  textDelta,
  textOfEvents,
} from './support.ts';

const message = (text: string): JsonObject => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const call = (args: string, members: JsonObject = {}): JsonObject => ({
  type: 'function_call',
  call_id: 'call_1',
  name: 'f',
  arguments: args,
  ...members,
});
const callHead: JsonObject = { type: 'function_call', call_id: 'call_1', name: 'f' };
const customHead: JsonObject = { type: 'custom_tool_call', call_id: 'call_1', name: 'f' };
const text = (value: string) => ({ kind: 'text', text: value, annotations: [] });

describe('openai-responses stream decoder', () => {
  it('ignores events and members that it does not know (C012)', () => {
    const reply = replyOf(
      { type: 'response.brain_wave.delta', output_index: 0, delta: 'zzz' },
      { type: 'keepalive', sequence_number: 3 },
      { type: '__proto__', delta: 'x' },
      { ...textDelta(0, 'whole'), mood: 'calm' },
      completed(message('whole')),
    );
    expect(reply.blocks).toEqual([text('whole')]);
  });

  it('tells text as it comes', () => {
    const kinds = eventsOf(textDelta(0, 'a'), textDelta(0, 'b')).map((event) => event.type);
    expect(kinds).toEqual(['reply-start', 'block-start', 'block-delta', 'block-delta', 'error']);
  });

  it.each([
    [
      'its own final event',
      [{ type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1}' }],
    ],
    ['the finished item', []],
  ])('takes arguments that came without pieces from %s (C057)', (_name, events) => {
    const item = call('{"a":1}');
    const reply = replyOf(added(0, call('')), ...events, done(0, item), completed(item));
    expect(reply.blocks).toMatchObject([{ kind: 'tool-call', id: 'call_1', args: '{"a":1}' }]);
  });

  it('does not tell a value twice that came in pieces and whole (C058)', () => {
    const reply = replyOf(
      textDelta(0, 'Gr'),
      textDelta(0, 'üezi'),
      { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Grüezi' },
      done(0, message('Grüezi')),
      completed(message('Grüezi')),
    );
    expect(reply.blocks).toEqual([text('Grüezi')]);
  });

  it.each([
    ['adds what the pieces lacked', 'Grüezi mitenand', 'Grüezi mitenand'],
    ['keeps the pieces when the final value contradicts them', 'Hello', 'Grüezi'],
  ])('%s', (_name, final, expected) => {
    const reply = replyOf(textDelta(0, 'Grüezi'), done(0, message(final)), completed());
    expect(reply.blocks).toEqual([text(expected)]);
  });

  it('takes items that were never streamed from the response itself', () => {
    const reply = replyOf(textDelta(0, 'one'), completed(message('one'), call('{}')));
    expect(reply.blocks).toMatchObject([{ text: 'one' }, { kind: 'tool-call', args: '{}' }]);
  });

  it('takes the first of two final items under one index', () => {
    const reply = replyOf(
      done(0, message('first')),
      done(0, message('first, again')),
      completed(message('other')),
    );
    expect(reply.blocks).toEqual([text('first')]);
  });

  it('waits for the name of a call, and then tells its arguments whole', () => {
    const reply = replyOf(
      added(0, { type: 'function_call', call_id: 'call_1' }),
      argsDelta(0, '{"a"'),
      argsDelta(0, ':1}'),
      done(0, call('{"a":1}')),
      completed(),
    );
    expect(reply.blocks).toMatchObject([{ name: 'f', args: '{"a":1}' }]);
  });

  it('fails when a call never gets a name', () => {
    const events = eventsOf(done(0, { type: 'function_call', call_id: 'call_1', arguments: '{}' }));
    expect(errorOf(events)).toMatchObject({
      kind: 'bad-upstream',
      message: expect.stringContaining('name') as string,
    });
  });

  it('makes an id for a call that has none', () => {
    const item = { type: 'function_call', name: 'f', arguments: '{}' };
    expect(replyOf(done(0, item), completed()).blocks).toMatchObject([
      { id: expect.stringMatching(/^call_\w{24}$/) as string },
    ]);
  });

  it.each([
    ['call_id', { call_id: '', id: 'fc_7' }, 'fc_7'],
    ['both ids', { call_id: '', id: '' }, expect.stringMatching(/^call_\w{24}$/) as string],
  ])('takes the next best id for a call whose %s say nothing', (_name, ids, id) => {
    const item = { type: 'function_call', name: 'f', arguments: '{}', ...ids };
    expect(replyOf(done(0, item), completed()).blocks).toMatchObject([{ id }]);
  });

  it.each<[string, JsonObject[], string]>([
    ['a first piece', [added(0, call('{"a"')), argsDelta(0, ':1}')], '{"a":1}'],
    ['whole, and its pieces repeat it', [added(0, call('{"a":1}')), argsDelta(0, '{"a":1}')], '{"a":1}'],
    ['whole, and nothing else has them', [added(0, call('{"a":1}')), done(0, callHead)], '{"a":1}'],
    ['whole, and the end of the item has them', [added(0, call('{}')), done(0, call('{}'))], '{}'],
    [
      'free text',
      [added(0, { ...customHead, input: '{}' }), done(0, { ...customHead, input: '{}!' })],
      '{}!',
    ],
  ])('reads arguments in the head of a call: %s', (_name, events, args) => {
    expect(replyOf(...events, completed()).blocks).toMatchObject([{ kind: 'tool-call', args }]);
  });

  it('numbers the parts of a summary itself where the service does not', () => {
    const part = { type: 'response.reasoning_summary_part.added', output_index: 0 };
    const delta = { type: 'response.reasoning_summary_text.delta', output_index: 0 };
    const reply = replyOf(
      part,
      { ...delta, delta: 'One' },
      part,
      { ...delta, delta: 'Two' },
      { ...part, summary_index: 2 },
      { ...delta, delta: 'Three' },
      completed(),
    );
    expect(reply.blocks).toMatchObject([{ kind: 'reasoning', summary: ['One', 'Two', 'Three'] }]);
  });

  it('reads items in the order they come when their index is missing', () => {
    const reply = replyOf(
      { type: 'response.output_item.added', item: message('') },
      { type: 'response.output_text.delta', delta: 'one' },
      { type: 'response.output_item.done', item: message('one') },
      { type: 'response.output_item.added', item: call('') },
      { type: 'response.function_call_arguments.delta', delta: '{"a":1}' },
      { type: 'response.output_item.done', item: call('{"a":1}') },
      completed(),
    );
    expect(reply.blocks).toMatchObject([{ text: 'one' }, { args: '{"a":1}' }]);
  });

  it('closes a part when it is done, so that the next can stream', () => {
    const kinds = eventsOf(
      textDelta(0, 'one', 0),
      {
        type: 'response.content_part.done',
        output_index: 0,
        content_index: 0,
        part: { type: 'output_text', text: 'one' },
      },
      textDelta(0, 'two', 1),
    ).map((event) => event.type);
    expect(kinds.slice(1, 6)).toEqual([
      'block-start',
      'block-delta',
      'block-end',
      'block-start',
      'block-delta',
    ]);
  });

  it('tells an annotation once that came alone and in the finished part', () => {
    const annotation = {
      type: 'url_citation',
      url: 'https://example.com/',
      title: 'E',
      start_index: 0,
      end_index: 1,
    };
    const reply = replyOf(
      textDelta(0, 'x'),
      { type: 'response.output_text.annotation.added', output_index: 0, content_index: 0, annotation },
      completed({
        type: 'message',
        content: [{ type: 'output_text', text: 'x', annotations: [annotation] }],
      }),
    );
    expect(reply.blocks).toMatchObject([
      { annotations: [{ kind: 'url', url: 'https://example.com/', title: 'E', start: 0, end: 1 }] },
    ]);
  });

  it('leaves no block behind for items without content', () => {
    const reply = replyOf(
      done(0, message('')),
      done(1, { type: 'reasoning', summary: [] }),
      done(2, { summary: [] }),
      completed(),
    );
    expect(reply.blocks).toEqual([]);
  });

  it('reads the state of reasoning as that of the model behind it', () => {
    const item = { type: 'reasoning', summary: [], encrypted_content: 'state' };
    const events = eventsOfText(textOfEvents(done(0, item)), { issuer: 'xai', family: 'grok-4' });
    expect(events).toContainEqual({
      type: 'opaque',
      index: 0,
      opaque: { issuer: 'xai', family: 'grok-4', kind: 'encrypted_content', data: 'state' },
    });
  });

  it('keeps the grammar whatever comes', () => {
    const index = fc.constantFrom<unknown>(0, 1, 2, undefined, -1, 1e9, 'x', null);
    const item = fc.constantFrom<unknown>(
      message('m'),
      call('{}'),
      { type: 'reasoning', summary: [{}, 3] },
      null,
      [],
    );
    const type = fc.constantFrom(
      ...[
        'output_item.added',
        'output_item.done',
        'output_text.delta',
        'refusal.delta',
        'reasoning_text.delta',
      ],
      ...['reasoning_summary_text.delta', 'function_call_arguments.delta', 'content_part.done', 'completed'],
      ...['output_text.annotation.added', 'custom_tool_call_input.done', 'incomplete', 'failed', 'done'],
    );
    const event = fc.record({
      type: type.map((word) => `response.${word}`),
      output_index: index,
      content_index: index,
      summary_index: index,
      item,
      delta: fc.constantFrom<unknown>('d', '', null, 4),
      part: fc.constantFrom<unknown>({ type: 'output_text', text: 'dd' }, { type: 'refusal' }, null),
      response: fc.constantFrom<unknown>(response(), { output: [null, 1] }, null),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        expect(findGrammarFault(eventsOf(...(events as JsonObject[])))).toBeUndefined();
      }),
    );
  });
});
