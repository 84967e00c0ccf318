import Anthropic, { NotFoundError as AnthropicNotFound } from '@anthropic-ai/sdk';
import OpenAI, { NotFoundError as OpenaiNotFound } from 'openai';
import { describe, expect, it } from 'vitest';
import { post, startGateway } from '../support/gateway.ts';
import type { RawAnswer, TestGateway } from '../support/gateway.ts';
import { dig, listAt, readBody } from './support/stage.ts';

const VERSION = { 'anthropic-version': '2023-06-01' };
const models = [
  { id: 'claude-opus-4-5-20251101', name: 'Opus', type: 'anthropic' },
  {
    id: 'vendor/name',
    name: 'Somebody’s',
    type: 'common',
    capabilities: { maxOutput: 4096, maxInput: 9000 },
  },
  { id: 'gemini-3-pro-preview', type: 'google' },
] as const;
const IDS = models.map(({ id }) => id);

const start = (): Promise<TestGateway> => startGateway({ config: { models } });
const get = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> =>
  post(url, '', headers, 'GET');

/** The ids that a client finds, however many pages it has to turn. */
const idsOf = async (page: AsyncIterable<{ readonly id: string }>): Promise<string[]> => {
  const found: string[] = [];
  for await (const { id } of page) found.push(id);
  return found;
};

describe('GET /v1/models', () => {
  it('C167 is a list of OpenAI’s', async () => {
    const { url, clock } = await start();
    const answer = await get(`${url}/v1/models`);
    expect(answer.status).toBe(200);
    const created = Math.floor(clock.now() / 1000);
    expect(readBody(answer)).toEqual({
      object: 'list',
      data: [
        { id: IDS[0], object: 'model', created, owned_by: 'anthropic' },
        { id: IDS[1], object: 'model', created, owned_by: 'fireworks' },
        { id: IDS[2], object: 'model', created, owned_by: 'google' },
      ],
    });
  });

  it('C167 is a list of Anthropic’s for a client that names its version', async () => {
    const { url, clock } = await start();
    const answer = await get(`${url}/v1/models`, VERSION);
    expect(answer.status).toBe(200);
    const list = readBody(answer);
    expect(list).toMatchObject({ has_more: false, first_id: IDS[0], last_id: IDS[2] });
    expect(listAt(list, 'data').map((item) => dig(item, 'id'))).toEqual(IDS);
    expect(dig(list, 'data', 1)).toEqual({
      type: 'model',
      id: 'vendor/name',
      display_name: 'Somebody’s',
      created_at: new Date(clock.now()).toISOString(),
      capabilities: null,
      lifecycle: 'active',
      line: null,
      max_input_tokens: 9000,
      max_tokens: 4096,
      deprecated_at: null,
      retires_at: null,
    });
  });

  it.each([1, 2, 20])('C167 is walked through by both official clients, %i at a time', async (limit) => {
    const { url } = await start();
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any' });
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'any' });
    expect(await idsOf(openai.models.list())).toEqual(IDS);
    expect(await idsOf(anthropic.models.list({ limit }))).toEqual(IDS);
  });
});

describe('GET /v1/models/{id}', () => {
  it.each(['/v1/models/vendor%2Fname', '/v1/models/vendor/name'])(
    'C168 finds an id with a slash, in the shape that is asked for: %s',
    async (path) => {
      const { url } = await start();
      const [openai, anthropic] = await Promise.all([get(url + path), get(url + path, VERSION)]);
      expect([openai.status, anthropic.status]).toEqual([200, 200]);
      expect(readBody(openai)).toMatchObject({ id: 'vendor/name', object: 'model' });
      expect(readBody(anthropic)).toMatchObject({ id: 'vendor/name', type: 'model' });
    },
  );

  it('C168 is read by both official clients', async () => {
    const { url } = await start();
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any' });
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'any' });
    expect(await openai.models.retrieve('vendor/name')).toMatchObject({ owned_by: 'fireworks' });
    expect(await anthropic.models.retrieve('vendor/name')).toMatchObject({ max_tokens: 4096 });
  });

  it('C168 is a 404 of OpenAI’s for an id that is not configured', async () => {
    const { url } = await start();
    const answer = await get(`${url}/v1/models/vendor%2Fnames`);
    expect(answer.status).toBe(404);
    expect(readBody(answer)).toEqual({
      error: {
        message: expect.stringMatching(/^model "vendor\/names" is not configured.*vendor\/name/) as unknown,
        type: 'invalid_request_error',
        param: 'model',
        code: 'model_not_found',
      },
    });
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any' });
    await expect(openai.models.retrieve('nobody')).rejects.toThrow(OpenaiNotFound);
  });

  it('C168 is a 404 of Anthropic’s for a client that names its version', async () => {
    const { url } = await start();
    const answer = await get(`${url}/v1/models/vendor%2Fnames`, VERSION);
    expect(answer.status).toBe(404);
    expect(readBody(answer)).toEqual({
      type: 'error',
      error: {
        type: 'not_found_error',
        message: expect.stringMatching(/^model "vendor\/names" is not configured/) as unknown,
      },
      request_id: answer.headers['request-id'],
    });
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'any' });
    await expect(anthropic.models.retrieve('nobody')).rejects.toThrow(AnthropicNotFound);
  });
});
