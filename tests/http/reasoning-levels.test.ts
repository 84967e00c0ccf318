import { describe, expect, it } from 'vitest';
import type { ReasoningLevel } from '../../src/kernel/reasoning.ts';
import { postJson, startGateway } from '../support/gateway.ts';

const BETA = 'interleaved-thinking-2025-05-14';
const BUDGETS = [
  ['low', 4096],
  ['medium', 12288],
  ['high', 24576],
  ['xhigh', 40960],
] as const;

const routes = {
  anthropic: {
    path: '/v1/messages',
    body: { max_tokens: 1000, messages: [{ role: 'user', content: 'Hi' }] },
  },
  openai: { path: '/v1/responses', body: { input: 'Hi' } },
  common: { path: '/v1/chat/completions', body: { messages: [{ role: 'user', content: 'Hi' }] } },
  google: { path: '/v1/chat/completions', body: { messages: [{ role: 'user', content: 'Hi' }] } },
} as const;
type Type = keyof typeof routes;

interface Sent {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly header: (name: string) => unknown;
}

/** What the upstream gets when the model is configured with this level. */
async function sent(
  type: Type,
  reasoning: ReasoningLevel,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
  id = 'plain-model',
): Promise<Sent> {
  const { url, sandbox } = await startGateway({ config: { models: [{ name: 'M', id, type, reasoning }] } });
  const { path, body } = routes[type];
  const { status } = await postJson(url + path, { model: id, ...body, ...more }, headers);
  const request = sandbox.requests.at(-1);
  return {
    status,
    body: JSON.parse(request?.body ?? '{}') as Record<string, unknown>,
    header: (name) => request?.headers[name],
  };
}

describe('reasoning levels of a model of which nothing else is known', () => {
  it.each(BUDGETS)('%s gives a Messages model its budget, and max_tokens above it', async (level, budget) => {
    const { status, body, header } = await sent('anthropic', level);
    expect(status).toBe(200);
    expect(body['thinking']).toEqual({ type: 'enabled', budget_tokens: budget });
    expect(body['max_tokens']).toBeGreaterThan(budget);
    expect(header('anthropic-beta')).toBe(BETA);
  });

  it.each(['low', 'medium', 'high', 'xhigh'] as const)(
    '%s is the effort of a Responses model',
    async (level) => {
      expect((await sent('openai', level)).body['reasoning']).toEqual({ effort: level, summary: 'auto' });
    },
  );

  it.each(['low', 'medium', 'high', 'xhigh'] as const)('%s is the effort of a chat model', async (level) => {
    expect((await sent('common', level)).body['reasoning_effort']).toBe(level);
  });

  it.each([
    ['low', 'LOW'],
    ['medium', 'MEDIUM'],
    ['high', 'HIGH'],
    ['xhigh', 'HIGH'],
  ] as const)('%s is thinking level %s of a Gemini model', async (level, word) => {
    const config = (await sent('google', level)).body['generationConfig'];
    expect(config).toMatchObject({ thinkingConfig: { thinkingLevel: word } });
  });

  it('off takes out what the client asked for, in body and header', async () => {
    const thinking = { type: 'enabled', budget_tokens: 2000 };
    const asked = { thinking, max_tokens: 4000 };
    const messages = await sent('anthropic', 'off', asked, { 'anthropic-beta': `one,${BETA},two` });
    expect(messages.body).not.toHaveProperty('thinking');
    expect(messages.header('anthropic-beta')).toBe('one, two');
    expect((await sent('openai', 'off', { reasoning: { effort: 'high' } })).body).not.toHaveProperty(
      'reasoning',
    );
    expect((await sent('common', 'off', { reasoning_effort: 'high' })).body).not.toHaveProperty(
      'reasoning_effort',
    );
    const google = await sent('google', 'off', { reasoning_effort: 'high' });
    expect(JSON.stringify(google.body)).not.toContain('thinking');
  });

  it('auto leaves body and header of a relayed request as they are', async () => {
    const asked = {
      thinking: { type: 'enabled', budget_tokens: 2000, display: 'full' },
      max_tokens: 4000,
      temperature: 1,
    };
    const { body, header } = await sent('anthropic', 'auto', asked, { 'anthropic-beta': 'b,a ,c' });
    expect(body).toEqual({ model: 'plain-model', ...routes.anthropic.body, ...asked });
    expect(header('anthropic-beta')).toBe('b,a ,c');
  });

  it('auto sends no beta header of its own', async () => {
    expect((await sent('anthropic', 'auto')).header('anthropic-beta')).toBeUndefined();
  });
});

describe('what a level implies for Claude', () => {
  it('C153 raises max_tokens by the budget', async () => {
    const { body } = await sent('anthropic', 'high', { max_tokens: 8000 });
    expect(body).toMatchObject({ thinking: { budget_tokens: 24576 }, max_tokens: 32576 });
  });

  it('C154 fits the budget under the output limit of the model', async () => {
    const { url, sandbox } = await startGateway({
      config: {
        models: [
          { name: 'M', id: 'm', type: 'anthropic', reasoning: 'xhigh', capabilities: { maxOutput: 32000 } },
        ],
      },
    });
    await postJson(`${url}/v1/messages`, { model: 'm', ...routes.anthropic.body });
    expect(JSON.parse(sandbox.requests[0]?.body ?? '')).toMatchObject({
      thinking: { budget_tokens: 30976 },
      max_tokens: 32000,
    });
  });

  it('C155 takes out sampling that thinking does not allow', async () => {
    const { status, body } = await sent('anthropic', 'low', { temperature: 0.2, top_k: 5, top_p: 0.5 });
    expect(status).toBe(200);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['temperature']));
    expect(body).not.toHaveProperty('top_k');
    expect(body).not.toHaveProperty('top_p');
  });

  it('C156 lets a forced tool choice win over the injected thinking', async () => {
    const forced = {
      tool_choice: { type: 'any' },
      tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
    };
    const { status, body } = await sent('anthropic', 'high', forced);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('thinking');
    expect(body['tool_choice']).toEqual({ type: 'any' });
  });

  it('C157 gives an adaptive model the form that it takes', async () => {
    const { body, header } = await sent('anthropic', 'high', { temperature: 0.2 }, {}, 'claude-opus-5');
    expect(body['thinking']).toMatchObject({ type: 'adaptive' });
    expect(body['output_config']).toEqual({ effort: 'high' });
    expect(JSON.stringify(body)).not.toMatch(/budget_tokens|temperature/);
    expect(header('anthropic-beta')).toBeUndefined();
  });

  it('is the same for a translated request', async () => {
    const { url, sandbox } = await startGateway({
      config: { models: [{ name: 'M', id: 'm', type: 'anthropic', reasoning: 'medium' }] },
    });
    const answer = await postJson(`${url}/v1/chat/completions`, {
      model: 'm',
      max_tokens: 500,
      temperature: 0.3,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(answer.status).toBe(200);
    const body = JSON.parse(sandbox.requests[0]?.body ?? '{}') as Record<string, unknown>;
    expect(body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 12288 }, max_tokens: 12788 });
    expect(body).not.toHaveProperty('temperature');
    expect(sandbox.requests[0]?.headers['anthropic-beta']).toBe(BETA);
  });
});

describe("a chat client's own wish, in auto", () => {
  it('C159 becomes a budget for a budget model and an effort for an adaptive one', async () => {
    const ids = ['claude-sonnet-4-5-20250929', 'claude-opus-5'];
    const { url, sandbox } = await startGateway({
      config: { models: ids.map((id) => ({ name: id, id, type: 'anthropic' })) },
    });
    for (const model of ids) {
      await postJson(`${url}/v1/chat/completions`, {
        model,
        reasoning_effort: 'medium',
        messages: [{ role: 'user', content: 'Hi' }],
      });
    }
    const [budget, adaptive] = sandbox.requests.map(
      ({ body }) => JSON.parse(body) as Record<string, unknown>,
    );
    expect(budget?.['thinking']).toMatchObject({ type: 'enabled', budget_tokens: 12288 });
    expect(adaptive?.['output_config']).toEqual({ effort: 'medium' });
  });

  it('comes back as reasoning that the client can read', async () => {
    const { url } = await startGateway();
    const answer = await postJson(`${url}/v1/chat/completions`, {
      model: 'claude',
      reasoning_effort: 'low',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(JSON.parse(answer.text)).toMatchObject({
      choices: [{ message: { reasoning_content: expect.stringMatching(/./) as string } }],
    });
  });
});
