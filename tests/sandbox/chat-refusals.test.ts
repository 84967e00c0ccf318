import { describe, expect, it } from 'vitest';
import { ask, jsonOf, openSandbox, PATHS } from './raw-client.ts';

type Fields = Record<string, unknown>;

const user = (content: unknown): Fields => ({ role: 'user', content });
const base = { model: 'glm-5', messages: [user('hi')] };
const call = { id: 'call_1', type: 'function', function: { name: 'get', arguments: '{}' } };
const calling = { role: 'assistant', content: null, tool_calls: [call] };
const result = { role: 'tool', tool_call_id: 'call_1', content: 'done' };
const tool = { type: 'function', function: { name: 'get' } };
const text = { type: 'string' };
const marks = { cache_control: { type: 'ephemeral' } };

async function answerTo(
  change: Fields,
): Promise<{ readonly status: number | undefined; readonly error: unknown }> {
  const answer = await ask(await openSandbox(), { path: PATHS.chat, body: { ...base, ...change } });
  return { status: answer.status, error: (jsonOf(answer) as { error?: unknown }).error };
}

describe('what the sandbox refuses as Chat Completions', () => {
  it.each<[string, Fields, string, string | null]>([
    ['a missing model', { model: undefined }, 'model parameter', null],
    ['missing messages', { messages: undefined }, "'messages'", 'messages'],
    ['no messages', { messages: [] }, 'empty array', 'messages'],
    ['an unknown role', { messages: [{ role: 'model', content: 'x' }] }, "'model'", 'messages[0].role'],
    ['a user who says nothing', { messages: [user(null)] }, 'got null', 'messages[0].content'],
    [
      'an assistant who does nothing',
      { messages: [{ role: 'assistant', content: null }] },
      'got null',
      'messages[0].content',
    ],
    ['content that is none', { messages: [user(5)] }, 'expected a string or an array', 'messages[0].content'],
    [
      'a part of another dialect',
      { messages: [user([{ type: 'document' }])] },
      "'document'",
      'messages[0].content[0].type',
    ],
    [
      'an image of the assistant',
      { messages: [{ role: 'assistant', content: [{ type: 'image_url' }] }] },
      "'image_url'",
      'messages[0].content[0].type',
    ],
    [
      'an image of a tool',
      { messages: [user('x'), calling, { ...result, content: [{ type: 'image_url' }] }] },
      "'image_url'",
      'messages[2].content[0].type',
    ],
    [
      'a part without its content',
      { messages: [user([{ type: 'image_url' }])] },
      'image_url',
      'messages[0].content[0].image_url',
    ],
    [
      'cache marks on a part',
      { messages: [user([{ type: 'text', text: 'x', ...marks }])] },
      'cache_control',
      null,
    ],
    ['cache marks on a tool', { tools: [{ ...tool, ...marks }] }, 'cache_control', null],
    [
      'a call without name',
      { messages: [{ ...calling, tool_calls: [{ ...call, function: {} }] }] },
      'function.name',
      'messages[0].tool_calls[0]',
    ],
    [
      'arguments that are an object',
      { messages: [{ ...calling, tool_calls: [{ ...call, function: { name: 'get', arguments: {} } }] }] },
      'expected a string',
      'messages[0].tool_calls[0].arguments',
    ],
    [
      'a tool message without call',
      { messages: [user('x'), result] },
      "role 'tool' must be a response",
      'messages.[1].role',
    ],
    [
      'a tool message twice',
      { messages: [user('x'), calling, result, result] },
      "role 'tool' must be a response",
      'messages.[3].role',
    ],
    [
      'a call without tool message',
      { messages: [user('x'), calling, user('y')] },
      'did not have response messages: call_1',
      'messages.[2].role',
    ],
    [
      'a call at the end',
      { messages: [user('x'), calling] },
      'did not have response messages: call_1',
      'messages.[2].role',
    ],
    ['no tokens', { max_tokens: 0 }, '>= 1, but got 0', 'max_tokens'],
    ['two limits', { max_tokens: 5, max_completion_tokens: 5 }, 'at the same time', null],
    ['too hot a temperature', { temperature: 3 }, 'between 0 and 2', 'temperature'],
    ['five stops', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'maximum length 4', 'stop'],
    [
      'stream options without stream',
      { stream_options: { include_usage: true } },
      "when 'stream' is enabled",
      'stream_options',
    ],
    [
      'a format without name',
      { response_format: { type: 'json_schema', json_schema: {} } },
      'name',
      'response_format.json_schema.name',
    ],
    [
      "an open schema of a strict format, at OpenAI's models",
      {
        model: 'gpt-5.5',
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', strict: true, schema: { type: 'object', properties: {} } },
        },
      },
      "'n': In context=(), 'additionalProperties' is required",
      'response_format',
    ],
    [
      "parameters without properties, at OpenAI's models",
      {
        model: 'gpt-5.5',
        tools: [{ type: 'function', function: { name: 'get', parameters: { type: 'object' } } }],
      },
      'In context=(), object schema missing properties.',
      'tools[0].function.parameters',
    ],
    [
      "an optional property of a strict tool, at OpenAI's models",
      {
        model: 'gpt-5.5',
        tools: [
          {
            type: 'function',
            function: {
              name: 'get',
              strict: true,
              parameters: { type: 'object', properties: { a: text }, additionalProperties: false },
            },
          },
        ],
      },
      "Missing 'a'",
      'tools[0].function.parameters',
    ],
    ['an empty list of tools', { tools: [] }, 'empty array', 'tools'],
    ['a tool of no kind', { tools: [{ name: 'get' }] }, "'function'", 'tools[0].type'],
    [
      'a tool in the words of Responses',
      { tools: [{ type: 'function', name: 'get' }] },
      'tools[0].function.name',
      'tools[0].function.name',
    ],
    [
      'an illegal tool name',
      { tools: [{ type: 'function', function: { name: 'a.b' } }] },
      'pattern',
      'tools[0].function.name',
    ],
    ['a choice without tools', { tool_choice: 'auto' }, "'tools' are specified", 'tool_choice'],
    [
      'a choice that is not offered',
      { tools: [tool], tool_choice: { type: 'function', function: { name: 'x' } } },
      "'x' not found",
      'tool_choice',
    ],
  ])('is %s', async (_name, change, message, param) => {
    expect(await answerTo(change)).toMatchObject({
      status: 400,
      error: { type: 'invalid_request_error', message: expect.stringContaining(message) as string, param },
    });
  });

  it.each<[string, Fields]>([
    ['reasoning in the history', { messages: [user('x'), { ...calling, reasoning_content: 'hm' }, result] }],
    [
      'an assistant who refused',
      { messages: [user('x'), { role: 'assistant', content: null, refusal: 'no' }, user('y')] },
    ],
    [
      'a custom call',
      {
        messages: [
          user('x'),
          { ...calling, tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'p', input: '' } }] },
          result,
        ],
      },
    ],
    ['an unknown field', { reasoning_history: 'preserved' }],
  ])('is not %s', async (_name, change) => {
    expect((await answerTo(change)).status).toBe(200);
  });

  it('still knows functions from before there were tools', async () => {
    const functions = [{ name: 'get', parameters: { type: 'object', properties: {} } }];
    const asked = await ask(await openSandbox(), {
      path: PATHS.chat,
      body: { ...base, functions, function_call: { name: 'get' } },
    });
    expect(jsonOf(asked)).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] });
    const history = [
      user('x'),
      { role: 'assistant', content: null, function_call: {} },
      { role: 'function', name: 'get', content: 'done' },
    ];
    const answer = await ask(await openSandbox(), { path: PATHS.chat, body: { ...base, messages: history } });
    expect(answer.text).toContain('The tools answered: \\"done\\".');
  });
});
