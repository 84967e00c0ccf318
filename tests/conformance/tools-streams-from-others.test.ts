import { describe, expect, it } from 'vitest';
import { createGate } from '../support/gate.ts';
import { openPost } from '../support/open-client.ts';
import { dig, listAt, PATH, readEvents, startStage } from './support/stage.ts';
import {
  blockOrder,
  chatStreamCalls,
  chatTool,
  finishReasons,
  lastOf,
  messagesCalls,
  messagesTool,
  responsesTool,
  user,
} from './support/tools.ts';
import { googleStream } from './support/wire-google.ts';
import {
  messageBlock,
  messageStream,
  textBlock,
  thinkingBlock,
  toolUseBlock,
} from './support/wire-messages.ts';
import { callItem, responsesEvents, responsesStream } from './support/wire-responses.ts';
import type { WireEvent } from './support/wire-responses.ts';

const TEXT = 'Weather and time, please.';
const MESSAGES = {
  stream: true,
  messages: [user(TEXT)],
  tools: [messagesTool('get_weather'), messagesTool('get_time')],
};
const CHAT = {
  stream: true,
  messages: [user(TEXT)],
  tools: [chatTool('get_weather'), chatTool('get_time')],
};
const PARIS = '{"city":"Paris"}';
const ROME = '{"city":"Rome"}';
const WEATHER = { id: 'call_a', name: 'get_weather', args: PARIS };
const TIME = { id: 'call_b', name: 'get_time', args: ROME };

describe('calls that a Responses upstream tells', () => {
  it('C046 in turns become one block after the other, the first of them live', async () => {
    const stage = await startStage('openai');
    const first = callItem(0, 'call_a', 'get_weather', PARIS);
    const second = callItem(1, 'call_b', 'get_time', ROME);
    const [addedFirst, deltaFirst, ...restOfFirst] = first.events;
    const [addedSecond, deltaSecond, ...restOfSecond] = second.events;
    const inTurns = [addedFirst, addedSecond, deltaSecond, deltaFirst, ...restOfSecond, ...restOfFirst];
    const stream = responsesEvents(
      inTurns.filter((event) => event !== undefined),
      [first.item, second.item],
    );
    const middle = stream.indexOf('event: response.function_call_arguments.done');
    const gate = createGate();
    stage.script({
      handler: async (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(stream.slice(0, middle));
        await gate.pass();
        response.end(stream.slice(middle));
      },
    });
    const client = openPost(stage.gateway.url + PATH.messages, {
      model: stage.model,
      max_tokens: 100,
      ...MESSAGES,
    });
    await client.seen((text) => text.includes(JSON.stringify(PARIS).slice(1, -1)));
    expect(client.text()).not.toContain('get_time');
    gate.open();
    await client.over;
    const events = readEvents({ text: client.text() });
    expect(blockOrder(events)).toEqual(['start 0', 'delta 0', 'stop 0', 'start 1', 'delta 1', 'stop 1']);
    expect(messagesCalls(events)).toEqual([WEATHER, TIME]);
  });

  const at = { item_id: 'fc_0', output_index: 0 };
  const added = (id: string, name: string): WireEvent => ({
    type: 'response.output_item.added',
    output_index: 0,
    item: { id: 'fc_0', type: 'function_call', call_id: id, name, arguments: '', status: 'in_progress' },
  });
  const { item } = callItem(0, 'call_a', 'get_weather', PARIS);
  const doneArguments = { type: 'response.function_call_arguments.done', ...at, arguments: PARIS };
  const doneItem = { type: 'response.output_item.done', output_index: 0, item };
  const emptied = { ...item, arguments: '' };

  it.each([
    {
      where: 'the event behind the arguments',
      inner: [added('call_a', 'get_weather'), doneArguments, { ...doneItem, item: emptied }],
      output: [emptied],
    },
    {
      where: 'the item that is done',
      inner: [added('call_a', 'get_weather'), doneItem],
      output: [emptied],
    },
    { where: 'the response that is complete', inner: [], output: [item] },
  ])('C057 have their arguments though only $where tells them', async ({ inner, output }) => {
    const stage = await startStage('openai');
    stage.script({
      headers: { 'content-type': 'text/event-stream' },
      chunks: [responsesEvents(inner, output)],
    });
    const events = readEvents(await stage.ask('messages', MESSAGES));
    expect(messagesCalls(events)).toEqual([WEATHER]);
    expect(dig(lastOf(events, 'message_delta'), 'delta', 'stop_reason')).toBe('tool_use');
  });

  it('C058 are told once though deltas and ends tell the same', async () => {
    const stage = await startStage('openai');
    stage.script(responsesStream([callItem(0, 'call_a', 'get_weather', PARIS)]));
    const events = readEvents(await stage.ask('chat', CHAT));
    expect(chatStreamCalls(events)).toEqual([WEATHER]);
    expect(finishReasons(events)).toEqual(['tool_calls']);
  });

  it('C091 cut by the token limit are told as far as they came, and not as calls to run', async () => {
    const stage = await startStage('openai');
    const cut = { ...item, arguments: '{"city":"Pa', status: 'incomplete' };
    const inner = [
      added('call_a', 'get_weather'),
      { type: 'response.function_call_arguments.delta', ...at, delta: '{"city":"Pa' },
      { type: 'response.output_item.done', output_index: 0, item: cut },
    ];
    const reason = { incomplete_details: { reason: 'max_output_tokens' } };
    stage.script({
      headers: { 'content-type': 'text/event-stream' },
      chunks: [responsesEvents(inner, [cut], { status: 'incomplete', ...reason })],
    });
    const events = readEvents(await stage.ask('messages', MESSAGES));
    expect(messagesCalls(events)).toEqual([{ ...WEATHER, args: '{"city":"Pa' }]);
    expect(dig(lastOf(events, 'message_delta'), 'delta', 'stop_reason')).toBe('max_tokens');
  });
});

describe('calls that a Messages upstream tells', () => {
  it('C054 without any argument have an empty object, for the wire and for the SDK', async () => {
    const stage = await startStage('anthropic');
    const answer = messageStream([toolUseBlock(0, 'toolu_1', 'get_time')], 'tool_use');
    stage.script(answer, answer);
    const body = { ...CHAT, tools: [chatTool('get_time', { type: 'object', properties: {} })] };
    const events = readEvents(await stage.ask('chat', body));
    expect(chatStreamCalls(events)).toEqual([{ id: 'toolu_1', name: 'get_time', args: '{}' }]);
    const { choices } = await stage.openai.chat.completions
      .stream({
        model: stage.model,
        messages: [user(TEXT)],
        tools: [chatTool('get_time', { type: 'object', properties: {} })],
      })
      .finalChatCompletion();
    expect(choices[0]?.message.tool_calls).toMatchObject([{ id: 'toolu_1', function: { arguments: '{}' } }]);
  });

  it('C055 are counted from 0, whatever stands before them', async () => {
    const stage = await startStage('anthropic');
    stage.script(
      messageStream(
        [
          thinkingBlock(0, 'They want both.', 'c2ln'),
          textBlock(1, 'Let me look.'),
          toolUseBlock(2, 'toolu_1', 'get_weather', '{"city"', ':"Paris"}'),
          toolUseBlock(3, 'toolu_2', 'get_time', ROME),
        ],
        'tool_use',
      ),
    );
    const events = readEvents(await stage.ask('chat', CHAT));
    const indexes = events.flatMap(({ data }) =>
      listAt(data, 'choices', 0, 'delta', 'tool_calls').map((piece) => dig(piece, 'index')),
    );
    expect([...new Set(indexes)]).toEqual([0, 1]);
    expect(chatStreamCalls(events)).toEqual([
      { ...WEATHER, id: 'toolu_1' },
      { ...TIME, id: 'toolu_2' },
    ]);
  });

  it('C056 are two items, in the stream and in the complete response', async () => {
    const stage = await startStage('anthropic');
    const answer = messageStream(
      [
        toolUseBlock(0, 'toolu_1', 'get_weather', '{"city"', ':"Paris"}'),
        toolUseBlock(1, 'toolu_2', 'get_time', ROME),
      ],
      'tool_use',
    );
    stage.script(answer, answer);
    const items = [
      { type: 'function_call', call_id: 'toolu_1', name: 'get_weather', arguments: PARIS },
      { type: 'function_call', call_id: 'toolu_2', name: 'get_time', arguments: ROME },
    ];
    const tools = [responsesTool('get_weather'), responsesTool('get_time')];
    const events = readEvents(await stage.ask('responses', { stream: true, input: TEXT, tools }));
    const done = events.filter(({ event }) => event === 'response.output_item.done');
    expect(done.map(({ data }) => dig(data, 'item'))).toMatchObject(items);
    expect(dig(lastOf(events, 'response.completed'), 'response', 'output')).toMatchObject(items);
    const response = await stage.openai.responses
      .stream({ model: stage.model, input: TEXT, tools })
      .finalResponse();
    expect(response.output).toMatchObject(items);
  });

  it('have the arguments that come with the start of their block', async () => {
    const stage = await startStage('anthropic');
    const whole = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Paris' } };
    stage.script(messageStream([messageBlock(0, whole)], 'tool_use'));
    const events = readEvents(await stage.ask('chat', CHAT));
    expect(chatStreamCalls(events)).toEqual([{ ...WEATHER, id: 'toolu_1' }]);
  });
});

describe('calls that a Gemini upstream tells', () => {
  const call = (name: string, city: string) => ({ functionCall: { name, args: { city } } });

  it('C059 before the chunk with the finish reason end the answer as calls', async () => {
    const stage = await startStage('google');
    stage.script(googleStream([[call('get_weather', 'Paris')], [{ text: '' }]]));
    const events = readEvents(await stage.ask('chat', CHAT));
    expect(finishReasons(events)).toEqual(['tool_calls']);
    expect(chatStreamCalls(events)).toEqual([{ ...WEATHER, id: expect.any(String) as string }]);
  });

  it('C060 in one chunk and without ids become blocks with ids of their own', async () => {
    const stage = await startStage('google');
    stage.script(googleStream([[call('get_weather', 'Paris'), call('get_time', 'Rome')]]));
    const events = readEvents(await stage.ask('messages', MESSAGES));
    const calls = messagesCalls(events);
    expect(calls).toMatchObject([
      { name: 'get_weather', args: PARIS },
      { name: 'get_time', args: ROME },
    ]);
    expect(blockOrder(events)).toEqual(['start 0', 'delta 0', 'stop 0', 'start 1', 'delta 1', 'stop 1']);
    const ids = calls.map(({ id }) => id);
    expect(ids).toEqual([expect.stringMatching(/^[\w-]{8,}$/), expect.stringMatching(/^[\w-]{8,}$/)]);
    expect(new Set(ids).size).toBe(2);
  });
});
