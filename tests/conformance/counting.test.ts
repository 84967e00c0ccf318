import { describe, expect, it } from 'vitest';
import type { RawAnswer } from '../support/gateway.ts';
import { postJson } from '../support/gateway.ts';
import { dig, readBody, startStage } from './support/stage.ts';
import type { Stage } from './support/stage.ts';
import { jsonOf } from './support/wire.ts';

const COUNT = '/v1/messages/count_tokens?beta=true';
const FACTORY_COUNT = '/api/llm/a/v1/messages/count_tokens';

const messages = [{ role: 'user' as const, content: 'What is the weather in Rovaniemi today?' }];
const system = 'You are a forecaster. Answer in one short sentence, and name the temperature in Celsius.';
const tool = {
  name: 'weather',
  description: 'Looks up the weather of a town.',
  input_schema: {
    type: 'object' as const,
    properties: { town: { type: 'string', description: 'Name of the town' } },
  },
};
const call = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { town: 'Rovaniemi' } };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'Minus 20 degrees, clear sky' };
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
const pdf = {
  type: 'document',
  source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQ=' },
};

const count = ({ gateway, model }: Stage, body: object): Promise<RawAnswer> =>
  postJson(gateway.url + COUNT, { model, ...body }, { 'anthropic-version': '2023-06-01' });

/** The estimate for each of these bodies, in order. */
async function estimatesOf(stage: Stage, bodies: readonly object[]): Promise<unknown[]> {
  const answers = await Promise.all(bodies.map((body) => count(stage, body)));
  return answers.map((answer) => dig(readBody(answer), 'input_tokens'));
}

const estimated = (answer: RawAnswer): void => {
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringMatching(/^application\/json/) as unknown,
    'x-droid2api-estimated': 'true',
    'x-request-id': expect.stringMatching(/^req_/) as unknown,
  });
  expect(readBody(answer)).toEqual({ input_tokens: expect.any(Number) as unknown });
};

describe.each(['common', 'openai', 'google'] as const)('a count for a model behind %s', (upstream) => {
  it('C165 is made here, without a limit of tokens, and is marked as an estimate', async () => {
    const stage = await startStage(upstream);
    estimated(await count(stage, { messages, system, tools: [tool] }));
    expect(stage.gateway.sandbox.requests).toHaveLength(0);
  });

  it('C165 grows with every part of the request', async () => {
    const stage = await startStage(upstream);
    const said = [...messages, { role: 'assistant', content: [call] }];
    const answered = [...said, { role: 'user', content: [result] }];
    const shown = [...said, { role: 'user', content: [result, image] }];
    const read = [...said, { role: 'user', content: [result, image, pdf] }];
    const tools = [tool];
    const estimates = await estimatesOf(stage, [
      { messages },
      { messages, system },
      { messages, system, tools },
      { messages: said, system, tools },
      { messages: answered, system, tools },
      { messages: shown, system, tools },
      { messages: read, system, tools },
    ]);
    expect(new Set(estimates).size).toBe(7);
    expect([...estimates].sort((a, b) => Number(a) - Number(b))).toEqual(estimates);
    expect(estimates.every((estimate) => Number.isInteger(estimate))).toBe(true);
  });

  it('C165 is what the client of Anthropic reads', async () => {
    const { anthropic, model } = await startStage(upstream);
    const told = await anthropic.beta.messages.countTokens({ model, messages, system, tools: [tool] });
    expect(told.input_tokens).toBeGreaterThan(50);
  });

  it('C165 C170 leaves out the billing line of Claude Code', async () => {
    const stage = await startStage(upstream);
    const billing = (nonce: string): object => ({
      messages,
      system: [
        { type: 'text', text: `x-anthropic-billing-header: cc_version=2.1; cch=${nonce};` },
        { type: 'text', text: system },
      ],
    });
    const [bare, short, long] = await estimatesOf(stage, [
      { messages, system },
      billing('1'),
      billing('a much longer nonce than that'),
    ]);
    expect([short, long]).toEqual([bare, bare]);
  });

  it('C165 takes a request that thinks, without a limit to think within', async () => {
    const stage = await startStage(upstream);
    estimated(await count(stage, { messages, thinking: { type: 'enabled', budget_tokens: 8000 } }));
  });

  it('C165 is refused, naming the field, where the request is no request', async () => {
    const answer = await count(await startStage(upstream), { messages: 'Hello' });
    expect(answer.status).toBe(400);
    expect(readBody(answer)).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringMatching(/^messages: /) as unknown },
    });
  });
});

describe('a count for an Anthropic model', () => {
  it('C166 is estimated where the upstream has no such route, and the model stays in use', async () => {
    const stage = await startStage('anthropic');
    estimated(await count(stage, { messages, system, tools: [tool] }));
    const [request] = stage.gateway.sandbox.requests;
    expect(request?.path).toBe(`${FACTORY_COUNT}?beta=true`);
    expect(stage.sent()).toEqual({ model: stage.model, messages, system, tools: [tool] });
    const answer = await stage.ask('messages', { messages });
    expect(answer.status).toBe(200);
    estimated(await count(stage, { messages }));
  });

  it.each([404, 405])('C166 is estimated when the upstream says %i', async (status) => {
    const stage = await startStage('anthropic');
    stage.script(jsonOf({ type: 'error', error: { type: 'not_found_error', message: 'Not found' } }, status));
    estimated(await count(stage, { messages }));
  });

  it('C166 is estimated with whatever else Anthropic takes', async () => {
    const stage = await startStage('anthropic');
    const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } };
    const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] };
    estimated(
      await count(stage, {
        messages: [
          ...messages,
          { role: 'assistant', content: [search, found, { type: 'text', text: 'It is cold.' }] },
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'file', file_id: 'file_1' } },
              { type: 'container_upload', file_id: 'file_2' },
            ],
          },
        ],
        tools: [{ type: 'web_search_20250305', name: 'web_search' }],
        mcp_servers: [{ type: 'url', url: 'https://mcp.example/', name: 'mcp' }],
        container: 'container_1',
        inference_geo: 'eu',
        context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
        tool_choice: { type: 'tool', name: 'web_search' },
      }),
    );
  });

  it('C166 is the upstream’s own where it counts, after the operator’s edits', async () => {
    const stage = await startStage('anthropic', { config: { system_prompt: 'You are Droid.' } });
    stage.script(jsonOf({ input_tokens: 321 }));
    const answer = await count(stage, { messages, system });
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('x-droid2api-estimated');
    expect(readBody(answer)).toEqual({ input_tokens: 321 });
    expect(stage.sent()).toEqual({
      model: stage.model,
      messages,
      system: [
        { type: 'text', text: 'You are Droid.' },
        { type: 'text', text: system },
      ],
    });
  });

  it('C166 is refused in the words of the upstream where it finds a fault', async () => {
    const stage = await startStage('anthropic');
    const refusal = { type: 'error', error: { type: 'invalid_request_error', message: 'messages: no' } };
    stage.script(jsonOf(refusal, 400));
    const answer = await count(stage, { messages });
    expect(answer.status).toBe(400);
    expect(readBody(answer)).toEqual(refusal);
  });
});
