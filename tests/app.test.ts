import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { createCatalogue } from '../src/config/model-catalogue.ts';
import { checkConfig } from '../src/config/check-config.ts';
import { createAccessKeys } from '../src/http/access-keys.ts';
import { createDialects } from '../src/http/dialects.ts';
import { createIds } from '../src/kernel/ids.ts';
import { protocols } from '../src/protocols/registry.ts';
import { createFakeClock } from './support/fake-clock.ts';
import { createRecordingLogger } from './support/recording-logger.ts';
import { createRepeatableRandom } from './support/repeatable-random.ts';

function appWith({ ready = true, fault }: { readonly ready?: boolean; readonly fault?: Error } = {}) {
  const checked = checkConfig({ models: [{ name: 'Claude', id: 'claude', type: 'anthropic' }] });
  if (!checked.ok) throw new Error(checked.mistakes.join());
  const catalogue = createCatalogue(checked.settings);
  const codecs = protocols.all.flatMap(({ client }) => (client === undefined ? [] : [client]));
  const clock = createFakeClock(1_700_000_000_000);
  const logger = createRecordingLogger();
  const app = createApp({
    name: 'droid2api',
    version: '1.2.3',
    codecs,
    dialects: createDialects(codecs),
    accessKeys: createAccessKeys([]),
    answer: () => (fault === undefined ? Promise.resolve() : Promise.reject(fault)),
    bodyLimitBytes: () => 1000,
    catalogue: () => catalogue,
    createdAt: clock.now(),
    readiness: () => ({
      ready,
      sources: [{ name: 'FACTORY_API_KEY', state: ready ? 'usable' : 'unusable' }],
    }),
    clock,
    ids: createIds(createRepeatableRandom()),
    logger,
  });
  return { app, logger };
}

describe('the routes for operators', () => {
  it('say at / what this is and what it serves', async () => {
    const response = await request(appWith().app).get('/').expect(200);
    expect(response.body).toMatchObject({ name: 'droid2api', version: '1.2.3' });
    expect(response.body).toMatchObject({
      endpoints: expect.arrayContaining(['POST /v1/messages', 'GET /v1/models']) as unknown,
    });
  });

  it('answer /healthz while the process lives', async () => {
    await request(appWith({ ready: false }).app)
      .get('/healthz')
      .expect(200, { status: 'ok' });
  });

  it('answer /readyz with 200 when a credential is usable', async () => {
    const response = await request(appWith().app).get('/readyz').expect(200);
    expect(response.body).toMatchObject({ status: 'ready' });
  });

  it('answer /readyz with 503, and why, when none is', async () => {
    const response = await request(appWith({ ready: false }).app)
      .get('/readyz')
      .expect(503);
    expect(response.body).toMatchObject({ status: 'not ready', sources: [{ state: 'unusable' }] });
  });
});

describe('the model list', () => {
  it("C167 has OpenAI's shape by default", async () => {
    await request(appWith().app)
      .get('/v1/models')
      .expect(200, {
        object: 'list',
        data: [{ id: 'claude', object: 'model', created: 1_700_000_000, owned_by: 'anthropic' }],
      });
  });

  it("C167 has Anthropic's shape for a client that names its version", async () => {
    const response = await request(appWith().app)
      .get('/v1/models?limit=1000')
      .set('anthropic-version', '2023-06-01')
      .expect(200);
    expect(response.body).toMatchObject({
      data: [{ type: 'model', id: 'claude', display_name: 'Claude', created_at: '2023-11-14T22:13:20.000Z' }],
      has_more: false,
      first_id: 'claude',
      last_id: 'claude',
    });
  });
});

describe('what no route expects', () => {
  it.each(['/v1/nothing', '/v1/chat'])("is a 404 in OpenAI's shape for GET %s", async (path) => {
    const response = await request(appWith().app).get(path).expect(404);
    expect(response.body).toMatchObject({
      error: { message: `there is no route GET ${path}`, type: 'invalid_request_error' },
    });
    expect(response.headers['x-request-id']).toMatch(/^req_/);
    expect(response.headers['x-powered-by']).toBeUndefined();
  });

  it("is a 404 in Anthropic's shape for a client that names its version", async () => {
    const response = await request(appWith().app)
      .get('/nothing')
      .set('anthropic-version', '2023-06-01')
      .expect(404);
    expect(response.body).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });

  it('is a bare 500 for a fault of ours, which only the log gets to see', async () => {
    const { app, logger } = appWith({ fault: new Error('CANARY of the inside') });
    const { text } = await request(app).post('/v1/messages').send({}).expect(500);
    expect(text).not.toContain('CANARY');
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('is a 400 for a path that cannot be decoded', async () => {
    await request(appWith().app).get('/v1/models/%E0%A4%A').expect(400);
  });
});
