import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/kernel/ids.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import type { UpstreamType } from '../../src/kernel/settings.ts';
import { joinBetas } from '../../src/upstream/betas.ts';
import type { HeaderInput } from '../../src/upstream/header-input.ts';
import { requestHeaders } from '../../src/upstream/request-headers.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function headersOf(type: UpstreamType, own: Record<string, string> = {}, more: Partial<HeaderInput> = {}) {
  return requestHeaders({
    model: {
      id: 'm',
      name: 'M',
      type,
      pool: 'standard',
      provider: 'fireworks',
      reasoning: 'auto',
      fast: false,
      capabilities: {},
    },
    endpoint: { baseUrl: 'https://upstream.test', flavor: 'factory' },
    token: createSecret('the-token'),
    client: (name) => own[name],
    userAgent: 'factory-cli/1.2.3',
    stream: true,
    addBetas: [],
    removeBetas: [],
    sameProtocol: true,
    ids: createIds(createRepeatableRandom()),
    ...more,
  });
}

describe('requestHeaders for Factory', () => {
  it.each(['anthropic', 'openai', 'common', 'google'] as const)(
    'names client, provider and session for %s',
    (type) => {
      const headers = headersOf(type);
      expect(headers).toMatchObject({
        authorization: 'Bearer the-token',
        'content-type': 'application/json',
        'user-agent': 'factory-cli/1.2.3',
        'x-factory-client': 'cli',
        'x-api-provider': 'fireworks',
      });
      expect(headers['x-session-id']).toMatch(UUID);
      expect(headers['x-assistant-message-id']).toMatch(UUID);
      expect(headers).not.toHaveProperty('content-length');
      expect(headers).not.toHaveProperty('accept-encoding');
    },
  );

  it.each([
    ['anthropic', 'application/json'],
    ['openai', undefined],
    ['common', 'application/json'],
    ['google', '*/*'],
  ] as const)('accepts on %s what that route answers', (type, accept) => {
    expect(headersOf(type)['accept']).toBe(accept);
  });

  it('keeps the session, message and SDK headers that the client sent', () => {
    const own = { 'x-session-id': 's', 'x-assistant-message-id': 'a', 'x-stainless-os': 'Plan9' };
    expect(headersOf('openai', own)).toMatchObject(own);
  });

  it('says of the runtime only what is true where the client says nothing', () => {
    expect(headersOf('common')).toMatchObject({
      'x-stainless-lang': 'js',
      'x-stainless-runtime': 'node',
      'x-stainless-runtime-version': process.version,
      'x-stainless-arch': process.arch,
    });
  });

  it('marks streams on the Messages route and carries its placeholder key', () => {
    expect(headersOf('anthropic')).toMatchObject({
      'x-api-key': 'placeholder',
      'x-stainless-helper-method': 'stream',
    });
    expect(headersOf('anthropic', {}, { stream: false })).not.toHaveProperty('x-stainless-helper-method');
  });

  it('sends the client version and no SDK headers to Google models', () => {
    const headers = headersOf('google');
    expect(headers['x-client-version']).toBe('1.2.3');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-stainless'))).toEqual([]);
  });

  it('C173 keeps version and betas of a client that speaks Messages', () => {
    const own = { 'anthropic-version': '2026-10-21', 'anthropic-beta': 'one,two' };
    expect(headersOf('anthropic', own)).toMatchObject(own);
  });

  it("sends a version of its own, and none of the client's betas, for a translated request", () => {
    const own = { 'anthropic-version': '2026-10-21', 'anthropic-beta': 'one,two' };
    const headers = headersOf('anthropic', own, { sameProtocol: false });
    expect(headers['anthropic-version']).toBe('2023-06-01');
    expect(headers).not.toHaveProperty('anthropic-beta');
  });

  it('passes trace context on', () => {
    expect(headersOf('common', { traceparent: '00-1-2-01', tracestate: 'a=b' })).toMatchObject({
      traceparent: '00-1-2-01',
      tracestate: 'a=b',
    });
  });
});

describe('requestHeaders for a vendor', () => {
  it.each([
    ['anthropic', 'x-api-key', 'the-token'],
    ['google', 'x-goog-api-key', 'the-token'],
    ['openai', 'authorization', 'Bearer the-token'],
    ['common', 'authorization', 'Bearer the-token'],
  ] as const)('presents the key to %s as that format does, with nothing of Factory', (type, name, value) => {
    const headers = headersOf(type, {}, { endpoint: { baseUrl: 'https://vendor.test', flavor: 'vendor' } });
    expect(headers[name]).toBe(value);
    expect(Object.keys(headers).filter((key) => /factory|x-api-provider|stainless/.test(key))).toEqual([]);
    expect(headers['user-agent']).toBe('droid2api');
  });
});

describe('joinBetas', () => {
  it.each([
    ['leaves the text alone when nothing changes', 'b,a , c', [], [], 'b,a , c'],
    ['leaves absence alone', undefined, [], [], undefined],
    ['adds to nothing', undefined, ['x'], [], 'x'],
    ["adds behind the client's own", 'a,b', ['x'], [], 'a, b, x'],
    ['does not add twice', 'a, x', ['x'], [], 'a, x'],
    ['takes out', 'a,x,b', [], ['x'], 'a, b'],
    ['omits the header when nothing is left', 'x', [], ['x'], undefined],
  ])('%s', (_what, own, add, remove, expected) => {
    expect(joinBetas(own, add, remove)).toBe(expected);
  });
});
