import { describe, expect, it } from 'vitest';
import type { Credential } from '../../src/credentials/credential.ts';
import type { CredentialChain } from '../../src/credentials/resolve-credential.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { takeToken } from '../../src/pipeline/take-token.ts';

const dead = new GatewayError('upstream-auth', 'the login is gone');

const credential = (label: string, token: () => Promise<ReturnType<typeof createSecret>>): Credential => ({
  label,
  holder: 'gateway',
  token,
  renew: () => Promise.resolve(undefined),
});
const good = credential('good', () => Promise.resolve(createSecret('token')));
const bad = credential('bad', () => Promise.reject(dead));

/** A chain that gives these credentials one after the other. */
function chainOf(...credentials: readonly Credential[]): CredentialChain {
  let step = 0;
  return {
    resolve: () => credentials[Math.min(step++, credentials.length - 1)] ?? good,
    readiness: () => ({ ready: true, sources: [] }),
  };
}

const noHeaders = (): undefined => undefined;

describe('takeToken', () => {
  it('takes the first usable credential with its token', async () => {
    const payment = await takeToken(chainOf(good, bad), noHeaders);
    expect(payment.credential.label).toBe('good');
    expect(payment.token.reveal()).toBe('token');
  });

  it('goes on to the next source when a login dies at that moment', async () => {
    expect((await takeToken(chainOf(bad, good), noHeaders)).credential.label).toBe('good');
  });

  it('fails with the reason when nothing else is left', async () => {
    await expect(takeToken(chainOf(bad, bad), noHeaders)).rejects.toBe(dead);
  });
});
