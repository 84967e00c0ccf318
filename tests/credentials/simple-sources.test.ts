import { describe, expect, it } from 'vitest';
import { createClientHeaderSource } from '../../src/credentials/client-header.ts';
import { createFixedKeySource } from '../../src/credentials/fixed-key.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { demandOf } from '../support/demand.ts';

const headers = (values: Readonly<Record<string, string>>) => demandOf({ client: (name) => values[name] });

describe('the fixed key', () => {
  it('is absent when none is configured', () => {
    const source = createFixedKeySource(undefined);
    expect(source.state()).toBe('absent');
    expect(source.find(headers({}))).toBeUndefined();
  });

  it('is not tried twice by one request', () => {
    const source = createFixedKeySource(createSecret('fk-canary'));
    expect(source.find(demandOf({ tried: new Set(['FACTORY_API_KEY']) }))).toBeUndefined();
  });

  it('is sent as it is and never renewed', async () => {
    const key = createSecret('fk-canary');
    const source = createFixedKeySource(key);
    const credential = source.find(headers({}));
    expect(source.state()).toBe('usable');
    expect(credential).toMatchObject({ label: 'FACTORY_API_KEY', holder: 'gateway' });
    expect((await credential?.token())?.reveal()).toBe('fk-canary');
    expect(await credential?.renew(key)).toBeUndefined();
  });
});

describe("the client's own header", () => {
  it.each([
    ['a bearer token', { authorization: 'Bearer abc' }, 'abc'],
    ['any case of the scheme', { authorization: 'bEARER  abc ' }, 'abc'],
    ['x-api-key as a bearer token', { 'x-api-key': ' abc ' }, 'abc'],
    ['the bearer token before x-api-key', { authorization: 'Bearer abc', 'x-api-key': 'def' }, 'abc'],
    ['x-api-key beside another scheme', { authorization: 'Basic abc', 'x-api-key': 'def' }, 'def'],
  ])('passes on %s', async (_what, sent, token) => {
    const credential = createClientHeaderSource().find(headers(sent));
    expect(credential).toMatchObject({ label: 'client', holder: 'client' });
    expect((await credential?.token())?.reveal()).toBe(token);
    expect(await credential?.renew(createSecret(token))).toBeUndefined();
  });

  it.each([
    ['nothing', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['a scheme without a token', { authorization: 'Bearer ' }],
    ['an empty key', { 'x-api-key': ' ' }],
  ])('finds no credential in %s', (_what, sent) => {
    expect(createClientHeaderSource().find(headers(sent))).toBeUndefined();
  });
});
