import { describe, expect, it } from 'vitest';
import { listenHttp } from '../support/loopback.ts';
import { MODELS, postJson, startGateway } from '../support/gateway.ts';

const ask = { messages: [{ role: 'user', content: 'Hi' }] };

/** What a vendor's own service would have seen of one request. */
async function seenBy(type: string, model: string, suffix: string) {
  const seen: { url?: string | undefined; headers?: Record<string, unknown>; body: string } = { body: '' };
  const vendor = await listenHttp((request, response) => {
    seen.url = request.url;
    seen.headers = request.headers;
    request.on('data', (chunk: Buffer) => (seen.body += chunk.toString('utf8')));
    request.on('end', () => response.writeHead(418, { 'content-type': 'application/json' }).end('{}'));
  });
  const endpoint = [{ name: type, base_url: vendor.url + suffix, flavor: 'vendor' }];
  const { url } = await startGateway({ config: { models: MODELS, endpoint } });
  await postJson(`${url}/v1/chat/completions`, { model, ...ask });
  return seen;
}

describe('an endpoint of a vendor', () => {
  it('of Google gets the model in its address and the key in its own header', async () => {
    const { url, headers, body } = await seenBy('google', 'gemini', '/v1beta');
    expect(url).toBe('/v1beta/models/gemini:streamGenerateContent?alt=sse');
    expect(headers?.['x-goog-api-key']).toBe('key-of-the-gateway');
    expect(headers).not.toHaveProperty('authorization');
    expect(JSON.parse(body)).not.toHaveProperty('model');
  });

  it('of Anthropic gets the key as x-api-key', async () => {
    const { url, headers, body } = await seenBy('anthropic', 'claude', '/v1/messages');
    expect(url).toBe('/v1/messages');
    expect(headers).toMatchObject({ 'x-api-key': 'key-of-the-gateway', 'anthropic-version': '2023-06-01' });
    expect(JSON.parse(body)).toMatchObject({ model: 'claude', stream: true });
  });

  it.each([
    ['openai', 'gpt', '/v1/responses'],
    ['common', 'glm', '/v1/chat/completions'],
  ])('of type %s gets a bearer token and nothing of Factory', async (type, model, suffix) => {
    const { url, headers } = await seenBy(type, model, suffix);
    expect(url).toBe(suffix);
    expect(headers?.['authorization']).toBe('Bearer key-of-the-gateway');
    expect(Object.keys(headers ?? {}).filter((name) => /factory|provider|session/.test(name))).toEqual([]);
  });
});
