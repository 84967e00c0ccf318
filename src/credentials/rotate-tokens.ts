import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import { backOffMs } from './back-off.ts';
import { errorCode } from '../disk/disk.ts';
import type { HeldTokens, TokenReading, TokenStore } from './token-file.ts';
import { areSameTokens, isFresh, isSameSecret } from './tokens.ts';
import type { TokenPair, Tokens } from './tokens.ts';
import { isRefusal } from './workos.ts';

export interface RotationDeps {
  /** Names the login in the log. */
  readonly label: string;
  readonly store: TokenStore;
  /** Trades a refresh token for a new pair; `upstream-auth` when it is refused for good. */
  readonly grant: (refreshToken: Secret) => Promise<TokenPair>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The meeting of one login on the disk with the service that renews it; other processes may do the same. */
export interface Rotation {
  /** Reads the disk; `isNew` when it holds other tokens than were last seen or saved. */
  readonly look: () => Promise<{ readonly reading: TokenReading; readonly isNew: boolean }>;
  /**
   * Newer tokens than `held`: those that another process has put on the disk, else a new pair, which is on the disk
   * when this resolves. A disk that takes nothing is reported, and tried again, while the pair is used from memory.
   *
   * @throws GatewayError `upstream-auth` when WorkOS refuses and the disk knows nothing newer, else `unavailable`.
   */
  readonly rotate: (held: Tokens) => Promise<Tokens>;
  /** Ends the background work, after a last try to save what is not yet on the disk. */
  readonly stop: () => Promise<void>;
}

interface State {
  /** What the disk held when it was last read or written; a change means that someone else wrote. */
  seen: Tokens | undefined;
  /** Goes up when `seen` changes, so that a slow reader can tell that it reads the past. */
  version: number;
  unsaved: TokenPair | undefined;
  failedSaves: number;
  cancelRetry: () => void;
}

const SAVE_AGAIN = { firstMs: 5_000, maxMs: 60 * 60_000 };

export function createRotation(deps: RotationDeps): Rotation {
  const state: State = {
    seen: undefined,
    version: 0,
    unsaved: undefined,
    failedSaves: 0,
    cancelRetry: () => undefined,
  };
  return {
    look: () => look(state, deps),
    rotate: (held) => deps.store.exclusively((disk) => rotate({ state, deps, disk }, held)),
    stop: async () => {
      state.cancelRetry();
      if (state.unsaved !== undefined) await saveAgain(state, deps);
      state.cancelRetry();
    },
  };
}

interface Turn {
  readonly state: State;
  readonly deps: RotationDeps;
  readonly disk: HeldTokens;
}

async function look(state: State, { store }: RotationDeps): ReturnType<Rotation['look']> {
  const { version } = state;
  const reading = await store.read();
  const isPast = version !== state.version;
  const isNew = !isPast && reading.kind === 'found' && !areSameTokens(reading.tokens, state.seen);
  if (isNew) see(state, reading.tokens);
  return { reading, isNew };
}

async function rotate(turn: Turn, held: Tokens): Promise<Tokens> {
  const changed = await findChanged(turn);
  if (changed !== undefined && isNewer(changed, held, turn)) return adopt(turn, changed);
  const current = changed?.refreshToken === undefined ? held : changed;
  try {
    return await renew(turn, current);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // A program that knows nothing of our lock may have spent the token a moment ago.
    const newer = await findChanged(turn);
    if (newer === undefined) throw error;
    return isNewer(newer, held, turn) ? adopt(turn, newer) : renew(turn, newer);
  }
}

/** What someone else has put on the disk since we last saw it. */
async function findChanged({ state, disk }: Turn): Promise<Tokens | undefined> {
  const reading = await disk.read();
  if (reading.kind !== 'found' || areSameTokens(reading.tokens, state.seen)) return undefined;
  see(state, reading.tokens);
  return reading.tokens;
}

/** True for what another process has just fetched: an access token that is not ours and not known to end soon. */
function isNewer(tokens: Tokens, held: Tokens, { deps }: Turn): boolean {
  if (tokens.accessToken === undefined || isSameSecret(tokens.accessToken, held.accessToken)) return false;
  return tokens.expiresAt === undefined || isFresh(tokens, deps.clock.now());
}

function adopt({ state, deps }: Turn, tokens: Tokens): Tokens {
  forgetUnsaved(state);
  deps.logger.info({ credential: deps.label }, `Token of ${deps.label} was renewed by another process`);
  return { issuedAt: deps.clock.now(), ...tokens };
}

async function renew(turn: Turn, { refreshToken }: Tokens): Promise<TokenPair> {
  const { deps, state } = turn;
  if (refreshToken === undefined) throw new GatewayError('upstream-auth', 'there is no refresh token');
  const pair = await deps.grant(refreshToken);
  state.unsaved = pair;
  await save(turn, pair);
  const until = new Date(pair.expiresAt).toISOString();
  deps.logger.info({ credential: deps.label }, `Token refreshed successfully, expires at: ${until}`);
  return pair;
}

async function save({ state, deps, disk }: Turn, pair: TokenPair): Promise<void> {
  try {
    await disk.write(pair);
    see(state, pair);
    forgetUnsaved(state);
  } catch (error) {
    const waitMs = backOffMs(++state.failedSaves, SAVE_AGAIN);
    state.cancelRetry();
    state.cancelRetry = deps.clock.after(waitMs, () => void saveAgain(state, deps));
    deps.logger.error(
      { credential: deps.label, retry_in_ms: waitMs },
      `The new tokens of ${deps.label} are not saved: ${error instanceof Error ? error.message : errorCode(error)}. ` +
        'They are in use from memory, and saving is tried again: make room, or make the file writable',
    );
  }
}

async function saveAgain(state: State, deps: RotationDeps): Promise<void> {
  try {
    await deps.store.exclusively(async (disk) => {
      const changed = await findChanged({ state, deps, disk });
      const pair = state.unsaved;
      if (pair === undefined) return;
      if (changed === undefined || areSameTokens(changed, pair)) await save({ state, deps, disk }, pair);
      else forgetUnsaved(state); // a newer login has taken its place
    });
  } catch (error) {
    deps.logger.warn({ credential: deps.label, error: errorCode(error) }, 'Saving the tokens has to wait');
    state.cancelRetry = deps.clock.after(SAVE_AGAIN.firstMs, () => void saveAgain(state, deps));
  }
}

function see(state: State, tokens: Tokens): void {
  state.seen = tokens;
  state.version += 1;
}

function forgetUnsaved(state: State): void {
  state.unsaved = undefined;
  state.failedSaves = 0;
  state.cancelRetry();
}
