import type { Clock } from '../kernel/ports.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import { findJson, findNumber, findObject, findString } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { createSecret } from '../kernel/secret.ts';
import type { Secret } from '../kernel/secret.ts';
import { errorCode } from '../disk/disk.ts';
import { readClaims } from './jwt.ts';
import { describeTokenError } from './redact.ts';
import type { TokenPair } from './tokens.ts';

export interface PostAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends a form-encoded POST and reads the whole answer; rejects when there is none within `timeoutMs`. */
export type Post = (
  url: string,
  form: Readonly<Record<string, string>>,
  timeoutMs: number,
) => Promise<PostAnswer>;

export interface WorkosDeps {
  readonly post: Post;
  /** `https://api.workos.com`, or whatever stands in for it. */
  readonly baseUrl: string;
  /** A public client: there is no secret. A refresh token works only with the client id that it was made for. */
  readonly clientId: string;
  readonly clock: Clock;
}

/** How long WorkOS may take for one answer. */
export const WORKOS_TIMEOUT_MS = 15_000;
const ASSUMED_LIFETIME_MS = 8 * 60 * 60_000;
const MAX_LIFETIME_SECONDS = 10 * 365 * 24 * 60 * 60;

/** 4xx that say nothing of the token: the proxy wants a password, too slow, too many. */
const PASSING = [407, 408, 429];

/**
 * Trades a refresh token for a new pair. The token passed in stops working about 30 s after the first try, so the
 * caller saves the new pair before using it. Without `organizationId` the login stays in the organisation it is in.
 *
 * @throws GatewayError `upstream-auth` when the grant is refused for good (its `code` is WorkOS's word, mostly
 *   `invalid_grant`), `unavailable` when the same token may work later.
 */
export async function refreshTokens(
  refreshToken: Secret,
  deps: WorkosDeps,
  organizationId?: string,
): Promise<TokenPair> {
  const first = await attempt(refreshToken, deps, organizationId);
  if ('accessToken' in first) return first;
  // The answer is lost but the token may be spent: asked again at once, WorkOS repeats the pair it made.
  const second = await attempt(refreshToken, deps, organizationId);
  if ('accessToken' in second) return second;
  throw new GatewayError('unavailable', `WorkOS gave no answer (${second.lost})`);
}

/** True when the error says that the login is over, rather than that WorkOS is out of reach. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof GatewayError && error.kind === 'upstream-auth';

interface LostAnswer {
  readonly lost: string;
}

async function attempt(
  refreshToken: Secret,
  deps: WorkosDeps,
  organizationId: string | undefined,
): Promise<TokenPair | LostAnswer> {
  const form = {
    grant_type: 'refresh_token',
    refresh_token: refreshToken.reveal(),
    client_id: deps.clientId,
    ...(organizationId !== undefined && { organization_id: organizationId }),
  };
  let answer: PostAnswer;
  try {
    answer = await deps.post(workosUrl(deps, 'authenticate'), form, WORKOS_TIMEOUT_MS);
  } catch (error) {
    return { lost: error instanceof GatewayError ? error.message : errorCode(error) };
  }
  if (answer.status < 200 || answer.status > 299) throw refusal(answer, refreshToken);
  const body = findObject(findJson(answer.text));
  return (body && findPair(body, refreshToken, deps.clock.now())) ?? { lost: 'an answer without tokens' };
}

/** The address of one of WorkOS's routes for users. */
export const workosUrl = ({ baseUrl }: WorkosDeps, route: string): string =>
  `${baseUrl.replace(/\/+$/, '')}/user_management/${route}`;

function refusal({ status, text }: PostAnswer, refreshToken: Secret): GatewayError {
  const { code, message } = describeTokenError(status, text, [refreshToken]);
  if (mayPass(status, text)) {
    return new GatewayError('unavailable', `WorkOS cannot refresh the token now (${message})`);
  }
  return new GatewayError('upstream-auth', `WorkOS refused the refresh token (${message})`, {
    ...(code !== undefined && { code }),
  });
}

/** True for a failure that says nothing of the grant: the same one may succeed later. */
export function mayPass(status: number, text: string): boolean {
  const isPage = text.trimStart().startsWith('<'); // something in between answered, not WorkOS
  return status < 400 || status > 499 || PASSING.includes(status) || isPage;
}

/**
 * The tokens in an answer of WorkOS; `sent` is the refresh token that brought it, and stays where the answer names no
 * other. `undefined` when one of the two is missing.
 */
export function findPair(body: JsonObject, sent: Secret | undefined, now: number): TokenPair | undefined {
  const access = findString(body['access_token']) ?? '';
  const refreshToken = findString(body['refresh_token']) || sent?.reveal();
  if (access === '' || refreshToken === undefined) return undefined;
  const accessToken = createSecret(access);
  const claims = readClaims(accessToken);
  const user = findObject(body['user']);
  const email = findString(user?.['email']);
  const userId = findString(user?.['id']);
  const organizationId = findString(body['organization_id']);
  return {
    ...(userId !== undefined && { userId }),
    ...claims,
    accessToken,
    refreshToken: createSecret(refreshToken),
    expiresAt: expiry(claims.expiresAt, findNumber(body['expires_in']), now),
    issuedAt: now,
    ...(email !== undefined && { email }),
    ...(organizationId !== undefined && { organizationId }),
  };
}

/** A new token that seems to have ended already means that the two clocks disagree; its own word is no use then. */
function expiry(claimed: number | undefined, expiresInSeconds: number | undefined, now: number): number {
  if (claimed !== undefined && claimed > now) return claimed;
  const seconds = expiresInSeconds ?? 0;
  const isUsable = seconds > 0 && seconds <= MAX_LIFETIME_SECONDS;
  return now + (isUsable ? seconds * 1000 : ASSUMED_LIFETIME_MS);
}
