import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { postJson, startGateway } from '../support/gateway.ts';
import type { TestGateway } from '../support/gateway.ts';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const TRANSLATED = ['claude', 'gpt', 'gemini'] as const;

const say = (text: string) => [{ role: 'user', content: text }];
const ask = ({ url }: TestGateway, body: Record<string, unknown>) =>
  postJson(`${url}/v1/chat/completions`, body);
const sentBody = ({ sandbox }: TestGateway) =>
  JSON.parse(sandbox.requests.at(-1)?.body ?? '{}') as Record<string, unknown>;

describe.each(TRANSLATED)('a chat request for %s', (model) => {
  it('carries system text, developer text and an image', async () => {
    const gateway = await startGateway();
    const { status } = await ask(gateway, {
      model,
      messages: [
        { role: 'system', content: 'You are terse.' },
        { role: 'developer', content: 'Answer in German.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          ],
        },
      ],
    });
    expect(status).toBe(200);
    const sent = JSON.stringify(sentBody(gateway));
    expect(sent).toMatch(/You are terse\..*Answer in German\.|Answer in German\..*You are terse\./);
    expect(sent).toContain(PNG);
  });

  it('C126 ends its stream with one usage chunk when that was asked for, and with none when not', async () => {
    const gateway = await startGateway();
    const body = { model, messages: say('Hi'), stream: true };
    const without = await ask(gateway, body);
    const asked = await ask(gateway, { ...body, stream_options: { include_usage: true } });
    expect(without.text).not.toContain('"usage"');
    expect(asked.text.match(/"choices":\[\]/g)).toHaveLength(1);
    expect(asked.text).toMatch(/"choices":\[\].*"total_tokens":[1-9]\d*.*\n\ndata: \[DONE\]\n\n$/);
  });

  it('C007 begins its stream with the role and ends it with one finish chunk and [DONE]', async () => {
    const { text, headers } = await ask(await startGateway(), { model, messages: say('Hi'), stream: true });
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(text).toMatch(/^data: \{[^\n]*"role":"assistant"/);
    expect(text.match(/"finish_reason":"stop"/g)).toHaveLength(1);
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('says that the answer was cut by max_tokens', async () => {
    const gateway = await startGateway();
    const longer = await ask(gateway, { model, messages: say('word '.repeat(200)), max_tokens: 16 });
    expect(JSON.parse(longer.text)).toMatchObject({ choices: [{ finish_reason: 'length' }] });
  });

  it('tells in a header what the upstream could not be told', async () => {
    const gateway = await startGateway();
    const { headers, status } = await ask(gateway, {
      model,
      messages: say('Hi'),
      logit_bias: { 50256: -100 },
    });
    expect(status).toBe(200);
    expect(headers['x-translation-notes']).toContain('logit_bias=dropped');
  });

  it('may hold hints under strict translation: they are dropped, and change nothing of the answer', async () => {
    const gateway = await startGateway({ config: { strict_translation: true } });
    const { status } = await ask(gateway, {
      model,
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] },
      ],
      ...{ metadata: { a: 'b' }, user: 'someone', prompt_cache_key: 'key', store: true },
    });
    expect(status).toBe(200);
  });

  it('is refused, naming the field, when strict_translation is on and something would be lost', async () => {
    const gateway = await startGateway({ config: { strict_translation: true } });
    const { status, text } = await ask(gateway, { model, messages: say('Hi'), logit_bias: { 50256: -100 } });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'invalid_request_error', param: 'logit_bias' } });
    expect(gateway.sandbox.requests).toHaveLength(0);
  });

  it('C111 is refused when it wants several answers', async () => {
    const gateway = await startGateway();
    const { status, text } = await ask(gateway, { model, messages: say('Hi'), n: 2 });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { param: 'n' } });
  });

  it.each([
    ['none', 'stop'],
    ['required', 'tool_calls'],
    ['auto', 'tool_calls'],
  ])('obeys tool_choice %s', async (choice, reason) => {
    const gateway = await startGateway();
    const tools = [
      { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } },
    ];
    const { text } = await ask(gateway, { model, messages: say('Go.'), tools, tool_choice: choice });
    expect(JSON.parse(text)).toMatchObject({ choices: [{ finish_reason: reason }] });
  });

  it("puts the configured system prompt in front of the client's", async () => {
    const gateway = await startGateway({ config: { system_prompt: 'PREFIX\n\n' } });
    const messages = [{ role: 'system', content: 'CLIENT' }, ...say('Hi')];
    expect((await ask(gateway, { model, messages })).status).toBe(200);
    expect(JSON.stringify(sentBody(gateway))).toMatch(/PREFIX.*CLIENT/);
  });

  it('C073 carries long integers and odd keys in tool arguments exactly', async () => {
    const gateway = await startGateway();
    const args = '{"id":1234567890123456789,"__proto__":{"x":1},"f":1.10}';
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: args } };
    const { status } = await ask(gateway, {
      model,
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
      messages: [
        ...say('Hi'),
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: 'done' },
      ],
    });
    expect(status).toBe(200);
    const sent = gateway.sandbox.requests[0]?.body.replaceAll('\\"', '"');
    expect(sent).toContain('1234567890123456789');
    expect(sent).toContain('"__proto__":{"x":1}');
  });
});

describe('the model of an answer', () => {
  it('is the id that the client asked for, also through a redirect', async () => {
    const gateway = await startGateway({ config: { model_redirects: { 'my-*': 'claude' } } });
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    const answer = await client.chat.completions.create({
      model: 'my-model',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(answer.model).toBe('my-model');
    expect(sentBody(gateway)['model']).toBe('claude');
  });
});

describe('a refusal behind the start of a stream', () => {
  const created = 'data: {"type":"response.created","response":{"id":"r","model":"gpt","output":[]}}\n\n';
  const failed =
    'data: {"type":"response.failed","response":{"id":"r","status":"failed","output":[],' +
    '"error":{"code":"context_length_exceeded","message":"too long"}}}\n\n';

  it.each([
    ['one piece', [created + failed]],
    ['two pieces', [created, failed]],
  ])('is a status when it comes in %s', async (_what, chunks) => {
    const gateway = await startGateway();
    gateway.sandbox.script({
      headers: { 'content-type': 'text/event-stream' },
      chunks: chunks.map((chunk) => Buffer.from(chunk)),
      ending: 'finish',
    });
    const { status, text } = await ask(gateway, { model: 'gpt', messages: say('Hi'), stream: true });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'context_length_exceeded' } });
  });
});
