import { setTimeout as wait } from 'node:timers/promises';
import { createAccountVault } from '../../src/accounts/account-vault.ts';
import type { AccountVault } from '../../src/accounts/account-vault.ts';
import { rotateNow } from '../../src/cli/rotate-now.ts';
import { createLogin } from '../../src/credentials/login.ts';
import type { Login } from '../../src/credentials/login.ts';
import { refreshTokens } from '../../src/credentials/workos.ts';
import type { WriteStep } from '../../src/disk/durable-file.ts';
import { systemClock as clock } from '../../src/system-ports.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';

/** What one of several processes on one accounts file is to do. */
export interface Orders {
  readonly role: 'server' | 'owner';
  readonly seed: number;
  readonly path: string;
  readonly dataDirectory: string;
  readonly workosUrl: string;
  readonly ids: readonly string[];
  readonly rounds: number;
  /** Refresh tokens of logins that the owner makes on the way. */
  readonly spares: readonly string[];
  /** The file behaves like a single mounted one. */
  readonly isMount: boolean;
  /** Where a server dies, during its only refresh. */
  readonly dieAt?: WriteStep;
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const random = createRepeatableRandom(orders.seed);
const logger = createRecordingLogger();

function step(name: WriteStep): void {
  if (name === orders.dieAt) process.kill(process.pid, 'SIGKILL');
  if (name === 'temporary' && orders.isMount) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
}

const pick = (most: number): number => (random.bytes(1)[0] ?? 0) % most;

const workos = {
  baseUrl: orders.workosUrl,
  clientId: 'client_1',
  clock,
  post: async (url: string, form: Readonly<Record<string, string>>) => {
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, text: await response.text() };
  },
};

const loginOf = (vault: AccountVault, id: string): Login =>
  createLogin({
    id,
    label: id,
    advice: '',
    store: vault.store(id),
    grant: (refreshToken) => refreshTokens(refreshToken, workos),
    intervalMs: 6 * 3_600_000,
    clock,
    logger,
  });

/** Refreshes two or three accounts at a time; tells what failed. */
async function serve(vault: AccountVault): Promise<string[]> {
  const logins = orders.ids.map((id) => loginOf(vault, id));
  await Promise.all(logins.map((login) => login.load()));
  const failures: string[] = [];
  for (let round = 0; round < orders.rounds; round += 1) {
    const chosen = new Set([pick(logins.length), pick(logins.length), pick(logins.length)]);
    await Promise.all(
      [...chosen].map(async (index) => {
        const login = logins[index];
        if (pick(3) === 0) await login?.reload();
        if ((await login?.refresh()) !== true) failures.push(login?.reason() ?? 'refused');
      }),
    );
    await wait(pick(10));
  }
  await Promise.all(logins.map((login) => login.stop()));
  return [
    ...failures,
    ...logger.lines.filter(({ level }) => level === 'error').map(({ message }) => message),
  ];
}

/** Labels, adds, removes, logs in anew and refreshes, as people and the command line do. */
async function own(vault: AccountVault): Promise<string[]> {
  const spares = [...orders.spares];
  for (let round = 0; round < orders.rounds; round += 1) {
    const id = orders.ids[pick(orders.ids.length)] ?? '';
    const spare = round % 7 === 0 ? spares.pop() : undefined;
    const login = spare === undefined ? {} : { refresh_token: spare, last_refresh: Date.now() };
    const guest = { id: 'guest', refresh_token: 'guest' };
    await vault.change((reading) => {
      const hasGuest = reading.kind === 'found' && reading.accounts.some((account) => account.id === 'guest');
      const guestEdit = hasGuest
        ? ({ kind: 'remove', id: 'guest' } as const)
        : ({ kind: 'add', entry: guest } as const);
      return [{ kind: 'set', id, fields: { label: `round ${round}`, ...login } }, guestEdit];
    });
    await refreshNow(vault, orders.ids[pick(orders.ids.length)] ?? '');
    await wait(pick(20));
  }
  return [];
}

/** What `accounts refresh` does. */
async function refreshNow(vault: AccountVault, id: string): Promise<void> {
  const reading = await vault.read();
  const account =
    reading.kind === 'found' ? reading.accounts.find((candidate) => candidate.id === id) : undefined;
  if (account === undefined) throw new Error(`${id} is gone`);
  await rotateNow({ id, label: id, held: account.tokens }, { vault, workos, logger });
}

const vault = createAccountVault({
  path: orders.path,
  dataDirectory: orders.dataDirectory,
  clock,
  logger,
  step,
});
const failures = await (orders.role === 'server' ? serve(vault) : own(vault));
process.stdout.write(JSON.stringify(failures));
