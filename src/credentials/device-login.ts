import { GatewayError } from '../kernel/gateway-error.ts';
import { findJson, findNumber, findObject, findString } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Clock } from '../kernel/ports.ts';
import { createSecret } from '../kernel/secret.ts';
import type { Secret } from '../kernel/secret.ts';
import { errorCode } from '../disk/disk.ts';
import { describeTokenError } from './redact.ts';
import type { TokenPair } from './tokens.ts';
import { WORKOS_TIMEOUT_MS, findPair, mayPass, workosUrl } from './workos.ts';
import type { PostAnswer, WorkosDeps } from './workos.ts';

/** A login that waits for somebody in a browser. */
export interface DeviceCode {
  /** What the browser is to show as well. */
  readonly userCode: string;
  /** The page to open, `http` or `https`; it knows the code where WorkOS made such a link. */
  readonly url: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** The least time between two polls. */
  readonly intervalMs: number;
  readonly secret: Secret;
}

/** How a login in the browser ended. */
export type DeviceOutcome =
  | { readonly kind: 'approved'; readonly pair: TokenPair }
  | { readonly kind: 'expired' | 'denied' | 'cancelled' }
  /** WorkOS will have nothing of it; `reason` is safe to show. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface DevicePoll extends WorkosDeps {
  readonly signal: AbortSignal;
  /** Hears in words that a poll brought nothing, and `undefined` when the next one works again. */
  readonly onTrouble: (words: string | undefined) => void;
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const DEFAULT_INTERVAL_SECONDS = 5;
const DEFAULT_LIFETIME_SECONDS = 300;
const MAX_LIFETIME_SECONDS = 24 * 60 * 60;
const SLOWER_BY_MS = 5_000;

/**
 * Asks WorkOS for a code that a person confirms in a browser.
 *
 * @throws GatewayError `unavailable` when it may work later, `upstream-auth` when WorkOS refuses, `bad-upstream` for an
 *   answer that nobody can use, `cancelled` as soon as `signal` fires.
 */
export async function startDeviceLogin(deps: WorkosDeps, signal: AbortSignal): Promise<DeviceCode> {
  const asking = send(deps, 'authorize/device', { client_id: deps.clientId });
  const answer = await orCancelled(asking, signal);
  if (typeof answer === 'object' && 'kind' in answer) {
    throw new GatewayError('cancelled', 'the login was cancelled');
  }
  if (typeof answer === 'string') throw new GatewayError('unavailable', `WorkOS gave no answer (${answer})`);
  const { status, text } = answer;
  if (status < 200 || status > 299) {
    const { message } = describeTokenError(status, text, []);
    throw new GatewayError(
      mayPass(status, text) ? 'unavailable' : 'upstream-auth',
      `WorkOS does not start a login (${message})`,
    );
  }
  const code = findCode(findObject(findJson(text)) ?? {}, deps.clock.now());
  if (code === undefined) throw new GatewayError('bad-upstream', 'WorkOS answered without a code and a link');
  return code;
}

function findCode(body: JsonObject, now: number): DeviceCode | undefined {
  const deviceCode = findString(body['device_code']);
  const userCode = findString(body['user_code']);
  const url = findPage(body['verification_uri_complete']) ?? findPage(body['verification_uri']);
  if (deviceCode === undefined || userCode === undefined || url === undefined) return undefined;
  const lifetime = findPositive(body['expires_in']) ?? DEFAULT_LIFETIME_SECONDS;
  return {
    userCode,
    url,
    expiresAt: now + Math.min(lifetime, MAX_LIFETIME_SECONDS) * 1000,
    intervalMs: (findPositive(body['interval']) ?? DEFAULT_INTERVAL_SECONDS) * 1000,
    secret: createSecret(deviceCode),
  };
}

/** Only what a browser should be sent to: a link of another kind could start anything. */
function findPage(value: unknown): string | undefined {
  const text = findString(value) ?? '';
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}

function findPositive(value: unknown): number | undefined {
  const number = findNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}

/** Waits until the person in the browser has decided, the code is too old, or `signal` fires. Never rejects. */
export async function awaitDeviceLogin(code: DeviceCode, deps: DevicePoll): Promise<DeviceOutcome> {
  let { intervalMs } = code;
  for (;;) {
    const isLast = deps.clock.now() + intervalMs >= code.expiresAt;
    await pause(isLast ? code.expiresAt - deps.clock.now() : intervalMs, deps);
    if (deps.signal.aborted) return { kind: 'cancelled' };
    const verdict = await orCancelled(poll(code, deps), deps.signal);
    if (verdict.kind === 'wait' || verdict.kind === 'trouble') {
      if (isLast) return { kind: 'expired' };
      deps.onTrouble(verdict.kind === 'trouble' ? verdict.words : undefined);
      if (verdict.kind === 'wait') intervalMs += verdict.longerByMs;
    } else {
      return verdict;
    }
  }
}

type Verdict =
  | DeviceOutcome
  | { readonly kind: 'wait'; readonly longerByMs: number }
  | { readonly kind: 'trouble'; readonly words: string };

const VERDICTS: Readonly<Partial<Record<string, Verdict>>> = {
  authorization_pending: { kind: 'wait', longerByMs: 0 },
  slow_down: { kind: 'wait', longerByMs: SLOWER_BY_MS },
  expired_token: { kind: 'expired' },
  access_denied: { kind: 'denied' },
};

async function poll(code: DeviceCode, deps: DevicePoll): Promise<Verdict> {
  const form = { grant_type: DEVICE_GRANT, device_code: code.secret.reveal(), client_id: deps.clientId };
  const answer = await send(deps, 'authenticate', form);
  if (typeof answer === 'string') return { kind: 'trouble', words: answer };
  const { status, text } = answer;
  if (status >= 200 && status <= 299) {
    const pair = findPair(findObject(findJson(text)) ?? {}, undefined, deps.clock.now());
    return pair === undefined
      ? { kind: 'trouble', words: 'an answer without tokens' }
      : { kind: 'approved', pair };
  }
  const { code: word, message } = describeTokenError(status, text, [code.secret]);
  const known = VERDICTS[word ?? ''];
  if (known !== undefined && status < 500) return known;
  return mayPass(status, text) ? { kind: 'trouble', words: message } : { kind: 'refused', reason: message };
}

/** The answer, or why there is none. */
async function send(
  deps: WorkosDeps,
  route: string,
  form: Readonly<Record<string, string>>,
): Promise<PostAnswer | string> {
  try {
    return await deps.post(workosUrl(deps, route), form, WORKOS_TIMEOUT_MS);
  } catch (error) {
    return error instanceof GatewayError ? error.message : errorCode(error);
  }
}

/** Resolves after `ms`, or as soon as `signal` fires. */
function pause(
  ms: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const wake = (): void => {
      stop();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const stop = clock.after(Math.max(0, ms), wake);
    signal.addEventListener('abort', wake);
  });
}

const CANCELLED = { kind: 'cancelled' } as const;

/** What `work` brings, unless `signal` fires first. */
function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T | typeof CANCELLED> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => resolve(CANCELLED);
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel);
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}
