import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { openSandbox } from './raw-client.ts';

const clientOf = (sandbox: Sandbox): OpenAI =>
  new OpenAI({
    baseURL: `${sandbox.url}/api/llm/o/v1`,
    apiKey: 'token',
    maxRetries: 0,
    defaultHeaders: { 'x-api-provider': 'fireworks' },
  });

type Params = Omit<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming, 'stream'>;
type Completion = OpenAI.Chat.ChatCompletion;
type Chunk = OpenAI.Chat.ChatCompletionChunk;

const base = { model: 'glm-5' };
const asked = (content: string): OpenAI.Chat.ChatCompletionMessageParam => ({ role: 'user', content });
const toolOf = (
  name: string,
  parameters?: Record<string, unknown>,
): OpenAI.Chat.ChatCompletionFunctionTool => ({
  type: 'function',
  function: { name, ...(parameters === undefined ? {} : { parameters }) },
});
const weather = toolOf('get_weather', { type: 'object', properties: { city: { type: 'string' } } });
const clock = toolOf('get_time');

async function chunksOf(params: Params): Promise<readonly Chunk[]> {
  const client = clientOf(await openSandbox());
  const chunks: Chunk[] = [];
  for await (const chunk of await client.chat.completions.create({ ...params, stream: true }))
    chunks.push(chunk);
  return chunks;
}

async function both(params: Params): Promise<readonly Completion[]> {
  const streamed = await clientOf(await openSandbox())
    .chat.completions.stream(params)
    .finalChatCompletion();
  const whole = await clientOf(await openSandbox()).chat.completions.create(params);
  return [streamed, whole];
}

const namesOf = (completion: Completion | undefined): readonly string[] =>
  (completion?.choices[0]?.message.tool_calls ?? []).map((call) =>
    call.type === 'function' ? call.function.name : call.custom.name,
  );

describe('the sandbox as Chat Completions, read by the official SDK', () => {
  it('tells the same text streamed and whole', async () => {
    const [streamed, whole] = await both({ ...base, messages: [asked('Grüezi 你好')] });
    const text = 'Hello from the sandbox 👋 You wrote: "Grüezi 你好".';
    expect(whole?.choices[0]).toMatchObject({
      message: { content: text, refusal: null },
      finish_reason: 'stop',
    });
    expect(streamed?.choices[0]).toMatchObject({ message: { content: text }, finish_reason: 'stop' });
    expect(streamed?.id).toBe(whole?.id);
  });

  it('tells usage in a last chunk without choices, and only when asked', async () => {
    const params = { ...base, messages: [asked('hi')] };
    const silent = await chunksOf(params);
    expect(silent.some((chunk) => 'usage' in chunk)).toBe(false);
    const telling = await chunksOf({ ...params, stream_options: { include_usage: true } });
    expect(telling.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens_details: {} } });
    expect(telling.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  });

  it('tells cached and reasoning tokens', async () => {
    const [, whole] = await both({ ...base, messages: [asked('a longer text')], reasoning_effort: 'low' });
    expect(whole?.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(0);
    expect(whole?.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
  });

  it.each([
    ['reasoning_effort', { reasoning_effort: 'low' }],
    ['thinking', { thinking: { type: 'enabled' } }],
    ['enable_thinking', { enable_thinking: true }],
  ])('reasons first when asked by %s', async (_name, settings) => {
    const chunks = await chunksOf({ ...base, messages: [asked('hi')], ...settings } as Params);
    const kinds = chunks.flatMap((chunk) => Object.keys(chunk.choices[0]?.delta ?? {}));
    expect(kinds.lastIndexOf('reasoning_content')).toBeLessThan(kinds.indexOf('content', 3));
    expect(kinds).toContain('reasoning_content');
  });

  it('does not reason when told not to', async () => {
    const [, whole] = await both({ ...base, messages: [asked('hi')], reasoning_effort: 'none' });
    expect(whole?.choices[0]?.message).not.toHaveProperty('reasoning_content');
  });

  it('interleaves the arguments of parallel calls', async () => {
    const params = { ...base, messages: [asked('in parallel')], tools: [weather] };
    const order = (await chunksOf(params)).flatMap((chunk) =>
      (chunk.choices[0]?.delta.tool_calls ?? []).flatMap((call) =>
        call.id === undefined ? [call.index] : [],
      ),
    );
    expect(order.slice(0, 4)).toEqual([0, 1, 0, 1]);
    const [streamed, whole] = await both(params);
    expect(streamed?.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [
          { function: { name: 'get_weather', arguments: '{"city":"example-1"}' } },
          { function: { name: 'get_weather', arguments: '{"city":"example-2"}' } },
        ],
      },
    });
    expect(streamed?.choices[0]?.message.tool_calls).toEqual(whole?.choices[0]?.message.tool_calls);
  });

  it.each([
    ['offered', {}, ['get_weather', 'get_time']],
    ['forbidden', { tool_choice: 'none' }, []],
    ['required', { tool_choice: 'required' }, ['get_weather', 'get_time']],
    ['forced by name', { tool_choice: { type: 'function', function: { name: 'get_time' } } }, ['get_time']],
    ['not parallel', { parallel_tool_calls: false }, ['get_weather']],
    [
      'only some of them allowed',
      { tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [clock] } } },
      ['get_time'],
    ],
  ])('calls what it should with tools %s', async (_name, settings, names) => {
    const params = { ...base, messages: [asked('go')], tools: [weather, clock], ...settings } as Params;
    const [streamed, whole] = await both(params);
    expect(namesOf(whole)).toEqual(names);
    expect(namesOf(streamed)).toEqual(names);
  });

  it('calls a custom tool with free text', async () => {
    const tools = [{ type: 'custom' as const, custom: { name: 'patch' } }];
    const whole = await clientOf(await openSandbox()).chat.completions.create({
      ...base,
      messages: [asked('x')],
      tools,
    });
    expect(whole.choices[0]?.message.tool_calls).toMatchObject([
      { type: 'custom', custom: { name: 'patch', input: 'example-1' } },
    ]);
  });

  it('quotes the results of all tools', async () => {
    const client = clientOf(await openSandbox());
    const params = { ...base, tools: [weather, clock] };
    const first = await client.chat.completions.create({ ...params, messages: [asked('go')] });
    const message = first.choices[0]?.message;
    const results = (message?.tool_calls ?? []).map((call, index) => ({
      role: 'tool' as const,
      tool_call_id: call.id,
      content: `result ${index}`,
    }));
    const history = [asked('go'), ...(message === undefined ? [] : [message]), ...results];
    const second = await client.chat.completions.create({ ...params, messages: history });
    expect(second.choices[0]?.message.content).toBe(
      'Thank you. The tools answered: "result 0" and "result 1".',
    );
  });

  it.each([
    ['max_tokens', { max_tokens: 3 }, 'Hello from t', 'length'],
    ['max_completion_tokens', { max_completion_tokens: 2 }, 'Hello fr', 'length'],
    ['stop', { stop: 'sandbox' }, 'Hello from the ', 'stop'],
    ['a list of stops', { stop: ['nowhere', 'from'] }, 'Hello ', 'stop'],
  ])('ends early by %s', async (_name, settings, content, reason) => {
    const [streamed, whole] = await both({ ...base, messages: [asked('hi')], ...settings });
    expect(whole?.choices[0]).toMatchObject({ message: { content }, finish_reason: reason });
    expect(streamed?.choices[0]).toMatchObject({ message: { content }, finish_reason: reason });
  });

  it('counts media, and answers in JSON on request', async () => {
    const content: OpenAI.Chat.ChatCompletionContentPart[] = [
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'input_audio', input_audio: { data: 'aaaa', format: 'wav' } },
      { type: 'file', file: { file_id: 'file_1' } },
    ];
    const [, seen] = await both({ ...base, messages: [{ role: 'user', content }] });
    expect(seen?.choices[0]?.message.content).toBe(
      'Hello from the sandbox 👋 I see 1 image and 1 document and 1 recording.',
    );
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
    const format = { type: 'json_schema' as const, json_schema: { name: 'reply', schema } };
    const [, json] = await both({ ...base, messages: [asked('hi')], response_format: format });
    expect(json?.choices[0]?.message.content).toBe('{"ok":true}');
  });
});
