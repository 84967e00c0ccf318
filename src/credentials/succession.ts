import { hashText } from '../disk/journal.ts';
import type { Secret } from '../kernel/secret.ts';
import { readClaims } from './jwt.ts';
import { areSameTokens, isSameSecret } from './tokens.ts';
import type { TokenPair, Tokens } from './tokens.ts';

/** What tokens on the disk are to those that are known. `superseded`: someone has put back what was replaced. */
type Standing = 'same' | 'news' | 'superseded';

/** Which tokens of one login came after which, as far as this process knows. */
export interface Succession {
  /** The newest tokens known; absent before any are. */
  readonly newest: () => Tokens | undefined;
  readonly judge: (tokens: Tokens) => Standing;
  /** Makes `tokens`, which the disk brought, the newest; `ancestor` is known to be spent. */
  readonly follow: (tokens: Tokens, ancestor?: Secret) => void;
  /** Makes `pair`, for which `spent` was traded, the newest. */
  readonly trade: (spent: Tokens, pair: TokenPair) => void;
  /** The newest was refused: those that were merely seen to be replaced may be the right ones after all. */
  readonly doubt: () => void;
}

/** A file that is older than this many changes is beyond anyone's editor. */
const REMEMBERED = 100;

/** Begins with no tokens; keeps hashes of the old ones, never their text. */
export function createSuccession(): Succession {
  const traded = createTokenMemory(REMEMBERED);
  const replaced = createTokenMemory(REMEMBERED);
  let newest: Tokens | undefined;
  return {
    newest: () => newest,
    judge: (tokens) => {
      if (newest === undefined) return 'news';
      if (areSameTokens(tokens, newest)) return 'same';
      if (traded.has(tokens.refreshToken)) return 'superseded';
      if (newest.accessToken === undefined || newest.refreshToken === undefined) return 'news'; // little to defend
      if (replaced.has(tokens.refreshToken)) return 'superseded';
      const isKnown = traded.has(tokens.accessToken) || replaced.has(tokens.accessToken);
      if (!isKnown) return isOlder(tokens, newest) ? 'superseded' : 'news';
      // Another refresh token beside an access token of ours: someone has pasted a new login into the file.
      const isOwn =
        tokens.refreshToken === undefined || isSameSecret(tokens.refreshToken, newest.refreshToken);
      return isOwn ? 'superseded' : 'news';
    },
    follow: (tokens, ancestor) => {
      if (!isSameSecret(ancestor, tokens.refreshToken)) traded.add(ancestor);
      if (newest !== undefined && !isAnotherLogin(newest, tokens)) retire(replaced, newest, tokens);
      replaced.forget(tokens.refreshToken);
      newest = tokens;
    },
    trade: (spent, pair) => {
      retire(traded, spent, pair);
      newest = pair;
    },
    doubt: () => replaced.clear(),
  };
}

/** Puts into `memory` those of the tokens `old` that `next` does without. */
function retire(memory: TokenMemory, old: Tokens, next: Tokens): void {
  if (!isSameSecret(old.refreshToken, next.refreshToken)) memory.add(old.refreshToken);
  if (!isSameSecret(old.accessToken, next.accessToken)) memory.add(old.accessToken);
}

/** Only where both say so: tokens that say nothing of themselves are taken for the same login. */
const isAnotherLogin = (one: Tokens, other: Tokens): boolean =>
  areDifferent(one.sessionId, other.sessionId) || areDifferent(one.userId, other.userId);

const areDifferent = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

/**
 * True for a token that WorkOS made before the newest of the same session. Both times are WorkOS's own; a login made
 * earlier and pasted in later is another session, and may well be the one that is wanted.
 */
function isOlder({ accessToken }: Tokens, newest: Tokens): boolean {
  const own = accessToken && readClaims(accessToken);
  const other = newest.accessToken && readClaims(newest.accessToken);
  if (own?.sessionId === undefined || own.sessionId !== other?.sessionId) return false;
  return own.issuedAt !== undefined && other.issuedAt !== undefined && own.issuedAt < other.issuedAt;
}

interface TokenMemory {
  readonly add: (token: Secret | undefined) => void;
  readonly has: (token: Secret | undefined) => boolean;
  readonly forget: (token: Secret | undefined) => void;
  readonly clear: () => void;
}

/** Remembers the last `most` tokens that were added. */
function createTokenMemory(most: number): TokenMemory {
  const hashes = new Set<string>();
  const hash = (token: Secret | undefined): string => (token === undefined ? '' : hashText(token.reveal()));
  return {
    add: (token) => {
      if (token === undefined) return;
      hashes.delete(hash(token));
      hashes.add(hash(token));
      const [oldest] = hashes;
      if (hashes.size > most && oldest !== undefined) hashes.delete(oldest);
    },
    has: (token) => hashes.has(hash(token)),
    forget: (token) => void hashes.delete(hash(token)),
    clear: () => hashes.clear(),
  };
}
