import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { added, argsDelta, completed, done, replyOf, textDelta } from './support.ts';

const message = (text: string, id?: string): JsonObject => ({
  type: 'message',
  role: 'assistant',
  ...(id !== undefined && { id }),
  content: [{ type: 'output_text', text, annotations: [] }],
});
const call = (args: string, members: JsonObject = {}): JsonObject => ({
  type: 'function_call',
  name: 'f',
  arguments: args,
  ...members,
});
const reasoning = (text: string, id?: string): JsonObject => ({
  type: 'reasoning',
  ...(id !== undefined && { id }),
  summary: [{ type: 'summary_text', text }],
});
const summaryDelta = (output_index: number, delta: string): JsonObject => ({
  type: 'response.reasoning_summary_text.delta',
  output_index,
  summary_index: 0,
  delta,
});
const search = (id?: string): JsonObject => ({
  type: 'web_search_call',
  status: 'completed',
  ...(id !== undefined && { id }),
});

const textOf = (text: string): object => ({ kind: 'text', text });
const thought = (text: string): object => ({ kind: 'reasoning', summary: [text] });
const callOf = (id: string, args: string): object => ({ kind: 'tool-call', id, args });
const f1 = { id: 'fc_1', call_id: 'c1' };
const f2 = { id: 'fc_2', call_id: 'c2' };

/** The stream of an answer, what its end repeats, and what of both is to be told. */
type Case = [string, JsonObject[], JsonObject[], object[]];

describe('an openai-responses answer whose end repeats what was streamed', () => {
  it.each<Case>([
    [
      'a message under another index',
      [added(1, message('', 'm1')), textDelta(1, 'Hi'), done(1, message('Hi', 'm1'))],
      [message('Hi', 'm1')],
      [textOf('Hi')],
    ],
    [
      'a message under another index that was never done',
      [added(1, message('', 'm1')), textDelta(1, 'Hi')],
      [message('Hi there', 'm1')],
      [textOf('Hi there')],
    ],
    [
      'a message without an id under another index',
      [added(1, message('')), textDelta(1, 'Hi'), done(1, message('Hi'))],
      [message('Hi')],
      [textOf('Hi')],
    ],
    [
      'reasoning and a message under one index',
      [
        added(0, reasoning('', 'r')),
        summaryDelta(0, 'Hm'),
        added(0, message('', 'm')),
        textDelta(0, 'Hi'),
        done(0, reasoning('Hm', 'r')),
        done(0, message('Hi', 'm')),
      ],
      [reasoning('Hm', 'r'), message('Hi', 'm')],
      [thought('Hm'), textOf('Hi')],
    ],
    [
      'reasoning and a message under one index, without ids and heads',
      [summaryDelta(0, 'Hm'), textDelta(0, 'H'), summaryDelta(0, '?'), textDelta(0, 'i')],
      [reasoning('Hm?'), message('Hi')],
      [thought('Hm?'), textOf('Hi')],
    ],
    [
      'two messages under one index',
      [
        added(0, message('', 'm1')),
        textDelta(0, 'One'),
        added(0, message('', 'm2')),
        textDelta(0, 'Two'),
        done(0, message('One', 'm1')),
        done(0, message('Two', 'm2')),
      ],
      [message('One', 'm1'), message('Two', 'm2')],
      [textOf('One'), textOf('Two')],
    ],
    [
      'two messages under one index that are told whole',
      [done(0, message('One', 'm1')), done(0, message('Two', 'm2'))],
      [message('One', 'm1'), message('Two', 'm2')],
      [textOf('One'), textOf('Two')],
    ],
    [
      'two messages without ids under one index, one after the other',
      [
        added(0, message('')),
        done(0, message('One')),
        added(0, message('')),
        textDelta(0, 'Two'),
        done(0, message('Two')),
      ],
      [message('One'), message('Two')],
      [textOf('One'), textOf('Two')],
    ],
    [
      'a call under another index',
      [added(1, call('', f1)), argsDelta(1, '{"a":1}'), done(1, call('{"a":1}', f1))],
      [call('{"a":1}', f1)],
      [callOf('c1', '{"a":1}')],
    ],
    [
      'calls of which the first was never streamed',
      [added(0, call('', f2)), argsDelta(0, '{}'), done(0, call('{}', f2))],
      [call('{"a":1}', f1), call('{}', f2)],
      [callOf('c2', '{}'), callOf('c1', '{"a":1}')],
    ],
    [
      'another call under the index of one',
      [added(0, call('{}', { call_id: 'c1' })), done(0, call('{}', { call_id: 'c1' }))],
      [call('{}', { call_id: 'c2' })],
      [callOf('c1', '{}'), callOf('c2', '{}')],
    ],
    [
      'a call that has become one of the other type',
      [done(0, { type: 'custom_tool_call', name: 'f', input: 'x', ...f1 })],
      [call('x', f1)],
      [callOf('c1', 'x')],
    ],
    [
      'items that get a new id with every event',
      [added(0, message('', 'a')), textDelta(0, 'Hi'), done(0, message('Hi', 'b'))],
      [message('Hi', 'c')],
      [textOf('Hi')],
    ],
    [
      'items that get a new id with every event and another index at the end',
      [
        added(0, reasoning('', 'r1')),
        summaryDelta(0, 'Hm'),
        done(0, reasoning('Hm', 'r2')),
        added(1, message('', 'm1')),
        textDelta(1, 'Hi'),
        done(1, message('Hi', 'm2')),
      ],
      [message('Hi', 'm3')],
      [thought('Hm'), textOf('Hi')],
    ],
    [
      'reasoning that gets a new id and another index at the end',
      [added(0, message('', 'm1')), textDelta(0, 'Hi'), added(1, reasoning('', 'r1')), summaryDelta(1, 'Hm')],
      [reasoning('Hm?', 'r2'), message('Hi', 'm2')],
      [textOf('Hi'), thought('Hm?')],
    ],
    [
      'a message with a new id beside one that was never streamed',
      [added(3, message('', 'm1')), textDelta(3, 'Two'), done(3, message('Two', 'm2'))],
      [message('One', 'm3'), message('Two', 'm4')],
      [textOf('Two'), textOf('One')],
    ],
    [
      'calls with the same arguments but other ids',
      [added(1, call('', f1)), argsDelta(1, '{}'), done(1, call('{}', f1))],
      [call('{}', f2)],
      [callOf('c1', '{}'), callOf('c2', '{}')],
    ],
    [
      'items that all have one id',
      [done(0, message('One', 'm')), added(1, message('', 'm')), done(1, message('Two', 'm'))],
      [message('One', 'm'), message('Two', 'm')],
      [textOf('One'), textOf('Two')],
    ],
    [
      'an item of another type under the index of one',
      [added(0, call('', f1)), argsDelta(0, '{}'), done(0, call('{}', f1))],
      [message('Hi'), call('{}', f1)],
      [callOf('c1', '{}'), textOf('Hi')],
    ],
    [
      'work of its own tools',
      [done(0, search('ws_1')), done(2, search())],
      [search(), search('ws_1'), { type: 'mcp_call', id: 'mcp_1' }],
      [{ kind: 'hosted' }, { kind: 'hosted' }, { kind: 'hosted', raw: { id: 'mcp_1' } }],
    ],
  ])('tells %s once', (_name, events, output, blocks) => {
    const reply = replyOf(...events, completed(...output));
    expect(reply.blocks).toHaveLength(blocks.length);
    expect(reply.blocks).toMatchObject(blocks);
  });

  it('does not take the end of a part of reasoning for a message', () => {
    const part = { type: 'reasoning_text', text: 'Hm' };
    const place = { output_index: 0, content_index: 0 };
    const reply = replyOf(
      { type: 'response.reasoning_text.delta', ...place, delta: 'Hm' },
      { type: 'response.content_part.done', ...place, part },
      textDelta(1, 'Hi'),
      completed(message('Hi')),
    );
    expect(reply.blocks).toMatchObject([{ kind: 'reasoning', raw: 'Hm' }, textOf('Hi')]);
    expect(reply.blocks).toHaveLength(2);
  });
});

describe('arguments that stand only in the head of an openai-responses call', () => {
  it.each<[string, JsonObject[]]>([
    ['nothing', []],
    ['an item without arguments', [done(0, { type: 'function_call', name: 'f', ...f1 })]],
    ['an item with empty arguments', [done(0, call('', f1))]],
  ])('are told when %s follows', (_name, events) => {
    const reply = replyOf(added(0, call('{"a":1}', f1)), ...events, completed());
    expect(reply.blocks).toMatchObject([callOf('c1', '{"a":1}')]);
  });
});

/** An event as services send it that number no items. */
const bare = (event: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'output_index'));

describe('an openai-responses stream that numbers no items', () => {
  const texts = ['Hello ', 'you ', 'there'].map((piece) => textDelta(0, piece));
  const whole = textOf('Hello you there');
  const citation = {
    type: 'url_citation',
    url: 'https://a.example',
    title: 'A',
    start_index: 0,
    end_index: 1,
  };

  it.each<[string, JsonObject[], object[]]>([
    ['the head of reasoning', [added(0, reasoning('')), ...texts, completed()], [whole]],
    [
      'pieces of reasoning',
      [summaryDelta(0, 'H'), summaryDelta(0, 'm'), ...texts, completed()],
      [thought('Hm'), whole],
    ],
    [
      'reasoning that goes on and ends later',
      [
        summaryDelta(0, 'H'),
        ...texts,
        summaryDelta(0, 'm'),
        done(0, reasoning('Hm')),
        done(0, message('Hello you there')),
        completed(reasoning('Hm'), message('Hello you there')),
      ],
      [thought('Hm'), whole],
    ],
    [
      'reasoning, with an annotation and the end of the part',
      [
        added(0, reasoning('')),
        ...texts,
        { type: 'response.output_text.annotation.added', annotation: citation },
        summaryDelta(0, 'Hm'),
        { type: 'response.content_part.done', part: { type: 'output_text', text: 'Hello you there' } },
        completed(message('Hello you there')),
      ],
      [{ ...whole, annotations: [{}] }, thought('Hm')],
    ],
    [
      'a message that is done and reasoning',
      [textDelta(0, 'One'), done(0, message('One')), summaryDelta(0, 'Hm'), ...texts, completed()],
      [textOf('One'), thought('Hm'), whole],
    ],
  ])('is told in one block for its text after %s', (_name, events, blocks) => {
    const reply = replyOf(...events.map(bare));
    expect(reply.blocks).toHaveLength(blocks.length);
    expect(reply.blocks).toMatchObject(blocks);
  });
});
