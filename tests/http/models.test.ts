import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { beforeEach, describe, expect, it } from 'vitest';
import { MODELS, post, startGateway } from '../support/gateway.ts';
import type { RawAnswer, TestGateway } from '../support/gateway.ts';
import { failedAnswer, failedWith } from '../support/told-error.ts';

const ANTHROPIC = { 'anthropic-version': '2023-06-01' };
const models = [
  ...MODELS,
  { name: 'GLM of a vendor', id: 'vendor/glm', type: 'common', capabilities: { maxOutput: 4096 } },
];
const IDS = models.map(({ id }) => id);

let gateway: TestGateway;
const get = (path: string, headers = {}): Promise<RawAnswer> => post(gateway.url + path, '', headers, 'GET');
const openai = (): OpenAI => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'unused', maxRetries: 0 });
const anthropic = (): Anthropic => new Anthropic({ baseURL: gateway.url, apiKey: 'unused', maxRetries: 0 });

/** The ids that a client finds, however many pages it has to turn. */
async function idsOf(items: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of items) ids.push(id);
  return ids;
}

beforeEach(async () => {
  gateway = await startGateway({
    config: { models, model_redirects: { 'old-claude': 'claude', 'glm-*-old': 'vendor/glm' } },
  });
});

describe('GET /v1/models', () => {
  it('C167 is walked through by the client of OpenAI', async () => {
    expect(await idsOf(openai().models.list())).toEqual(IDS);
  });

  it.each([1, 2, 4, 5, 1000])(
    'C167 is walked through by the client of Anthropic, %i at a time',
    async (limit) => {
      const page = await anthropic().models.list({ limit });
      expect(page.data.length).toBe(Math.min(limit, IDS.length));
      expect(await idsOf(page)).toEqual(IDS);
    },
  );

  it.each([
    ['limit=2', ['claude', 'gpt'], true],
    ['limit=2&after_id=gpt', ['glm', 'gemini'], true],
    ['limit=2&after_id=gemini', ['vendor/glm'], false],
    ['after_id=vendor%2Fglm', [], false],
    ['limit=2&before_id=gemini', ['gpt', 'glm'], true],
    ['limit=2&before_id=glm', ['claude', 'gpt'], false],
    ['after_id=nobody', IDS, false],
  ])('has pages in the way of Anthropic: ?%s', async (query, ids, more) => {
    const { status, text } = await get(`/v1/models?${query}`, ANTHROPIC);
    expect(status).toBe(200);
    const page = JSON.parse(text) as { data: { id: string }[] };
    expect(page.data.map(({ id }) => id)).toEqual(ids);
    expect(page).toMatchObject({
      has_more: more,
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
    });
  });

  it.each(['0', '-1', '1001', '1.5', 'many', ''])('refuses the limit %j, naming it', async (limit) => {
    const answer = await get(`/v1/models?limit=${limit}`, ANTHROPIC);
    const message = 'limit: must be a whole number from 1 to 1000';
    expect(failedAnswer(answer)).toEqual(
      failedWith('/v1/messages', 400, {
        openai: 'invalid_request_error',
        anthropic: 'invalid_request_error',
        message,
      }),
    );
  });
});

describe('GET /v1/models/:id', () => {
  it.each(['claude', 'vendor/glm'])('C168 is read by the client of OpenAI: %s', async (id) => {
    expect(await openai().models.retrieve(id)).toMatchObject({ id, object: 'model' });
  });

  it.each(['claude', 'vendor/glm'])('C168 is read by the client of Anthropic: %s', async (id) => {
    expect(await anthropic().models.retrieve(id)).toMatchObject({ id, type: 'model' });
  });

  it.each(['/v1/models/vendor%2Fglm', '/v1/models/vendor/glm', '/v1/models/vendor%2fglm'])(
    'C168 takes a slash in any spelling: %s',
    async (path) => {
      const { status, text } = await get(path);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({
        id: 'vendor/glm',
        object: 'model',
        created: gateway.clock.now() / 1000,
        owned_by: 'fireworks',
      });
    },
  );

  it.each([
    ['old-claude', 'claude'],
    ['glm-4-old', 'vendor/glm'],
  ])('finds %s where requests would find it: at %s', async (id, target) => {
    expect(JSON.parse((await get(`/v1/models/${id}`)).text)).toMatchObject({ id: target });
  });

  it('tells a client of Anthropic how much a model may read and write, where that is known', async () => {
    const { text } = await get('/v1/models/vendor%2Fglm', ANTHROPIC);
    expect(JSON.parse(text)).toMatchObject({ display_name: 'GLM of a vendor', max_tokens: 4096 });
  });

  const UNKNOWN = {
    openai: 'invalid_request_error',
    anthropic: 'not_found_error',
    code: 'model_not_found',
    param: 'model',
    message: expect.stringMatching(
      /^model "vendor\/glum" is not configured; closest .*vendor\/glm/,
    ) as unknown,
  };
  it.each([
    ['OpenAI', '/v1/chat/completions', {}],
    ['Anthropic', '/v1/messages', ANTHROPIC],
  ])('C168 is a 404 in the shape of %s for an unknown id', async (_vendor, path, headers) => {
    const answer = await get('/v1/models/vendor%2Fglum', headers);
    expect(failedAnswer(answer)).toEqual(failedWith(path, 404, UNKNOWN));
  });

  it('C168 is an error that both clients know by its class', async () => {
    await expect(openai().models.retrieve('nobody')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(anthropic().models.retrieve('nobody')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });
});

describe('every answer has an id of its own', () => {
  it.each(['/', '/healthz', '/readyz', '/v1/models', '/v1/models/claude', '/v1/models/nobody', '/nothing'])(
    'on GET %s',
    async (path) => {
      const [one, other] = [await get(path), await get(path)];
      expect(one.headers['x-request-id']).toMatch(/^req_\w{24}$/);
      expect(one.headers['request-id']).toBe(one.headers['x-request-id']);
      expect(other.headers['x-request-id']).not.toBe(one.headers['x-request-id']);
      expect(one.headers).not.toHaveProperty('x-powered-by');
      expect(gateway.sandbox.requests).toEqual([]);
    },
  );
});
