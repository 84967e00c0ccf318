import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import { backOffMs } from './back-off.ts';
import { errorCode } from '../disk/disk.ts';
import type { RefreshIntent } from './refresh-intent.ts';
import { createSuccession } from './succession.ts';
import type { Succession } from './succession.ts';
import type { HeldTokens, TokenReading, TokenStore } from './token-file.ts';
import { isFresh, isSameSecret } from './tokens.ts';
import type { TokenPair, Tokens } from './tokens.ts';
import { isRefusal } from './workos.ts';

export interface RotationDeps {
  /** Names the login in the log. */
  readonly label: () => string;
  readonly store: TokenStore;
  /** Trades a refresh token for a new pair; `upstream-auth` when it is refused for good. */
  readonly grant: (refreshToken: Secret) => Promise<TokenPair>;
  readonly intent?: RefreshIntent | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The meeting of one login on the disk with the service that renews it; other processes may do the same. */
export interface Rotation {
  /**
   * Reads the disk; `isNew` when it holds other tokens than were last seen or saved. Tokens that were replaced before
   * are not news: the newer ones are saved again.
   */
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
  readonly deps: RotationDeps;
  readonly succession: Succession;
  /** Goes up with every change of what is known or saved, so that a slow reader can tell that it reads the past. */
  version: number;
  unsaved: TokenPair | undefined;
  /** The refresh token in whose place it belongs. */
  spent: Secret | undefined;
  failedSaves: number;
  cancelSave: () => void;
}

const SAVE_AGAIN = { firstMs: 5_000, maxMs: 60 * 60_000 };

export function createRotation(deps: RotationDeps): Rotation {
  const state: State = {
    deps,
    succession: createSuccession(),
    version: 0,
    unsaved: undefined,
    spent: undefined,
    failedSaves: 0,
    cancelSave: () => undefined,
  };
  return {
    look: () => look(state),
    rotate: (held) => deps.store.exclusively((disk) => rotate({ state, disk, held })),
    stop: async () => {
      state.cancelSave();
      if (state.unsaved !== undefined) await saveAgain(state);
      state.cancelSave();
    },
  };
}

async function look(state: State): ReturnType<Rotation['look']> {
  const { version } = state;
  const reading = await state.deps.store.read();
  return { reading, isNew: version === state.version && takeNews(state, reading) };
}

/** Makes what the disk says the newest tokens, unless it says nothing new. */
function takeNews(state: State, reading: TokenReading): boolean {
  if (reading.kind !== 'found') return false;
  const standing = state.succession.judge(reading.tokens);
  if (standing === 'superseded') defend(state, reading.tokens);
  if (standing !== 'news') return false;
  state.succession.follow(reading.tokens, reading.ancestor);
  forgetUnsaved(state);
  return true;
}

/** Has the newest tokens written over older ones, which someone has put back, with an editor perhaps. */
function defend(state: State, older: Tokens): void {
  const { label, logger } = state.deps;
  const { accessToken, refreshToken, ...rest } = state.succession.newest() ?? {};
  if (state.unsaved !== undefined || accessToken === undefined || refreshToken === undefined) return;
  state.unsaved = { ...rest, accessToken, refreshToken, expiresAt: rest.expiresAt ?? 0 };
  state.spent = older.refreshToken;
  saveIn(state, 0);
  logger.warn(
    { credential: label() },
    `Tokens of ${label()} that were replaced before are on the disk again, from an editor or an old copy perhaps: ` +
      'they are not used, and the newer ones are saved again',
  );
}

interface Turn {
  readonly state: State;
  readonly disk: HeldTokens;
  /** What the asker has, and wants better than. */
  readonly held: Tokens;
}

async function rotate(turn: Turn): Promise<Tokens> {
  const { succession } = turn.state;
  await findNews(turn);
  try {
    return await advance(turn, succession.newest() ?? turn.held);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // A program that knows nothing of our lock may have spent the token a moment ago.
    succession.doubt();
    const news = await findNews(turn);
    if (news === undefined) throw error;
    return advance(turn, news);
  }
}

/** What someone else has put on the disk since we last saw it. */
async function findNews({ state, disk }: Turn): Promise<Tokens | undefined> {
  const reading = await disk.read();
  return reading.kind === 'found' && takeNews(state, reading) ? reading.tokens : undefined;
}

/** Takes `tokens` as they are when they will do, else what they can be traded for. */
function advance(turn: Turn, tokens: Tokens): Promise<Tokens> {
  if (isNewer(tokens, turn)) return adopt(turn.state, tokens);
  return renew(turn, tokens.refreshToken === undefined ? turn.held : tokens);
}

/** True for what another process has just fetched: an access token that is not ours and not known to end soon. */
function isNewer(tokens: Tokens, { state, held }: Turn): boolean {
  if (tokens.accessToken === undefined || isSameSecret(tokens.accessToken, held.accessToken)) return false;
  return tokens.expiresAt === undefined || isFresh(tokens, state.deps.clock.now());
}

async function adopt(state: State, tokens: Tokens): Promise<Tokens> {
  const { label, logger, clock } = state.deps;
  await settle(state, tokens);
  logger.info({ credential: label() }, `Token of ${label()} was renewed by another process`);
  return { issuedAt: clock.now(), ...tokens };
}

async function renew(turn: Turn, spent: Tokens): Promise<Tokens> {
  const { state } = turn;
  const { label, logger, intent, clock } = state.deps;
  const kept = await intent?.kept.find(spent.refreshToken);
  const pair = kept ?? (await trade(state.deps, spent.refreshToken));
  state.succession.trade(spent, pair);
  state.version += 1;
  state.unsaved = pair;
  state.spent = spent.refreshToken;
  // This process may have stood still for so long that it lost its lock: never write over what is newer.
  const news = await findNews(turn);
  if (news !== undefined) return advance({ ...turn, held: pair }, news);
  await save(turn, pair);
  if (kept !== undefined && !isFresh(kept, clock.now())) return renew(turn, kept); // it has waited for too long
  const until = new Date(pair.expiresAt).toISOString();
  logger.info({ credential: label() }, `Token refreshed successfully, expires at: ${until}`);
  return pair;
}

async function trade({ grant, intent }: RotationDeps, token: Secret | undefined): Promise<TokenPair> {
  if (token === undefined) throw new GatewayError('upstream-auth', 'there is no refresh token');
  await intent?.begin(token);
  try {
    return await grant(token);
  } catch (error) {
    if (isRefusal(error)) await intent?.end(); // any other failure may have spent it
    throw error;
  }
}

async function save({ state, disk }: Pick<Turn, 'state' | 'disk'>, pair: TokenPair): Promise<void> {
  try {
    await disk.write(pair);
    await settle(state, pair);
  } catch (error) {
    const { label, logger, intent } = state.deps;
    if (state.spent !== undefined) await intent?.kept.keep(state.spent, pair);
    const waitMs = backOffMs(++state.failedSaves, SAVE_AGAIN);
    saveIn(state, waitMs);
    logger.error(
      { credential: label(), retry_in_ms: waitMs },
      `The new tokens of ${label()} are not saved: ${error instanceof Error ? error.message : errorCode(error)}. ` +
        'They are in use from memory, and saving is tried again: make room, or make the file writable',
    );
  }
}

function saveIn(state: State, waitMs: number): void {
  state.cancelSave();
  state.cancelSave = state.deps.clock.after(waitMs, () => void saveAgain(state));
}

async function saveAgain(state: State): Promise<void> {
  const { store, logger, label } = state.deps;
  try {
    await store.exclusively(async (disk) => {
      const reading = await disk.read();
      if (reading.kind === 'found' && state.succession.judge(reading.tokens) === 'news')
        await settle(state, reading.tokens); // a newer login has taken its place, which the next look brings
      else if (state.unsaved !== undefined) await save({ state, disk }, state.unsaved);
    });
  } catch (error) {
    logger.warn({ credential: label(), error: errorCode(error) }, 'Saving the tokens has to wait');
    saveIn(state, SAVE_AGAIN.firstMs);
  }
}

/** There is nothing left to save, and no token half-spent: `saved` is on the disk. */
async function settle(state: State, saved: Tokens): Promise<void> {
  const { intent } = state.deps;
  forgetUnsaved(state);
  await intent?.end();
  // Another process may have traded it further, and the last one to know may be gone.
  if ((await intent?.kept.find(saved.refreshToken)) === undefined) await intent?.kept.drop();
}

function forgetUnsaved(state: State): void {
  state.version += 1;
  state.unsaved = undefined;
  state.spent = undefined;
  state.failedSaves = 0;
  state.cancelSave();
}
