import { describe, expect, it } from 'vitest';
import { createClientHeaderSource } from '../../src/credentials/client-header.ts';
import type { Credential, CredentialSource, SourceState } from '../../src/credentials/credential.ts';
import { createCredentialChain } from '../../src/credentials/resolve-credential.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { demandOf } from '../support/demand.ts';

const silent = demandOf();
const speaking = demandOf({ client: (name) => (name === 'authorization' ? 'Bearer own' : undefined) });

const credential = (label: string): Credential => ({
  id: label,
  label,
  holder: 'gateway',
  token: () => Promise.resolve(createSecret(label)),
  renew: () => Promise.resolve(undefined),
});

interface FakeSource extends CredentialSource {
  readonly become: (state: SourceState) => void;
}

function source(name: string, initial: SourceState, reason?: string): FakeSource {
  let state = initial;
  return {
    name,
    state: () => state,
    find: () => credential(name),
    ...(reason !== undefined && { reason: () => reason }),
    become: (next) => {
      state = next;
    },
  };
}

const chain = (...sources: readonly CredentialSource[]) =>
  createCredentialChain(sources, createClientHeaderSource());

describe('the credential chain', () => {
  it('takes the first usable source', () => {
    const label = chain(source('a', 'absent'), source('b', 'unusable'), source('c', 'usable')).resolve(
      silent,
    ).label;
    expect(label).toBe('c');
  });

  it('asks anew for every request', () => {
    const first = source('a', 'unusable');
    const credentials = chain(first, source('b', 'usable'));
    expect(credentials.resolve(silent).label).toBe('b');
    first.become('usable');
    expect(credentials.resolve(silent).label).toBe('a');
  });

  it('goes on when a usable source has nothing for this request', () => {
    const empty: CredentialSource = { ...source('a', 'usable'), find: () => undefined };
    expect(chain(empty, source('b', 'usable')).resolve(silent).label).toBe('b');
  });

  it("uses the client's own header where no source is configured", () => {
    expect(chain(source('a', 'absent')).resolve(speaking)).toMatchObject({
      label: 'client',
      holder: 'client',
    });
  });

  it("never falls back to the client's header once a source is configured", () => {
    const credentials = chain(source('a', 'unusable', 'a: log in again'), source('b', 'unusable'));
    expect(() => credentials.resolve(speaking)).toThrow(
      expect.objectContaining({
        kind: 'unavailable',
        status: 503,
        message: expect.stringContaining('a: log in again; b is not usable') as string,
      }),
    );
  });

  it('asks a client that sent nothing for a credential', () => {
    expect(() => chain(source('a', 'absent')).resolve(silent)).toThrow(
      expect.objectContaining({
        kind: 'authentication',
        status: 401,
        message: expect.stringContaining('x-api-key') as string,
      }),
    );
  });
});

describe('readiness', () => {
  it.each<[string, readonly SourceState[], boolean]>([
    ['nothing is configured', ['absent', 'absent'], true],
    ['one source is usable', ['unusable', 'usable'], true],
    ['all configured sources are unusable', ['absent', 'unusable'], false],
    ['there are no sources', [], true],
  ])('when %s', (_when, states, ready) => {
    expect(chain(...states.map((state, index) => source(`s${index}`, state))).readiness().ready).toBe(ready);
  });

  it('tells the state of every source, and why one is unusable', () => {
    const credentials = chain(source('a', 'usable', 'unasked'), source('b', 'unusable', 'mend me'));
    expect(credentials.readiness().sources).toEqual([
      { name: 'a', state: 'usable' },
      { name: 'b', state: 'unusable', reason: 'mend me' },
    ]);
  });
});
