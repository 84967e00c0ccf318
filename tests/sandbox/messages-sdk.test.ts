import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { openSandbox } from './raw-client.ts';

const clientOf = (sandbox: Sandbox): Anthropic =>
  new Anthropic({
    baseURL: `${sandbox.url}/api/llm/a`,
    authToken: 'token',
    apiKey: null,
    maxRetries: 0,
    defaultHeaders: { 'x-api-provider': 'anthropic' },
  });

const MODEL = 'claude-sonnet-4-6';
const base = { model: MODEL, max_tokens: 2000 };
const weather: Anthropic.Tool = {
  name: 'get_weather',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 2 }, note: { type: 'string' } },
    required: ['city', 'days'],
  },
};
const clock: Anthropic.Tool = { name: 'get_time', input_schema: { type: 'object', properties: {} } };
type Params = Anthropic.MessageCreateParamsNonStreaming;

async function both(params: Params): Promise<readonly Anthropic.Message[]> {
  const streamed = await clientOf(await openSandbox())
    .messages.stream(params)
    .finalMessage();
  const whole = await clientOf(await openSandbox()).messages.create(params);
  return [streamed, whole];
}

const user = (content: Anthropic.MessageParam['content']): Anthropic.MessageParam => ({
  role: 'user',
  content,
});

describe('the sandbox as the Messages API, read by the official SDK', () => {
  it('tells the same text streamed and whole', async () => {
    const [streamed, whole] = await both({ ...base, messages: [user('Grüezi 你好')] });
    expect(whole?.content).toMatchObject([
      { type: 'text', text: 'Hello from the sandbox 👋 You wrote: "Grüezi 你好".' },
    ]);
    expect(streamed?.content).toEqual(whole?.content);
    expect(streamed?.stop_reason).toBe('end_turn');
  });

  it('tells usage with cache reads, cache writes and thinking tokens, the same both ways', async () => {
    const params = { ...base, thinking: { type: 'enabled' as const, budget_tokens: 1024 } };
    const [streamed, whole] = await both({
      ...params,
      messages: [user('a text long enough to fill the cache')],
    });
    expect(whole?.usage.cache_read_input_tokens).toBeGreaterThan(0);
    expect(whole?.usage.cache_creation_input_tokens).toBeGreaterThan(0);
    expect(whole?.usage.output_tokens_details?.thinking_tokens).toBeGreaterThan(0);
    expect(streamed?.usage.output_tokens).toBe(whole?.usage.output_tokens);
  });

  it('counts the media of the last turn', async () => {
    const image = { type: 'base64' as const, media_type: 'image/png' as const, data: 'aaaa' };
    const pdf = { type: 'base64' as const, media_type: 'application/pdf' as const, data: 'aaaa' };
    const content: Anthropic.ContentBlockParam[] = [
      { type: 'image', source: image },
      { type: 'image', source: image },
      { type: 'document', source: pdf },
      { type: 'text', text: 'look' },
    ];
    const [, whole] = await both({ ...base, messages: [user(content)] });
    expect(whole?.content[0]).toMatchObject({
      text: expect.stringContaining('I see 2 images and 1 document.') as string,
    });
  });

  it('calls the first tool with arguments made from its schema, after a sentence', async () => {
    const [streamed, whole] = await both({ ...base, tools: [weather], messages: [user('weather?')] });
    expect(streamed?.content).toEqual(whole?.content);
    expect(whole?.stop_reason).toBe('tool_use');
    expect(whole?.content).toMatchObject([
      { type: 'text', text: 'Let me ask get_weather.' },
      {
        type: 'tool_use',
        id: expect.stringMatching(/^toolu_/) as string,
        name: 'get_weather',
        input: { city: 'example-1', days: 2 },
      },
    ]);
  });

  it.each([
    ['two tools', { tools: [weather, clock] }, 'weather?', ['get_weather', 'get_time']],
    ['the word parallel', { tools: [weather] }, 'in parallel please', ['get_weather', 'get_weather']],
    [
      'parallel calls switched off',
      { tools: [weather, clock], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      'in parallel please',
      ['get_weather'],
    ],
    [
      'a forced tool',
      { tools: [weather, clock], tool_choice: { type: 'tool', name: 'get_time' } },
      'x',
      ['get_time'],
    ],
    ['tools forbidden', { tools: [weather], tool_choice: { type: 'none' } }, 'x', []],
  ] as const)('calls what it should with %s', async (_name, settings, text, names) => {
    const [streamed, whole] = await both({
      ...base,
      ...settings,
      messages: [user(text)],
    } as unknown as Params);
    const namesOf = (message: Anthropic.Message | undefined): readonly string[] =>
      (message?.content ?? []).flatMap((block) => (block.type === 'tool_use' ? [block.name] : []));
    expect(namesOf(whole)).toEqual(names);
    expect(namesOf(streamed)).toEqual(names);
  });

  it('thinks first, and takes its own thinking and the tool results back', async () => {
    const client = clientOf(await openSandbox());
    const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
    const asked = user('weather?');
    const settings = { ...base, thinking, tools: [weather] };
    const first = await client.messages.stream({ ...settings, messages: [asked] }).finalMessage();
    expect(first.content.map((block) => block.type)).toEqual(['thinking', 'text', 'tool_use']);
    const call = first.content.find((block) => block.type === 'tool_use');
    const result = { type: 'tool_result' as const, tool_use_id: call?.id ?? '', content: '21 °C' };
    const answer = { role: 'assistant' as const, content: first.content };
    const second = await client.messages.create({ ...settings, messages: [asked, answer, user([result])] });
    expect(second.content.at(-1)).toMatchObject({ text: 'Thank you. The tools answered: "21 °C".' });
  });

  it('signs thinking that is not to be read', async () => {
    const thinking = { type: 'adaptive' as const, display: 'omitted' as const };
    const [streamed] = await both({ ...base, thinking, messages: [user('x')] });
    expect(streamed?.content[0]).toMatchObject({ type: 'thinking', thinking: '' });
    expect(streamed?.content[0]).toHaveProperty('signature', expect.stringMatching(/^\S{40,}$/));
  });

  it('stops at max_tokens', async () => {
    const [streamed, whole] = await both({ ...base, max_tokens: 3, messages: [user('hi')] });
    expect(streamed?.stop_reason).toBe('max_tokens');
    expect(whole?.content).toMatchObject([{ text: 'Hello from t' }]);
    expect(whole?.usage.output_tokens).toBe(3);
  });

  it('cuts a call that does not fit, without calling it a call', async () => {
    const [, whole] = await both({ ...base, max_tokens: 8, tools: [weather], messages: [user('hi')] });
    expect(whole?.stop_reason).toBe('max_tokens');
    expect(whole?.content[1]).toMatchObject({ type: 'tool_use', input: {} });
  });

  it('stops before a stop sequence and names it', async () => {
    const [streamed, whole] = await both({ ...base, stop_sequences: ['sandbox'], messages: [user('hi')] });
    expect(whole).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'sandbox' });
    expect(streamed?.content).toMatchObject([{ text: 'Hello from the ' }]);
  });

  it('answers in JSON that fits the schema when one is given', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    const format = { type: 'json_schema' as const, schema };
    const [, whole] = await both({ ...base, output_config: { format }, messages: [user('hi')] });
    expect(whole?.content).toMatchObject([{ text: '{"name":"example-1"}' }]);
  });

  it('takes the query of the beta route', async () => {
    const sandbox = await openSandbox();
    const params = { ...base, messages: [user('hi')] };
    await clientOf(sandbox).messages.create(params, { query: { beta: 'true' } });
    expect(sandbox.requests[0]?.path).toBe('/api/llm/a/v1/messages?beta=true');
  });

  it('has no token counting until it is switched on', async () => {
    const params = { model: MODEL, messages: [user('hi')] };
    const without = clientOf(await openSandbox()).messages.countTokens(params);
    await expect(without).rejects.toMatchObject({ status: 404 });
    const counted = await clientOf(await openSandbox({ countTokens: true })).messages.countTokens(params);
    expect(counted.input_tokens).toBeGreaterThan(0);
  });
});
