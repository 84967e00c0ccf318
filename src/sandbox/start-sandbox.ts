import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCountingIds } from './counting-ids.ts';
import { createDeviceLogins } from './login/device-logins.ts';
import type { LoginOptions } from './login/device-logins.ts';
import { createSessions } from './login/sessions.ts';
import type { Sessions, TokenPair } from './login/sessions.ts';
import { createUserManagement } from './login/user-management.ts';
import { createRequestLog } from './serving/request-log.ts';
import type { RecordedRequest } from './serving/request-log.ts';
import { createRouter } from './serving/router.ts';
import { createScript } from './serving/script.ts';
import type { ScriptedAnswer } from './serving/script.ts';
import { serve } from './serving/serve.ts';
import { wallClock } from './wall-clock.ts';
import type { SandboxClock } from './wall-clock.ts';

const SLOW_MS = 20_000;
const LIFETIME_SECONDS = 8 * 3600;

export interface SandboxOptions {
  /** On 127.0.0.1; a free one unless told. */
  readonly port?: number;
  readonly clock?: SandboxClock;
  /** `delayMs` between two events, 0 unless told; `slowMs` is the silence of `slow-first-byte`, 20 s unless told. */
  readonly pace?: { readonly delayMs?: number; readonly slowMs?: number };
  /** Answer count_tokens, where Factory says 404. */
  readonly countTokens?: boolean;
  readonly login?: LoginOptions;
}

/** A service of our own that speaks all four wire formats and the login of the real ones. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The last thousand requests, in the order in which their bodies were complete. */
  readonly requests: readonly RecordedRequest[];
  /** How many requests are under way. */
  readonly open: () => number;
  /** Puts answers into the queue that the next requests take theirs from. */
  readonly script: (...answers: readonly ScriptedAnswer[]) => void;
  /** Resolves as soon as `predicate` holds, which is asked whenever a request begins, arrives, is left or ends. */
  readonly waitFor: (predicate: () => boolean) => Promise<void>;
  /** Logs somebody in without a browser: a pair that the refresh route will exchange. */
  readonly issueTokens: (email?: string) => TokenPair;
  /** Stops listening and closes every connection. */
  readonly close: () => Promise<void>;
}

/** Starts a sandbox on 127.0.0.1; rejects when the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = wallClock, login = {}, pace = {} } = options;
  const nextId = createCountingIds();
  const log = createRequestLog();
  const script = createScript();
  const lifetimeSeconds = login.accessTokenSeconds ?? LIFETIME_SECONDS;
  const sessions: Sessions = createSessions({ clock, nextId, lifetimeSeconds });
  const logins = createDeviceLogins({ clock, nextId, options: login, pageUrl: () => `${url}/device` });
  const users = createUserManagement({
    sessions,
    logins,
    withoutOrganization: login.withoutOrganization,
  });
  const router = createRouter({ users, nextId, countsTokens: options.countTokens === true });
  const speed = { clock, delayMs: pace.delayMs ?? 0, slowMs: pace.slowMs ?? SLOW_MS };
  const server = createServer((request, response) => {
    void serve({ request, response }, { log, script, router, pace: speed });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    requests: log.requests,
    open: log.open,
    script: (...answers) => script.add(answers),
    waitFor: log.waitFor,
    issueTokens: (email = 'sandbox@example.com') => sessions.open(email).pair,
    close: async () => {
      log.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
