import { describe, expect, it } from 'vitest';
import { createClientHeaderSource } from '../../src/credentials/client-header.ts';
import type { Credential, CredentialSource, Outcome } from '../../src/credentials/credential.ts';
import { createCredentialChain } from '../../src/credentials/resolve-credential.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import type { ErrorKind } from '../../src/kernel/gateway-error.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import type { Secret } from '../../src/kernel/secret.ts';
import { createPayers } from '../../src/pipeline/payers.ts';
import type { Payers, Refusal } from '../../src/pipeline/payers.ts';
import { createGate } from '../support/gate.ts';

const dead = new GatewayError('upstream-auth', 'the login is gone');

/** An account that writes down what it hears; its token is its name. */
function account(id: string, behaviour: Partial<Credential> = {}) {
  const heard: string[] = [];
  const note = (outcome: Outcome): void => {
    heard.push(outcome.kind === 'failed' ? `failed ${outcome.error.kind}` : outcome.kind);
  };
  const credential: Credential = {
    id,
    label: id,
    holder: 'gateway',
    isAccount: true,
    token: () => Promise.resolve(createSecret(id)),
    renew: () => Promise.resolve(undefined),
    settle: note,
    ...behaviour,
  };
  return { credential, heard };
}

/** Gives the first of these that a request has not tried; probes only to requests that may. */
const sourceOf = (...credentials: readonly Credential[]): CredentialSource => ({
  name: 'source',
  state: () => 'usable',
  find: ({ tried, mayProbe }) =>
    credentials.find(({ id, isProbe }) => !tried.has(id) && (mayProbe || isProbe !== true)),
});

/** These accounts, and what comes after them. */
function payersOf(...credentials: readonly Credential[]): Payers {
  const isAccount = (credential: Credential): boolean => credential.isAccount === true;
  const accounts = { ...sourceOf(...credentials.filter(isAccount)), hasAccounts: true };
  const others = sourceOf(...credentials.filter((credential) => !isAccount(credential)));
  const asked = { client: () => undefined, pool: 'standard', session: undefined } as const;
  return createPayers(createCredentialChain([accounts, others], createClientHeaderSource()), asked);
}

const refusal = (status: number, kind: ErrorKind): Refusal => ({
  error: new GatewayError(kind, 'no'),
  status,
});
const REFUSED_401 = refusal(401, 'authentication');
const SPENT_402 = refusal(402, 'billing');
const THROTTLED_429 = refusal(429, 'rate-limit');

const paidWith = async (payers: Payers): Promise<string> => (await payers.take()).token.reveal();

describe('who pays for a request', () => {
  it('is the first usable credential, with its token', async () => {
    expect(await paidWith(payersOf(account('a').credential, account('b').credential))).toBe('a');
  });

  it('is the next one when a login dies while its token is fetched', async () => {
    const a = account('a', { token: () => Promise.reject(dead) });
    expect(await paidWith(payersOf(a.credential, account('b').credential))).toBe('b');
    expect(a.heard).toEqual(['unused']);
  });

  it('is nobody when all logins are dead, and the first reason is told', async () => {
    const a = account('a', { token: () => Promise.reject(dead) });
    await expect(payersOf(a.credential).take()).rejects.toBe(dead);
  });

  it('is asked no more than three dead logins in one request', async () => {
    const ids: string[] = [];
    const credentials = ['a', 'b', 'c', 'd'].map(
      (id) =>
        account(id, {
          token: () => {
            ids.push(id);
            return Promise.reject(dead);
          },
        }).credential,
    );
    await expect(payersOf(...credentials).take()).rejects.toBe(dead);
    expect(ids).toEqual(['a', 'b', 'c']);
  });

  it('is what comes after the accounts when three of them were dead', async () => {
    const token = (): Promise<never> => Promise.reject(dead);
    const accounts = ['a', 'b', 'c', 'd'].map((id) => account(id, { token }).credential);
    expect(await paidWith(payersOf(...accounts, account('key', { isAccount: false }).credential))).toBe(
      'key',
    );
  });

  it('is nobody when the only credential has no token, whatever its source finds', async () => {
    const only = account('only', { token: () => Promise.reject(dead) }).credential;
    const source: CredentialSource = { name: 'stubborn', state: () => 'usable', find: () => only };
    const chain = createCredentialChain([source], createClientHeaderSource());
    const asked = { client: () => undefined, pool: 'standard', session: undefined } as const;
    await expect(createPayers(chain, asked).take()).rejects.toBe(dead);
  });

  it('stays the same while nothing is refused', async () => {
    const a = account('a');
    const payers = payersOf(a.credential, account('b').credential);
    await payers.take();
    expect(await paidWith(payers)).toBe('a');
    expect(a.heard).toEqual(['answered']);
  });
});

describe('a refusal', () => {
  it.each([
    ['401', REFUSED_401],
    ['402', SPENT_402],
    ['429', THROTTLED_429],
  ])('with %s moves the request to another account', async (_name, refused) => {
    const a = account('a');
    const b = account('b');
    const payers = payersOf(a.credential, b.credential);
    await payers.take();
    expect(await payers.replace(refused)).toBe(true);
    expect(await paidWith(payers)).toBe('b');
    payers.settle(undefined);
    expect(a.heard).toEqual([`failed ${refused.error.kind}`]);
    expect(b.heard).toEqual(['answered']);
  });

  it.each([
    [400, 'invalid-request'],
    [403, 'permission'],
    [404, 'not-found'],
    [413, 'too-large'],
    [422, 'invalid-request'],
    [500, 'server'],
    [502, 'bad-upstream'],
    [503, 'overloaded'],
    [529, 'overloaded'],
  ] as const)('with %i is final, and told once', async (status, kind) => {
    const a = account('a');
    const payers = payersOf(a.credential, account('b').credential);
    await payers.take();
    expect(await payers.replace(refusal(status, kind))).toBe(false);
    payers.settle(new GatewayError(kind, 'no'));
    expect(a.heard).toEqual([`failed ${kind}`]);
  });

  it('with 401 is renewed once on the same account, which hears of the last attempt only', async () => {
    const a = account('a', { renew: () => Promise.resolve(createSecret('a2')) });
    const payers = payersOf(a.credential, account('b').credential);
    await payers.take();
    expect(await payers.replace(REFUSED_401)).toBe(true);
    expect(await paidWith(payers)).toBe('a2');
    expect(a.heard).toEqual([]);
    expect(await payers.replace(REFUSED_401)).toBe(true);
    expect(await paidWith(payers)).toBe('b');
    expect(a.heard).toEqual(['failed authentication']);
  });

  it('with 429 moves it once only', async () => {
    const [a, b, c] = [account('a'), account('b'), account('c')];
    const payers = payersOf(a.credential, b.credential, c.credential);
    await payers.take();
    expect(await payers.replace(THROTTLED_429)).toBe(true);
    await payers.take();
    expect(await payers.replace(THROTTLED_429)).toBe(false);
    expect([a.heard, b.heard]).toEqual([['failed rate-limit'], ['failed rate-limit']]);
    expect(c.heard).toEqual([]); // only looked at, to tell the client when to come back
  });

  it('is tried again no more than twice', async () => {
    const all = ['a', 'b', 'c', 'd'].map((id) => account(id));
    const payers = payersOf(...all.map(({ credential }) => credential));
    await payers.take();
    expect(await payers.replace(SPENT_402)).toBe(true);
    await payers.take();
    expect(await payers.replace(SPENT_402)).toBe(true);
    await payers.take();
    expect(await payers.replace(SPENT_402)).toBe(false);
    expect(payers.whyNoOther()).toBeUndefined();
    expect(payers.mayRepeat()).toBe(false);
  });

  it('counts the renewed token among the three', async () => {
    const renew = (): Promise<ReturnType<typeof createSecret>> => Promise.resolve(createSecret('new'));
    const all = ['a', 'b', 'c'].map((id) => account(id, { renew }));
    const payers = payersOf(...all.map(({ credential }) => credential));
    await payers.take();
    expect(await payers.replace(REFUSED_401)).toBe(true); // a again
    await payers.take();
    expect(await payers.replace(REFUSED_401)).toBe(true); // b
    await payers.take();
    expect(await payers.replace(REFUSED_401)).toBe(false);
    expect(all[1]?.heard).toEqual(['failed authentication']);
  });

  it('tells why there was no other credential', async () => {
    const payers = payersOf(account('a').credential);
    await payers.take();
    expect(await payers.replace(SPENT_402)).toBe(false);
    expect(payers.whyNoOther()).toMatchObject({ kind: 'unavailable' });
  });

  it('of a credential that is no account is final', async () => {
    const key = account('key', { isAccount: false });
    const payers = payersOf(key.credential, account('login', { isAccount: false }).credential);
    await payers.take();
    expect(await payers.replace(SPENT_402)).toBe(false);
  });

  it('tries one parked account in a request, not two', async () => {
    const probes = ['p', 'q'].map((id) => account(id, { isProbe: true }));
    const payers = payersOf(...probes.map(({ credential }) => credential), account('a').credential);
    expect(await paidWith(payers)).toBe('p');
    expect(await payers.replace(SPENT_402)).toBe(true);
    expect(await paidWith(payers)).toBe('a');
  });
});

describe('what nobody is blamed for', () => {
  it.each([
    ['a client that left', new GatewayError('cancelled', 'gone')],
    ['a proxy that failed', new GatewayError('bad-upstream', 'proxy', { isBlameless: true })],
  ])('is %s', async (_name, error) => {
    const a = account('a');
    const payers = payersOf(a.credential, account('b').credential);
    await payers.take();
    expect(await payers.replace({ error })).toBe(false);
    payers.settle(error);
    expect(a.heard).toEqual(['inconclusive']);
  });
});

describe('a refusal that comes when the client has heard something already', () => {
  it('counts against the account, and nothing is sent again', async () => {
    const a = account('a');
    const payers = payersOf(a.credential, account('b').credential);
    await payers.take();
    payers.giveUp({ error: new GatewayError('billing', 'spent') });
    expect(a.heard).toEqual(['failed billing']);
    expect(payers.whyNoOther()).toBeUndefined();
  });

  it('says why there is no other', async () => {
    const payers = payersOf(account('a').credential);
    await payers.take();
    payers.giveUp({ error: new GatewayError('billing', 'spent') });
    expect(payers.whyNoOther()?.kind).toBe('unavailable');
  });

  it('that is nobody’s leaves the end to be told', async () => {
    const a = account('a');
    const payers = payersOf(a.credential);
    await payers.take();
    payers.giveUp({ error: new GatewayError('stream-cut', 'cut') });
    expect(a.heard).toEqual([]);
  });
});

describe('a client that leaves while a payment is looked for', () => {
  const gone = new GatewayError('cancelled', 'gone');

  it('has what is found given back unused', async () => {
    const gate = createGate<Secret>();
    const a = account('a', { token: gate.pass });
    const payers = payersOf(a.credential);
    const taken = payers.take();
    await gate.reached;
    payers.settle(gone);
    gate.open(createSecret('a'));
    await taken;
    expect(a.heard).toEqual(['unused']);
  });

  it.each([
    ['renewed', createSecret('new')],
    ['lost', undefined],
  ])('has nothing done about a token that is %s by then', async (_how, renewed) => {
    const gate = createGate<Secret | undefined>();
    const a = account('a', { renew: gate.pass });
    const b = account('b');
    const payers = payersOf(a.credential, b.credential);
    await payers.take();
    const replaced = payers.replace(REFUSED_401);
    await gate.reached;
    payers.settle(gone);
    gate.open(renewed);
    expect(await replaced).toBe(false);
    expect([a.heard, b.heard]).toEqual([['inconclusive'], []]);
  });
});
