import type { JsonObject } from '../../kernel/json.ts';
import type { NextId } from '../counting-ids.ts';
import type { SandboxClock } from '../wall-clock.ts';
import { createAccessToken } from './access-token.ts';
import { refuse } from './refuse.ts';

const REPLAY_MS = 30_000;

/** The one organisation there is. */
export const SANDBOX_ORGANIZATION = 'org_sandbox';

/** Who is logged in. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  /** Absent until the login is refreshed into one. */
  readonly organizationId: string | undefined;
}

/** The two tokens of one login. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Grant {
  readonly session: Session;
  /** What the token was exchanged for, once it was. */
  spent: { readonly session: Session; readonly pair: TokenPair; readonly until: number } | undefined;
}

/** Sessions and their refresh tokens, each good for one exchange. */
export interface Sessions {
  readonly open: (
    email: string,
    hasOrganization?: boolean,
  ) => { readonly session: Session; readonly pair: TokenPair };
  /**
   * The next pair for a refresh token; within 30 s of the exchange the old token brings the same pair again.
   *
   * @param organizationId - moves the session there first.
   * @throws Refusal `invalid_grant` for a token that is unknown or was spent before that, `organization_not_found`.
   */
  readonly exchange: (
    refreshToken: string,
    organizationId?: string,
  ) => { readonly session: Session; readonly pair: TokenPair };
}

export interface SessionsDeps {
  readonly clock: SandboxClock;
  readonly nextId: NextId;
  readonly lifetimeSeconds: number;
}

export function createSessions({ clock, nextId, lifetimeSeconds }: SessionsDeps): Sessions {
  const grants = new Map<string, Grant>();
  const userIds = new Map<string, string>();
  const issue = (session: Session): TokenPair => {
    const accessToken = createAccessToken(claimsOf(session, clock.now(), lifetimeSeconds, nextId('jti_')));
    const refreshToken = nextId('');
    grants.set(refreshToken, { session, spent: undefined });
    return { accessToken, refreshToken };
  };
  const forgetOld = (): void => {
    for (const [token, { spent }] of grants) {
      if (spent !== undefined && spent.until < clock.now()) grants.delete(token);
    }
  };
  return {
    open: (email, hasOrganization = true) => {
      const userId = userIds.get(email) ?? nextId('user_');
      userIds.set(email, userId);
      const organizationId = hasOrganization ? SANDBOX_ORGANIZATION : undefined;
      const session = { id: nextId('session_'), userId, email, organizationId };
      return { session, pair: issue(session) };
    },
    exchange: (refreshToken, organizationId) => {
      forgetOld();
      const grant = grants.get(refreshToken);
      if (grant === undefined)
        refuse('invalid_grant', 'Refresh token already exchanged, or the session has ended.');
      if (organizationId !== undefined && organizationId !== SANDBOX_ORGANIZATION) {
        refuse('organization_not_found', 'The organization was not found.');
      }
      const session = { ...grant.session, organizationId: organizationId ?? grant.session.organizationId };
      grant.spent ??= { session, pair: issue(session), until: clock.now() + REPLAY_MS };
      return grant.spent;
    },
  };
}

function claimsOf(session: Session, now: number, lifetimeSeconds: number, id: string): JsonObject {
  const issuedAt = Math.floor(now / 1000);
  return {
    iss: 'https://sandbox.invalid/user_management',
    sub: session.userId,
    sid: session.id,
    jti: id,
    org_id: session.organizationId,
    ...(session.organizationId !== undefined && { external_org_id: 'factory-org-sandbox' }),
    email: session.email,
    role: 'member',
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  };
}
