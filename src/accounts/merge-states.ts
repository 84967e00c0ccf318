import type { AccountState, Parking } from './account-state.ts';

type States = ReadonlyMap<string, AccountState>;

const KEPT_MS = 30 * 24 * 60 * 60_000;
const MOST_KEPT = 2000;

/**
 * One account as two servers see it: counts add up, and of everything else the change wins, the later one where both
 * have changed it.
 *
 * @param base - what both started from.
 */
export function mergeState(
  base: AccountState | undefined,
  ours: AccountState,
  theirs: AccountState,
): AccountState {
  const add = (read: (state: AccountState) => number): number =>
    read(theirs) + Math.max(0, read(ours) - (base === undefined ? 0 : read(base)));
  const kinds = new Set([...Object.keys(theirs.failures), ...Object.keys(ours.failures)]);
  const lastUsedAt = Math.max(ours.lastUsedAt ?? -Infinity, theirs.lastUsedAt ?? -Infinity);
  const lastError = [theirs.lastError, ours.lastError]
    .filter((error) => error !== undefined)
    .sort((a, b) => b.at - a.at)[0];
  const { health, healthAt } = changed(base, ours, theirs, isSameHealth) ?? ours;
  return {
    health,
    healthAt,
    parkings: mergeParkings(base?.parkings ?? [], ours.parkings, theirs.parkings),
    requests: add((state) => state.requests),
    failures: Object.fromEntries([...kinds].map((kind) => [kind, add((state) => state.failures[kind] ?? 0)])),
    tokens: {
      input: add((state) => state.tokens.input),
      output: add((state) => state.tokens.output),
      cached: add((state) => state.tokens.cached),
    },
    ...(lastUsedAt > -Infinity && { lastUsedAt }),
    ...(lastError !== undefined && { lastError }),
  };
}

const isSameHealth = (a: AccountState, b: AccountState): boolean => a.healthAt === b.healthAt;

function mergeParkings(
  base: readonly Parking[],
  ours: readonly Parking[],
  theirs: readonly Parking[],
): readonly Parking[] {
  const places = new Map([...theirs, ...ours].map((parking) => [placeOf(parking), parking]));
  const merged = [...places.keys()].map((place) => {
    const find = (list: readonly Parking[]): Parking | undefined =>
      list.find((parking) => placeOf(parking) === place);
    return changed(find(base), find(ours), find(theirs), isSameParking);
  });
  return merged.filter((parking) => parking !== undefined);
}

const placeOf = ({ kind, scope }: Parking): string => `${kind} ${scope}`;

const isSameParking = (a: Parking, b: Parking): boolean =>
  a.at === b.at && a.until === b.until && a.count === b.count;

/** The version that differs from `base`; the later one of two such; `undefined` where the change took it away. */
function changed<T extends Parking | AccountState>(
  base: T | undefined,
  ours: T | undefined,
  theirs: T | undefined,
  isSame: (a: T, b: T) => boolean,
): T | undefined {
  const isAsBefore = (version: T | undefined): boolean =>
    version === undefined || base === undefined ? version === base : isSame(version, base);
  if (isAsBefore(theirs)) return ours;
  if (isAsBefore(ours)) return theirs;
  return timeOf(theirs) > timeOf(ours) ? theirs : ours;
}

function timeOf(version: Parking | AccountState | undefined): number {
  if (version === undefined) return -Infinity;
  return 'healthAt' in version ? version.healthAt : version.at;
}

/** All accounts, merged one by one; one that is missing on either side has not been touched there. */
export function mergeStates(base: States, ours: States, theirs: States): States {
  const ids = new Set([...theirs.keys(), ...ours.keys()]);
  const merged = new Map<string, AccountState>();
  for (const id of ids) {
    const before = base.get(id);
    const own = ours.get(id) ?? before;
    const other = theirs.get(id) ?? before;
    const state = own === undefined || other === undefined ? (own ?? other) : mergeState(before, own, other);
    if (state !== undefined) merged.set(id, state);
  }
  return merged;
}

/** Forgets the accounts that are gone for a month, and of others that are gone those that rested longest. */
export function keepRecent(states: States, isMember: (id: string) => boolean, now: number): States {
  const members = [...states].filter(([id]) => isMember(id));
  const gone = [...states]
    .filter(([id, state]) => !isMember(id) && now - usedAt(state) < KEPT_MS)
    .sort(([, a], [, b]) => usedAt(b) - usedAt(a));
  return new Map([...members, ...gone.slice(0, Math.max(0, MOST_KEPT - members.length))]);
}

const usedAt = ({ lastUsedAt, healthAt }: AccountState): number => lastUsedAt ?? healthAt;
