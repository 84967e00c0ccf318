import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readStates } from '../../src/accounts/state-file.ts';
import type { AccountState } from '../../src/accounts/account-state.ts';
import { composeCredentials } from '../../src/compose-credentials.ts';
import type { Credentials } from '../../src/compose-credentials.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { createFakeClock } from './fake-clock.ts';
import { startGateway } from './gateway.ts';
import type { CredentialRoom, GatewayOptions, TestGateway } from './gateway.ts';
import { closeAfterTest } from './loopback.ts';
import { makeRoom } from './temporary-room.ts';

/** An entry of `accounts.json`. */
export type Entry = Readonly<Record<string, unknown>>;

export interface AccountGateway extends TestGateway {
  readonly file: string;
  readonly dataDirectory: string;
  readonly entries: () => Promise<readonly Entry[]>;
  /** Rewrites the file; the gateway sees it once time has gone on. */
  readonly write: (entries: readonly Entry[]) => Promise<void>;
  readonly writeText: (text: string) => Promise<void>;
  /** An entry for a new login at the sandbox. */
  readonly login: (name: string) => Entry;
  readonly credentials: () => Credentials;
  /** What follows belongs to a new run of the gateway on the same files; not yet started. */
  readonly restart: () => Promise<void>;
  /** Whom the requests of models came from, in their order: `a` for a@example.com; a key as it is. */
  readonly payers: () => readonly string[];
  /** How often WorkOS was asked for tokens. */
  readonly grants: () => number;
  /** What is remembered of the accounts, by their names; ends the background work. */
  readonly states: () => Promise<Readonly<Record<string, AccountState>>>;
  /** What became of `a`, `b`, `c`, …; ends the background work. */
  readonly fates: () => Promise<readonly Fate[]>;
}

export interface AccountGatewayOptions extends Omit<GatewayOptions, 'credentials'> {
  /** How many accounts, 4 at most; 3 unless told. */
  readonly count?: number;
  /** Members of an entry over those that a login has, by the name of the account. */
  readonly entry?: (name: string) => Entry;
  readonly factoryApiKey?: string;
  readonly droidRefreshKey?: (sandbox: Sandbox) => string;
}

const NAMES = ['a', 'b', 'c', 'd'];

export const idOf = (name: string): string => `acc_${name.repeat(16)}`;

/** An account that logs in at the sandbox now. */
function logIn(sandbox: Pick<Sandbox, 'issueTokens'>, name: string): Entry {
  const email = `${name}@example.com`;
  const { accessToken, refreshToken } = sandbox.issueTokens(email);
  return { id: idOf(name), email, access_token: accessToken, refresh_token: refreshToken };
}

/**
 * The gateway with accounts `a`, `b`, `c`, … of its own in a real file, logged in at a sandbox on the same clock. They
 * are loaded, and not started: nothing is refreshed in the background. All ends with the test.
 */
export async function startAccountGateway(options: AccountGatewayOptions = {}): Promise<AccountGateway> {
  const names = NAMES.slice(0, options.count ?? 3);
  const room = await makeRoom();
  const file = join(room, 'accounts.json');
  const dataDirectory = join(room, 'data');
  const clock = options.clock ?? createFakeClock();
  const write = (entries: readonly Entry[]): Promise<void> =>
    writeFile(file, JSON.stringify({ version: 1, accounts: entries }));
  const compose = ({ sandbox, ...parts }: CredentialRoom): Credentials =>
    composeCredentials({
      env: {
        accountsFile: file,
        factoryApiKey: secretOf(options.factoryApiKey),
        droidRefreshKey: secretOf(options.droidRefreshKey?.(sandbox)),
        factoryAuthFile: join(room, 'no-auth.json'),
        dataDir: dataDirectory,
      },
      ...parts,
    });
  let current: { readonly room: CredentialRoom; readonly credentials: Credentials } | undefined;
  const running = (): NonNullable<typeof current> => {
    if (current === undefined) throw new Error('the gateway is not there yet');
    return current;
  };
  const gateway = await startGateway({
    ...options,
    clock,
    sandbox: { clock, ...options.sandbox },
    credentials: async (parts) => {
      if (names.length > 0) {
        await write(names.map((name) => ({ ...logIn(parts.sandbox, name), ...options.entry?.(name) })));
      }
      current = { room: parts, credentials: compose(parts) };
      await current.credentials.load();
      return {
        resolve: (demand) => running().credentials.chain.resolve(demand),
        readiness: () => running().credentials.chain.readiness(),
      };
    },
  });
  closeAfterTest(() => running().credentials.stop());
  const states = async (): Promise<Readonly<Record<string, AccountState>>> => {
    await running().credentials.stop(); // which writes it
    const found = await readStates(join(dataDirectory, 'accounts-state.json'));
    return Object.fromEntries([...found].map(([id, state]) => [id.slice(-1), state]));
  };
  const { sandbox } = gateway;
  return {
    ...gateway,
    ...{ file, dataDirectory, write },
    writeText: (text) => writeFile(file, text),
    login: (name) => logIn(sandbox, name),
    entries: async () =>
      (JSON.parse(await readFile(file, 'utf8')) as { readonly accounts: readonly Entry[] }).accounts,
    credentials: () => running().credentials,
    restart: async () => {
      await running().credentials.stop();
      current = { room: running().room, credentials: compose(running().room) };
      await current.credentials.load();
    },
    payers: () =>
      sandbox.requests
        .filter(({ path }) => path.startsWith('/api/llm/'))
        .map(({ headers }) => nameOf(headers.authorization ?? '')),
    grants: () => sandbox.requests.filter(({ path }) => path === '/user_management/authenticate').length,
    states,
    fates: async () => {
      const found = await states();
      return names.map((name) => fateOf(found[name], clock.now()));
    },
  };
}

const secretOf = (text: string | undefined) => (text === undefined ? undefined : createSecret(text));

/** Whom a bearer token names; itself where it is no token of a login. */
export function nameOf(authorization: string): string {
  const token = authorization.replace(/^Bearer /, '');
  const claims = token.split('.')[1];
  if (claims === undefined) return token;
  const { email } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { email: string };
  return email.replace('@example.com', '');
}

/** What became of one account, in words that a table can hold. */
export interface Fate {
  readonly requests: number;
  readonly health: number;
  readonly failures: Readonly<Record<string, number>>;
  /** `quota of standard for 6750 s`; without a time where only its owner or a refresh brings it back. */
  readonly parked: readonly string[];
}

/** Nobody has used it. */
export const UNTOUCHED: Fate = { requests: 0, health: 100, failures: {}, parked: [] };

/** It has answered once. */
export const ANSWERED: Fate = { ...UNTOUCHED, requests: 1 };

/** Says what became of an account at `now`; of one that nothing is remembered of, that nothing did. */
function fateOf(state: AccountState | undefined, now: number): Fate {
  if (state === undefined) return UNTOUCHED;
  const { requests, failures, health, parkings } = state;
  const parked = parkings.map(({ kind, scope, until }) => {
    const wait = until === undefined ? '' : ` for ${(until - now) / 1000} s`;
    return `${kind} of ${scope}${wait}`;
  });
  return { requests, failures, health: Math.round(health), parked };
}
