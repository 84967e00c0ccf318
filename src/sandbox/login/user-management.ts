import { findJson, findObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { DeviceLogins } from './device-logins.ts';
import { refuse } from './refuse.ts';
import type { Session, Sessions, TokenPair } from './sessions.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** The two routes of WorkOS that a command line logs in with. */
export interface UserManagement {
  /** @throws Refusal when no client is named. */
  readonly authorizeDevice: (body: string) => JsonObject;
  /** @throws Refusal in OAuth's words for a grant that brings nothing. */
  readonly authenticate: (body: string) => JsonObject;
}

interface UserManagementDeps {
  readonly sessions: Sessions;
  readonly logins: DeviceLogins;
  /** A fresh login belongs to no organisation yet. */
  readonly withoutOrganization?: boolean | undefined;
}

export function createUserManagement(deps: UserManagementDeps): UserManagement {
  return {
    authorizeDevice: (body) => {
      requireField(readForm(body), 'client_id');
      return deps.logins.start();
    },
    authenticate: (body) => {
      const form = readForm(body);
      requireField(form, 'client_id');
      const { session, pair } = grantFor(form, deps);
      return answerOf(session, pair);
    },
  };
}

type Form = Readonly<Record<string, string>>;

/** Fields of a form, or of JSON, which WorkOS takes as well. */
function readForm(body: string): Form {
  const json = findObject(findJson(body));
  const entries = json === undefined ? [...new URLSearchParams(body)] : Object.entries(json);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function requireField(form: Form, name: string): string {
  const value = form[name];
  if (value === undefined || value === '') refuse('invalid_request', `${name} is required.`);
  return value;
}

function grantFor(
  form: Form,
  { sessions, logins, withoutOrganization }: UserManagementDeps,
): { readonly session: Session; readonly pair: TokenPair } {
  switch (requireField(form, 'grant_type')) {
    case DEVICE_GRANT:
      return sessions.open(logins.finish(requireField(form, 'device_code')), withoutOrganization !== true);
    case 'refresh_token':
      return sessions.exchange(requireField(form, 'refresh_token'), form['organization_id']);
    default:
      return refuse('unsupported_grant_type', 'This grant type is not supported.');
  }
}

function answerOf(session: Session, pair: TokenPair): JsonObject {
  return {
    access_token: pair.accessToken,
    refresh_token: pair.refreshToken,
    organization_id: session.organizationId,
    authentication_method: 'OAuth',
    user: {
      object: 'user',
      id: session.userId,
      email: session.email,
      email_verified: true,
      first_name: 'Sandbox',
      last_name: null,
      profile_picture_url: null,
      last_sign_in_at: null,
      locale: null,
      external_id: null,
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
    },
  };
}
