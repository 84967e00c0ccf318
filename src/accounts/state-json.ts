import { ERROR_KINDS } from '../kernel/gateway-error.ts';
import { findJson, findNumber, findObject, findString, listOf, writeJson } from '../kernel/json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { AccountState, Parking } from './account-state.ts';
import { FULL_HEALTH, LEAST_HEALTH } from './health.ts';
import { singleLine } from './single-line.ts';

type States = ReadonlyMap<string, AccountState>;

const KINDS: readonly Parking['kind'][] = ['login', 'quota', 'throttle'];
const SCOPES: readonly Parking['scope'][] = ['account', 'standard', 'core'];

/** Accounts in the form of `accounts-state.json`, one a line. */
export function writeStates(states: States): string {
  const lines = [...states].map(([id, state]) => `${writeJson(id)}:${writeJson(encodeState(state))}`);
  return `{"version":1,"accounts":{\n${lines.join(',\n')}\n}}\n`;
}

const encodeState = (state: AccountState): JsonObject => ({
  health: state.health,
  health_at: state.healthAt,
  parkings: state.parkings.map(encodeParking),
  requests: state.requests,
  failures: state.failures,
  tokens: state.tokens,
  last_used_at: state.lastUsedAt,
  last_error: state.lastError,
});

const encodeParking = ({ kind, scope, reason, at, until, probeAt, count }: Parking): JsonObject => ({
  kind,
  scope,
  reason,
  at,
  until,
  probe_at: probeAt,
  count,
});

/** Reads what {@link writeStates} wrote, leaving out what is damaged; `undefined` when it is nothing of the kind. */
export function findStates(text: string): States | undefined {
  const accounts = findObject(findObject(findJson(text))?.['accounts']);
  if (accounts === undefined) return undefined;
  const states = new Map<string, AccountState>();
  for (const [id, entry] of Object.entries(accounts)) {
    const fields = findObject(entry);
    if (fields !== undefined) states.set(id, decodeState(fields));
  }
  return states;
}

function decodeState(fields: JsonObject): AccountState {
  const tokens = findObject(fields['tokens']);
  const failures = findObject(fields['failures']);
  const lastUsedAt = findTime(fields['last_used_at']);
  const lastError = decodeError(findObject(fields['last_error']));
  const health = findNumber(fields['health']) ?? FULL_HEALTH;
  return {
    health: Math.min(FULL_HEALTH, Math.max(LEAST_HEALTH, health)),
    healthAt: findTime(fields['health_at']) ?? 0,
    parkings: decodeParkings(fields['parkings']),
    requests: countOf(fields['requests']),
    failures: Object.fromEntries(
      ERROR_KINDS.map((kind) => [kind, countOf(failures?.[kind])] as const).filter(([, count]) => count > 0),
    ),
    tokens: {
      input: countOf(tokens?.['input']),
      output: countOf(tokens?.['output']),
      cached: countOf(tokens?.['cached']),
    },
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    ...(lastError !== undefined && { lastError }),
  };
}

/** One parking of each kind and scope at most. */
function decodeParkings(value: Json | undefined): readonly Parking[] {
  const found = listOf(value).map((entry) => decodeParking(findObject(entry)));
  return KINDS.flatMap((kind) =>
    SCOPES.map((scope) => found.find((parking) => parking?.kind === kind && parking.scope === scope)),
  ).filter((parking) => parking !== undefined);
}

function decodeParking(fields: JsonObject | undefined): Parking | undefined {
  const kind = KINDS.find((word) => word === fields?.['kind']);
  const scope = SCOPES.find((word) => word === fields?.['scope']);
  const at = findTime(fields?.['at']);
  if (kind === undefined || scope === undefined || at === undefined) return undefined;
  const until = findTime(fields?.['until']);
  const probeAt = findTime(fields?.['probe_at']);
  return {
    kind,
    scope,
    reason: singleLine(findString(fields?.['reason']) ?? ''),
    at,
    count: Math.max(1, countOf(fields?.['count'])),
    ...(until !== undefined && { until }),
    ...(probeAt !== undefined && { probeAt }),
  };
}

function decodeError(fields: JsonObject | undefined): AccountState['lastError'] {
  const at = findTime(fields?.['at']);
  const kind = ERROR_KINDS.find((word) => word === fields?.['kind']);
  if (at === undefined || kind === undefined) return undefined;
  return { at, kind, message: singleLine(findString(fields?.['message']) ?? '') };
}

/** The largest moment that a `Date` can show. */
const LAST_MOMENT = 8.64e15;

function findTime(value: Json | undefined): number | undefined {
  const time = findNumber(value);
  return time !== undefined && time >= 0 && time <= LAST_MOMENT ? time : undefined;
}

function countOf(value: Json | undefined): number {
  const count = findNumber(value) ?? 0;
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
