import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { openSandbox } from './raw-client.ts';

const clientOf = (sandbox: Sandbox): OpenAI =>
  new OpenAI({
    baseURL: `${sandbox.url}/api/llm/o/v1`,
    apiKey: 'token',
    maxRetries: 0,
    defaultHeaders: { 'x-api-provider': 'openai' },
  });

type Params = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>;
type Response = OpenAI.Responses.Response;
type Event = OpenAI.Responses.ResponseStreamEvent;

const base = { model: 'gpt-5.4' };
const weather: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_weather',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' } },
    required: ['city', 'days'],
    additionalProperties: false,
  },
};
const patch: OpenAI.Responses.CustomTool = { type: 'custom', name: 'apply_patch' };

async function eventsOf(params: Params): Promise<readonly Event[]> {
  const stream = await clientOf(await openSandbox()).responses.create({ ...params, stream: true });
  const events: Event[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

async function both(params: Params): Promise<readonly Response[]> {
  const streamed = await clientOf(await openSandbox())
    .responses.stream(params)
    .finalResponse();
  const whole = await clientOf(await openSandbox()).responses.create(params);
  return [streamed, whole];
}

describe('the sandbox as the Responses API, read by the official SDK', () => {
  it('tells the same text streamed and whole', async () => {
    const [streamed, whole] = await both({ ...base, input: 'Grüezi 你好' });
    expect(whole?.output_text).toBe('Hello from the sandbox 👋 You wrote: "Grüezi 你好".');
    expect(streamed?.output_text).toBe(whole?.output_text);
    expect(streamed?.output.map(({ id }) => id)).toEqual(whole?.output.map(({ id }) => id));
    expect(whole?.status).toBe('completed');
  });

  it('numbers its events from 0 and ends with the response', async () => {
    const events = await eventsOf({ ...base, input: 'hi', reasoning: { effort: 'low', summary: 'auto' } });
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events[0]?.type).toBe('response.created');
    expect(events.at(-1)?.type).toBe('response.completed');
  });

  it('echoes what the request set, and OpenAI defaults for the rest', async () => {
    const [, whole] = await both({ ...base, input: 'hi', instructions: 'be brief', store: false });
    expect(whole).toMatchObject({
      instructions: 'be brief',
      store: false,
      temperature: 1,
      truncation: 'disabled',
    });
  });

  it('tells usage with cached and reasoning tokens', async () => {
    const [streamed, whole] = await both({ ...base, input: 'a longer text', reasoning: { effort: 'high' } });
    expect(whole?.usage?.input_tokens_details.cached_tokens).toBeGreaterThan(0);
    expect(whole?.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
    expect(streamed?.usage?.output_tokens).toBe(whole?.usage?.output_tokens);
  });

  it('calls a function with arguments made from its schema', async () => {
    const [streamed, whole] = await both({ ...base, input: 'weather?', tools: [weather] });
    expect(whole?.output).toMatchObject([
      {
        type: 'function_call',
        name: 'get_weather',
        arguments: '{"city":"example-1","days":1}',
        status: 'completed',
      },
    ]);
    expect(streamed?.output).toMatchObject([{ arguments: '{"city":"example-1","days":1}' }]);
  });

  it('interleaves the arguments of parallel calls', async () => {
    const params = { ...base, input: 'do it in parallel', tools: [weather] };
    const order = (await eventsOf(params)).flatMap((event) =>
      event.type === 'response.function_call_arguments.delta' ? [event.output_index] : [],
    );
    expect(order.slice(0, 4)).toEqual([0, 1, 0, 1]);
    const [streamed] = await both(params);
    expect(streamed?.output).toMatchObject([
      { arguments: '{"city":"example-1","days":1}' },
      { arguments: '{"city":"example-2","days":1}' },
    ]);
  });

  it('calls a custom tool with free text, and a namespaced one by its namespace', async () => {
    const child = { ...weather, strict: null };
    const inner = { type: 'namespace' as const, name: 'maps', description: 'maps', tools: [child] };
    const [streamed] = await both({ ...base, input: 'go', tools: [patch, inner] });
    expect(streamed?.output).toMatchObject([
      { type: 'custom_tool_call', name: 'apply_patch', input: 'example-1' },
      { type: 'function_call', name: 'get_weather', namespace: 'maps' },
    ]);
  });

  it.each([
    ['forbidden', { tool_choice: 'none' }, []],
    ['forced by name', { tool_choice: { type: 'custom', name: 'apply_patch' } }, ['apply_patch']],
    ['required', { tool_choice: 'required' }, ['get_weather', 'apply_patch']],
    ['not parallel', { parallel_tool_calls: false }, ['get_weather']],
    [
      'only some of them allowed',
      {
        tool_choice: {
          type: 'allowed_tools',
          mode: 'auto',
          tools: [{ type: 'custom', name: 'apply_patch' }],
        },
      },
      ['apply_patch'],
    ],
  ])('calls what it should with tools %s', async (_name, settings, names) => {
    const params = { ...base, input: 'go', tools: [weather, patch], ...settings } as Params;
    const [, whole] = await both(params);
    const called = whole?.output.flatMap((item) => ('name' in item ? [item.name] : []));
    expect(called).toEqual(names);
  });

  it('reasons in two summary parts, and takes its own reasoning and the outputs back', async () => {
    const client = clientOf(await openSandbox());
    const reasoning = { effort: 'medium' as const, summary: 'auto' as const };
    const settings = { ...base, reasoning, store: false, tools: [weather] };
    const asked: OpenAI.Responses.ResponseInputItem = { role: 'user', content: 'weather?' };
    const first = await client.responses.create({ ...settings, input: [asked] });
    const [thought, call] = first.output;
    expect(thought).toMatchObject({
      type: 'reasoning',
      summary: [{ type: 'summary_text' }, { type: 'summary_text' }],
    });
    const callId = call?.type === 'function_call' ? call.call_id : '';
    const output = { type: 'function_call_output' as const, call_id: callId, output: '21 °C' };
    const history = first.output as OpenAI.Responses.ResponseInputItem[];
    const second = await client.responses.create({ ...settings, input: [asked, ...history, output] });
    expect(second.output_text).toBe('Thank you. The tools answered: "21 °C".');
  });

  it('hides its reasoning unless a summary is asked for', async () => {
    const [streamed] = await both({ ...base, input: 'hi', reasoning: { effort: 'low' } });
    expect(streamed?.output[0]).toMatchObject({ type: 'reasoning', summary: [] });
  });

  it('ends incomplete at max_output_tokens', async () => {
    const long = 'a text that is rather longer than sixteen tokens of four characters';
    const [streamed, whole] = await both({ ...base, max_output_tokens: 16, input: long });
    expect(whole).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(streamed?.output).toMatchObject([{ status: 'incomplete' }]);
    expect(whole?.usage?.output_tokens).toBe(16);
  });

  it('counts images and files, and answers in JSON on request', async () => {
    const content: OpenAI.Responses.ResponseInputContent[] = [
      { type: 'input_text', text: 'look' },
      { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' },
      { type: 'input_file', file_id: 'file_1' },
    ];
    const [, whole] = await both({ ...base, input: [{ role: 'user', content }] });
    expect(whole?.output_text).toContain('I see 1 image and 1 document.');
    const [, json] = await both({ ...base, input: 'hi', text: { format: { type: 'json_object' } } });
    expect(json?.output_text).toBe('{"answer":"example-1"}');
  });
});
