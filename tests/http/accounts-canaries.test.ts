import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { idOf, startAccountGateway } from '../support/account-gateway.ts';
import type { AccountGateway, Entry } from '../support/account-gateway.ts';
import { post } from '../support/gateway.ts';
import type { RawAnswer } from '../support/gateway.ts';
import { askPair, inBothForms, RELAYED, TRANSLATED } from '../support/pairs.ts';
import { until } from '../support/until.ts';

const PAIRS = inBothForms([RELAYED[0], RELAYED[1], RELAYED[2], TRANSLATED[0], TRANSLATED[8]]);
const GRANT = '/user_management/authenticate';
const JSON_HEAD = { 'content-type': 'application/json' };

/** No word of it is ever to be seen outside `accounts.json`. */
const CANARY = /CANARY/i;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token as WorkOS makes it, the canary in its signature. */
const accessToken = (name: string): string =>
  [
    encode({ alg: 'RS256' }),
    encode({ email: `${name}@example.com`, exp: 1_700_000_000 + 8 * 3600 }),
    `CANARY-SIGNATURE-${name}`,
  ].join('.');
const refreshToken = (name: string): string => `CANARYrefresh0token1of2${name}`;

const login = (name: string): Entry => ({
  id: idOf(name),
  email: `${name}@example.com`,
  access_token: accessToken(name),
  refresh_token: refreshToken(name),
});

/** A refusal that quotes the tokens of whoever asked, in every way that services do. */
function quoting(
  status: number,
  name: string,
  headers: Readonly<Record<string, string>> = {},
): ScriptedAnswer {
  const token = accessToken(name);
  const message = `No: Bearer ${token} is bad; token=${token}; refresh_token: "${refreshToken(name)}" (${token}).`;
  const error = { type: 'error', message, code: null, param: null };
  const body = JSON.stringify({ type: 'error', error, message });
  return { path: '/api/llm/', status, headers: { ...JSON_HEAD, ...headers }, body };
}

/** The same, told in the first event of a stream. */
const quotingEvent = (name: string): ScriptedAnswer => ({
  headers: { 'content-type': 'text/event-stream' },
  body: `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'billing_error', message: `${accessToken(name)} is spent` } })}\n\n`,
});

const invalidGrant = (name: string): ScriptedAnswer => ({
  path: GRANT,
  status: 400,
  headers: JSON_HEAD,
  body: JSON.stringify({
    error: 'invalid_grant',
    error_description: `The refresh token ${refreshToken(name)} of ${accessToken(name)} was already exchanged.`,
    refresh_token: refreshToken(name),
  }),
});

/** All text in the data directory but for the journal, which holds the tokens by design. */
async function remembered({ dataDirectory }: AccountGateway): Promise<string> {
  const names = await readdir(dataDirectory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !entry.name.includes('accounts.json'));
  const texts = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
  return texts.join('\n');
}

const shown = ({ headers, text }: RawAnswer): string => `${JSON.stringify(headers)}\n${text}`;

async function startWithCanaries(): Promise<AccountGateway> {
  const gateway = await startAccountGateway({
    count: 0,
    config: { dev_mode: true, account_affinity: 'conversation' },
  });
  await gateway.write(['a', 'b', 'c', 'd'].map(login));
  await gateway.credentials().start();
  return gateway;
}

describe.each(PAIRS)('no token is shown, $path for $model, stream: $stream,', (pair) => {
  it.each([
    ['200', { good: true, path: '/api/llm/' }],
    ['402', quoting(402, 'a')],
    ['403', quoting(403, 'a')],
    ['429', quoting(429, 'a', { 'retry-after': '9' })],
    ['500', quoting(500, 'a')],
    ['an error in the first event', quotingEvent('a')],
  ] as readonly (readonly [string, ScriptedAnswer])[])('after %s', async (_name, answer) => {
    const gateway = await startWithCanaries();
    gateway.sandbox.script(answer);
    const told = await askPair(gateway, pair);
    const ready = await post(`${gateway.url}/readyz`, '', {}, 'GET');
    await gateway.states();
    expect(shown(told)).not.toMatch(CANARY);
    expect(shown(ready)).not.toMatch(CANARY);
    expect(inspect(gateway.logger.lines, { depth: 20, maxStringLength: Infinity })).not.toMatch(CANARY);
    expect(await remembered(gateway)).not.toMatch(CANARY);
    expect(gateway.sandbox.requests[0]?.headers.authorization).toMatch(CANARY);
  });

  it('after a 403 that quotes a token of no known shape', async () => {
    const gateway = await startWithCanaries();
    const token = 'opaqueCANARYtoken';
    await gateway.write([{ id: idOf('a'), access_token: token }]);
    await gateway.credentials().reload();
    const error = { type: 'permission_error', message: `the key ${token} may not`, code: null, param: null };
    gateway.sandbox.script({
      status: 403,
      headers: JSON_HEAD,
      body: JSON.stringify({ type: 'error', error }),
    });
    const told = await askPair(gateway, pair);
    expect(told.text).toContain('the key [redacted] may not');
    expect(shown(told)).not.toMatch(CANARY);
    expect(inspect(gateway.logger.lines, { depth: 20, maxStringLength: Infinity })).not.toMatch(CANARY);
  });

  it('after 401s, refused refreshes, and a file that somebody broke', async () => {
    const gateway = await startWithCanaries();
    const { sandbox, logger } = gateway;
    sandbox.script(
      ...[quoting(401, 'a'), invalidGrant('a'), quoting(401, 'b'), invalidGrant('b'), quoting(401, 'c')],
      ...[invalidGrant('c'), quoting(402, 'd')],
    );
    const told = [await askPair(gateway, pair), await askPair(gateway, pair), await askPair(gateway, pair)];
    await gateway.writeText(`{"accounts":[${JSON.stringify(login('e'))},`);
    gateway.clock.advance(1500);
    await until(() => logger.lines.some(({ message }) => message.includes('accounts.json')));
    const ready = await post(`${gateway.url}/readyz`, '', {}, 'GET');
    await gateway.writeText(JSON.stringify({ accounts: [{ ...login('e'), enabled: 'perhaps' }] }));
    await gateway.credentials().reload();
    await gateway.restart();
    const again = await post(`${gateway.url}/readyz`, '', {}, 'GET');
    await gateway.states();
    expect(told.map(({ status }) => status)).toEqual([502, 503, 503]);
    expect(ready.status).toBe(503);
    expect([...told, ready, again].map(shown).join('\n')).not.toMatch(CANARY);
    expect(inspect(logger.lines, { depth: 20, maxStringLength: Infinity })).not.toMatch(CANARY);
    expect(await remembered(gateway)).not.toMatch(CANARY);
  });

  it('by a refresh that nobody answered', async () => {
    const gateway = await startWithCanaries();
    gateway.sandbox.script(quoting(401, 'a'), { path: GRANT, failure: 'silent' });
    const asked = askPair(gateway, pair);
    await gateway.sandbox.waitFor(() => gateway.grants() === 1);
    expect(await remembered(gateway)).toMatch(/^[0-9a-f]{64}$/m);
    expect(await remembered(gateway)).not.toMatch(CANARY);
    gateway.clock.advance(60_000);
    await gateway.sandbox.waitFor(() => gateway.grants() === 2);
    await asked;
    await gateway.states();
    expect(inspect(gateway.logger.lines, { depth: 20 })).not.toMatch(CANARY);
    expect(await remembered(gateway)).not.toMatch(CANARY);
  });
});
