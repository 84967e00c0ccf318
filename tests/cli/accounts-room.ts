import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAccountVault } from '../../src/accounts/account-vault.ts';
import type { AccountState } from '../../src/accounts/account-state.ts';
import { runAccounts } from '../../src/cli/accounts.ts';
import type { AccountsDeps } from '../../src/cli/accounts.ts';
import { createOutput } from '../../src/cli/output.ts';
import { createFakeWorkos } from '../credentials/fake-workos.ts';
import type { FakeWorkos } from '../credentials/fake-workos.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';

/** An accounts file in a directory of its own, and the command on it. */
export interface AccountsRoom {
  readonly workos: FakeWorkos;
  readonly clock: FakeClock;
  readonly entries: () => Promise<readonly Record<string, unknown>[]>;
  readonly run: (args: readonly string[], deps?: Partial<AccountsDeps>) => Promise<CommandEnd>;
}

export interface CommandEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const NOW = 1_700_000_000_000;

export async function makeAccountsRoom(
  accounts: readonly unknown[] | string,
  states: Readonly<Record<string, Partial<AccountState>>> = {},
): Promise<AccountsRoom> {
  const room = await makeRoom();
  const path = join(room, 'accounts.json');
  const text = typeof accounts === 'string' ? accounts : JSON.stringify({ version: 1, accounts });
  if (text !== '') await writeFile(path, text);
  const clock = createFakeClock(NOW);
  const workos = createFakeWorkos({ clock, logins: ['canary-refresh-a', 'canary-refresh-b'] });
  const logger = createRecordingLogger();
  const vault = createAccountVault({ path, dataDirectory: join(room, 'data'), clock, logger });
  return {
    workos,
    clock,
    entries: async () => {
      const document = JSON.parse(await readFile(path, 'utf8')) as { accounts: Record<string, unknown>[] };
      return document.accounts;
    },
    run: async (args, deps) => {
      let out = '';
      let err = '';
      const code = await runAccounts(args, {
        vault,
        workos: { post: workos.post, baseUrl: 'https://workos.example.com', clientId: 'client_1', clock },
        factory: undefined,
        logger,
        readStates: () =>
          Promise.resolve(new Map(Object.entries(states).map(([id, some]) => [id, stateOf(some)]))),
        readText: (file) => readFile(file, 'utf8'),
        output: createOutput(
          (some) => void (out += some),
          (some) => void (err += some),
        ),
        uninterrupted: (work) => work(),
        ask: undefined,
        ...deps,
      });
      return { code, out, err };
    },
  };
}

const stateOf = (some: Partial<AccountState>): AccountState => ({
  health: 100,
  healthAt: NOW,
  parkings: [],
  requests: 0,
  failures: {},
  tokens: { input: 0, output: 0, cached: 0 },
  ...some,
});
