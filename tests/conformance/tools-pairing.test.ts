import { describe, expect, it } from 'vitest';
import { dig, listAt, notesOf, readBody, startStage } from './support/stage.ts';
import {
  chatCall,
  chatCalls,
  chatResult,
  chatTool,
  messagesTool,
  responsesTool,
  toolResult,
  toolUse,
  user,
} from './support/tools.ts';
import { googleStream } from './support/wire-google.ts';

const PARIS = '{"city":"Paris"}';
const ROME = '{"city":"Rome"}';
const OSLO = '{"city":"Oslo"}';
const WEATHER_OF_PARIS = chatCall('call_a', 'get_weather', PARIS);
const TIME_OF_ROME = chatCall('call_b', 'get_time', ROME);
const CHAT_TOOLS = [chatTool('get_weather'), chatTool('get_time')];
const MESSAGES_TOOLS = [messagesTool('get_weather'), messagesTool('get_time')];

describe('results for Gemini', () => {
  it('C061 answer the calls in their order, by name, though the client gave them in another', async () => {
    const stage = await startStage('google');
    stage.script(
      googleStream([
        [
          { functionCall: { name: 'get_weather', args: { city: 'Paris' } } },
          { functionCall: { name: 'get_time', args: { city: 'Rome' } } },
        ],
      ]),
    );
    const question = { messages: [user('Weather and time?')], tools: MESSAGES_TOOLS };
    const calls = listAt(readBody(await stage.ask('messages', question)), 'content');
    const [weather, time] = calls.map((call) => String(dig(call, 'id')));
    const { status } = await stage.ask('messages', {
      ...question,
      messages: [
        ...question.messages,
        { role: 'assistant', content: calls },
        user([toolResult(String(time), 'noon'), toolResult(String(weather), 'sunny')]),
      ],
    });
    expect(status).toBe(200);
    const contents = listAt(stage.sent(), 'contents');
    expect(contents.map((content) => dig(content, 'role'))).toEqual(['user', 'model', 'user']);
    expect(listAt(contents[2], 'parts').map((part) => dig(part, 'functionResponse'))).toEqual([
      { name: 'get_weather', response: { output: 'sunny' } },
      { name: 'get_time', response: { output: 'noon' } },
    ]);
  });

  it('C061 name the id of a call only where Gemini gave it one', async () => {
    const stage = await startStage('google');
    const { status } = await stage.ask('messages', {
      messages: [
        user('Weather and time?'),
        {
          role: 'assistant',
          content: [
            toolUse('f2k8xq1m', 'get_weather', { city: 'Paris' }),
            toolUse('toolu_1', 'get_time', { city: 'Rome' }),
          ],
        },
        user([toolResult('f2k8xq1m', 'sunny'), toolResult('toolu_1', 'noon')]),
      ],
      tools: MESSAGES_TOOLS,
    });
    expect(status).toBe(200);
    const contents = listAt(stage.sent(), 'contents');
    const idsOf = (content: unknown, kind: string): readonly unknown[] =>
      listAt(content, 'parts').map((part) => dig(part, kind, 'id'));
    expect(idsOf(contents[1], 'functionCall')).toEqual(['f2k8xq1m', undefined]);
    expect(idsOf(contents[2], 'functionResponse')).toEqual(['f2k8xq1m', undefined]);
  });

  it('C062 in three tool messages become three parts of one content', async () => {
    const stage = await startStage('google');
    const { status } = await stage.ask('chat', {
      messages: [
        user('Weather?'),
        chatCalls(
          WEATHER_OF_PARIS,
          chatCall('call_b', 'get_weather', ROME),
          chatCall('call_c', 'get_weather', OSLO),
        ),
        chatResult('call_a', 'sunny'),
        chatResult('call_b', 'hot'),
        chatResult('call_c', 'snow'),
      ],
      tools: CHAT_TOOLS,
    });
    expect(status).toBe(200);
    expect(listAt(stage.sent(), 'contents')).toMatchObject([
      { role: 'user' },
      { role: 'model', parts: [{ functionCall: {} }, { functionCall: {} }, { functionCall: {} }] },
      {
        role: 'user',
        parts: ['sunny', 'hot', 'snow'].map((output) => ({
          functionResponse: { name: 'get_weather', response: { output } },
        })),
      },
    ]);
    expect(listAt(stage.sent(), 'contents', 2, 'parts')).toHaveLength(3);
  });
});

describe('results for Messages', () => {
  const CALLS = {
    role: 'assistant',
    content: [
      { type: 'tool_use', id: 'call_a', name: 'get_weather', input: { city: 'Paris' } },
      { type: 'tool_use', id: 'call_b', name: 'get_time', input: { city: 'Rome' } },
    ],
  };

  it('C065 in two tool messages stand in one user message, before what the user says', async () => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('chat', {
      messages: [
        user('Weather and time?'),
        chatCalls(WEATHER_OF_PARIS, TIME_OF_ROME),
        chatResult('call_a', 'sunny'),
        chatResult('call_b', 'noon'),
        user('And in short?'),
      ],
      tools: CHAT_TOOLS,
    });
    expect(status).toBe(200);
    expect(listAt(stage.sent(), 'messages').slice(1)).toMatchObject([
      CALLS,
      user([
        { type: 'tool_result', tool_use_id: 'call_a' },
        { type: 'tool_result', tool_use_id: 'call_b' },
        { type: 'text', text: 'And in short?' },
      ]),
    ]);
  });

  it('C066 come before what the user said between call and result', async () => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('chat', {
      messages: [
        user('Weather?'),
        chatCalls(WEATHER_OF_PARIS),
        user('Quick, please.'),
        chatResult('call_a', 'sunny'),
      ],
      tools: CHAT_TOOLS,
    });
    expect(status).toBe(200);
    const messages = listAt(stage.sent(), 'messages');
    expect(messages).toHaveLength(3);
    expect(messages[2]).toMatchObject(
      user([
        { type: 'tool_result', tool_use_id: 'call_a' },
        { type: 'text', text: 'Quick, please.' },
      ]),
    );
  });

  it('C067 are made up as errors for calls that nobody answered', async () => {
    const stage = await startStage('anthropic');
    const answer = await stage.ask('responses', {
      input: [
        { role: 'user', content: 'Weather?' },
        { type: 'function_call', call_id: 'call_a', name: 'get_weather', arguments: PARIS },
        { role: 'user', content: 'Never mind.' },
      ],
      tools: [responsesTool('get_weather')],
    });
    expect(answer.status).toBe(200);
    expect(notesOf(answer)).toContainEqual(expect.stringMatching(/=answered$/));
    const [result, text] = listAt(stage.sent(), 'messages', 2, 'content');
    expect(result).toMatchObject({ type: 'tool_result', tool_use_id: 'call_a', is_error: true });
    expect(JSON.stringify(dig(result, 'content'))).toContain('no result was provided');
    expect(text).toMatchObject({ type: 'text', text: 'Never mind.' });
  });
});

describe('C068 a result that answers no call', () => {
  const BODY = {
    messages: [user('Weather?'), chatResult('call_lost', 'sunny'), user('Well?')],
    tools: CHAT_TOOLS,
  };

  it('is told as what the user says', async () => {
    const stage = await startStage('openai');
    const { status } = await stage.ask('chat', BODY);
    expect(status).toBe(200);
    const input = listAt(stage.sent(), 'input');
    expect(input.map((item) => dig(item, 'role'))).toEqual(['user', 'user', 'user']);
    expect(JSON.stringify(input[1])).toContain('[result of tool call call_lost] sunny');
    expect(JSON.stringify(input)).not.toContain('function_call_output');
  });

  it('is refused under strict translation, by the member that names the call', async () => {
    const stage = await startStage('openai', { config: { strict_translation: true } });
    const { status, text } = await stage.ask('chat', BODY);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      error: { type: 'invalid_request_error', param: 'messages[1].tool_call_id' },
    });
    expect(stage.gateway.sandbox.requests).toHaveLength(0);
  });
});

describe('C072 a result that is an error', () => {
  const body = (words: string) => ({
    messages: [
      user('Weather?'),
      { role: 'assistant', content: [toolUse('toolu_1', 'get_weather', { city: 'Paris' })] },
      user([toolResult('toolu_1', words, { is_error: true })]),
    ],
    tools: MESSAGES_TOOLS,
  });

  it.each([
    { words: 'no such city', sent: 'Error: no such city' },
    { words: 'error 404', sent: 'error 404' },
  ])('says so in its text for Chat: $words', async ({ words, sent }) => {
    const stage = await startStage('common');
    const { status } = await stage.ask('messages', body(words));
    expect(status).toBe(200);
    expect(listAt(stage.sent(), 'messages')[2]).toMatchObject({
      role: 'tool',
      tool_call_id: 'toolu_1',
      content: sent,
    });
  });

  it('says so in its text for Responses', async () => {
    const stage = await startStage('openai');
    const { status } = await stage.ask('messages', body('no such city'));
    expect(status).toBe(200);
    expect(listAt(stage.sent(), 'input').at(-1)).toMatchObject({
      type: 'function_call_output',
      call_id: 'toolu_1',
      output: 'Error: no such city',
    });
  });

  it('is the error of the response for Gemini', async () => {
    const stage = await startStage('google');
    const { status } = await stage.ask('messages', body('no such city'));
    expect(status).toBe(200);
    expect(listAt(stage.sent(), 'contents').at(-1)).toMatchObject({
      role: 'user',
      parts: [{ functionResponse: { name: 'get_weather', response: { error: 'no such city' } } }],
    });
  });
});
