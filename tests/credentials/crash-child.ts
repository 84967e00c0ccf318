import { createRefreshTokenSource } from '../../src/credentials/refresh-token.ts';
import type { WriteStep } from '../../src/disk/durable-file.ts';
import type { Clock } from '../../src/kernel/ports.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { demandOf } from '../support/demand.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

/** What a gateway in a process of its own is to do: one refresh, and perhaps to die in the middle of it. */
export interface Orders {
  readonly workosUrl: string;
  readonly authFile: string;
  readonly dataDirectory: string;
  readonly refreshKey?: string;
  /** Unix milliseconds, the same for all processes of a test. */
  readonly now: number;
  /** The file behaves like a single mounted one. */
  readonly isMount: boolean;
  readonly dieAt?: WriteStep;
  /** A token that is older than this is refreshed at the start. */
  readonly intervalMs?: number;
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;

const clock: Clock = {
  now: () => orders.now,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  every: () => () => undefined,
};

function step(name: WriteStep): void {
  if (name === orders.dieAt) process.kill(process.pid, 'SIGKILL');
  if (name === 'temporary' && orders.isMount) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
}

const source = createRefreshTokenSource({
  refreshKey: orders.refreshKey === undefined ? undefined : createSecret(orders.refreshKey),
  authFile: orders.authFile,
  dataDirectory: orders.dataDirectory,
  intervalMs: orders.intervalMs ?? 6 * 3_600_000,
  oauth: { baseUrl: orders.workosUrl, clientId: 'client_1' },
  post: async (url, form) => {
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, text: await response.text() };
  },
  clock,
  logger: createRecordingLogger(),
  step,
});

await source.start();
const token = await source.find(demandOf())?.token();
await source.stop();
process.stdout.write(token?.reveal() ?? 'no token');
