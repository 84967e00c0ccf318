import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AccountsReading } from '../../src/accounts/account.ts';
import { createAccountVault } from '../../src/accounts/account-vault.ts';
import type { Clock } from '../../src/kernel/ports.ts';
import { systemClock } from '../../src/system-ports.ts';
import { createFakeWorkos } from '../credentials/fake-workos.ts';
import type { FakeWorkos } from '../credentials/fake-workos.ts';
import { listenHttp } from '../support/loopback.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';
import type { Orders } from './race-child.ts';

const CHILD = fileURLToPath(new URL('race-child.ts', import.meta.url));
/** The accounts of the file. */
export const IDS = ['a', 'b', 'c', 'd', 'e'];
const SPARES = Array.from({ length: 6 }, (_, index) => `spare-${index}`);

/** The token endpoint as other processes reach it. */
async function serve(workos: FakeWorkos): Promise<string> {
  const { url } = await listenHttp((request, response) => {
    void text(request).then(async (body) => {
      const answer = await workos.post('', Object.fromEntries(new URLSearchParams(body)), 0);
      response.writeHead(answer.status).end(answer.text);
    });
  });
  return url;
}

interface Ended {
  readonly output: string;
  readonly errors: string;
  readonly signal: string | undefined;
}

/** Runs a process on the file until it ends or dies. */
export const run = (orders: Orders): Promise<Ended> =>
  new Promise((ended) => {
    execFile(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(orders)], (error, output, errors) =>
      ended({ output, errors, signal: error?.signal ?? undefined }),
    );
  });

/** A shared accounts file, and the service that renews its tokens, in the time of `clock`. */
export async function makeWorld(clock: Clock) {
  const room = await makeRoom();
  const path = join(room, 'accounts.json');
  const entries = IDS.map((id) => ({ id, refresh_token: `canary-${id}`, mine: `of ${id}` }));
  await writeFile(path, `// shared\n${JSON.stringify({ version: 1, accounts: entries, mine: 1 })}`);
  const workos = createFakeWorkos({ clock, logins: [...IDS.map((id) => `canary-${id}`), ...SPARES] });
  const workosUrl = await serve(workos);
  const orders = (role: Orders['role'], seed: number, more: Partial<Orders> = {}): Orders => ({
    role,
    seed,
    path,
    dataDirectory: join(room, `data-${seed}`),
    workosUrl,
    ids: IDS,
    rounds: 1,
    spares: SPARES,
    isMount: false,
    ...more,
  });
  const open = (dataDirectory = join(room, 'data-reader')) =>
    createAccountVault({
      path,
      dataDirectory,
      clock: systemClock,
      logger: createRecordingLogger(),
    });
  return { room, path, workos, orders, open };
}

/** The ids of the accounts that are never removed. */
export const idsOf = (reading: AccountsReading): string[] =>
  reading.kind === 'found'
    ? reading.accounts.map(({ id }) => id).filter((id) => id !== 'guest')
    : [reading.kind];

/** The refresh tokens of these accounts. */
export const refreshTokensOf = (reading: AccountsReading): string[] =>
  reading.kind === 'found'
    ? reading.accounts
        .filter(({ id }) => id !== 'guest')
        .map(({ tokens }) => tokens.refreshToken?.reveal() ?? '')
    : [];
