import { describe, expect, it } from 'vitest';
import { dig, listAt, startStage } from './support/stage.ts';
import {
  chatCall,
  chatCalls,
  chatResult,
  chatTool,
  CITY,
  messagesTool,
  responsesTool,
  user,
} from './support/tools.ts';

const PARIS = '{"city":"Paris"}';

it('C086 one call at a time is the flag of Chat', async () => {
  const stage = await startStage('common');
  const { status } = await stage.ask('messages', {
    messages: [user('Go.')],
    tools: [messagesTool('get_weather')],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  });
  expect(status).toBe(200);
  expect(stage.sent()).toMatchObject({ parallel_tool_calls: false });
});

describe('the choice for a Messages upstream', () => {
  it.each([
    {
      says: 'C087 one call at a time, and no choice',
      asked: { parallel_tool_calls: false },
      sent: { type: 'auto', disable_parallel_tool_use: true },
    },
    { says: 'C088 a call is required', asked: { tool_choice: 'required' }, sent: { type: 'any' } },
    {
      says: 'C087 C088 one call is required',
      asked: { tool_choice: 'required', parallel_tool_calls: false },
      sent: { type: 'any', disable_parallel_tool_use: true },
    },
    {
      says: 'C088 one tool is required',
      asked: { tool_choice: { type: 'function', function: { name: 'get_weather' } } },
      sent: { type: 'tool', name: 'get_weather' },
    },
  ])('$says', async ({ asked, sent }) => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('chat', {
      messages: [user('Go.')],
      tools: [chatTool('get_weather')],
      ...asked,
    });
    expect(status).toBe(200);
    expect(dig(stage.sent(), 'tool_choice')).toEqual(sent);
  });

  it('C090 is none, and the tools stay, when the history holds calls', async () => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('chat', {
      messages: [
        user('Weather?'),
        chatCalls(chatCall('call_a', 'get_weather', PARIS)),
        chatResult('call_a', 'sunny'),
      ],
      tools: [chatTool('get_weather')],
      tool_choice: 'none',
    });
    expect(status).toBe(200);
    expect(stage.sent()).toMatchObject({
      tools: [{ name: 'get_weather', input_schema: CITY }],
      tool_choice: { type: 'none' },
    });
  });
});

describe('C089 tools that may be called, among those that are offered', () => {
  const body = (mode: string) => ({
    input: 'Go.',
    tools: [responsesTool('get_weather'), responsesTool('get_time'), responsesTool('get_news')],
    tool_choice: {
      type: 'allowed_tools',
      mode,
      tools: [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'get_time' },
      ],
    },
  });

  it.each([
    { mode: 'required', sent: 'ANY' },
    { mode: 'auto', sent: 'VALIDATED' }, // `AUTO` takes no names
  ])('are named to Gemini: $mode', async ({ mode, sent }) => {
    const stage = await startStage('google');
    const { status } = await stage.ask('responses', body(mode));
    expect(status).toBe(200);
    expect(dig(stage.sent(), 'toolConfig', 'functionCallingConfig')).toEqual({
      mode: sent,
      allowedFunctionNames: ['get_weather', 'get_time'],
    });
    expect(listAt(stage.sent(), 'tools', 0, 'functionDeclarations')).toHaveLength(3);
  });

  it.each([
    { mode: 'required', sent: { type: 'any' } },
    { mode: 'auto', sent: { type: 'auto' } },
  ])('are the only ones on offer for Messages: $mode', async ({ mode, sent }) => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('responses', body(mode));
    expect(status).toBe(200);
    expect(listAt(stage.sent(), 'tools').map((tool) => dig(tool, 'name'))).toEqual([
      'get_weather',
      'get_time',
    ]);
    expect(dig(stage.sent(), 'tool_choice')).toEqual(sent);
  });
});

describe('C092 the old words for calls', () => {
  const FUNCTIONS = [{ name: 'get_weather', description: 'Looks outside.', parameters: CITY }];

  it('are tools, calls and results for Messages', async () => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('chat', {
      messages: [
        user('Weather?'),
        {
          role: 'assistant',
          content: null,
          function_call: { name: 'get_weather', arguments: PARIS },
        },
        { role: 'function', name: 'get_weather', content: 'sunny' },
      ],
      functions: FUNCTIONS,
      function_call: 'auto',
    });
    expect(status).toBe(200);
    const [, call, result] = listAt(stage.sent(), 'messages');
    expect(call).toMatchObject({
      role: 'assistant',
      content: [{ type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } }],
    });
    const id = dig(call, 'content', 0, 'id');
    expect(id).toMatch(/^call_/);
    expect(result).toMatchObject({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id }] });
    expect(stage.sent()).toMatchObject({
      tools: [{ name: 'get_weather', description: 'Looks outside.', input_schema: CITY }],
      tool_choice: { type: 'auto' },
    });
  });

  it('C092 demand a call by its name', async () => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('chat', {
      messages: [user('Weather?')],
      functions: FUNCTIONS,
      function_call: { name: 'get_weather' },
    });
    expect(status).toBe(200);
    expect(dig(stage.sent(), 'tool_choice')).toEqual({ type: 'tool', name: 'get_weather' });
  });
});
