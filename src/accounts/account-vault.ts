import type { HeldTokens, TokenReading, TokenStore } from '../credentials/token-file.ts';
import type { TokenPair, Tokens } from '../credentials/tokens.ts';
import { errorCode } from '../disk/disk.ts';
import { createDurableFile, isOvertaken } from '../disk/durable-file.ts';
import type { DurableFile, HeldFile, WriteStep } from '../disk/durable-file.ts';
import { createFileLock } from '../disk/file-lock.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Account, AccountsReading } from './account.ts';
import { createAccountLock, sweepAccountLocks } from './account-locks.ts';
import { createBatch } from './batch.ts';
import { editAccounts } from './edit-accounts.ts';
import type { AccountEdit } from './edit-accounts.ts';
import { isBlank, readAccounts } from './read-accounts.ts';
import { shareNext } from './share-next.ts';
import { compareAge } from './token-age.ts';

/** The accounts file, which gateways, the command line and people with editors change at any time. */
export interface AccountVault {
  readonly path: string;
  /** What the file says now; never rejects. Needs no lock. */
  readonly read: () => Promise<AccountsReading>;
  /** Where one account's tokens are kept: its refresh is exclusive over all processes, account by account. */
  readonly store: (id: string) => TokenStore;
  /**
   * Changes the file under its lock. `decide` sees it as it is then; no edits, no write. Resolves to what it says
   * afterwards. @throws Error, its message safe to show, when it cannot be.
   */
  readonly change: (decide: (reading: AccountsReading) => readonly AccountEdit[]) => Promise<AccountsReading>;
}

export interface AccountVaultDeps {
  /** `ACCOUNTS_FILE`; it need not exist. */
  readonly path: string;
  /** `DATA_DIR`: holds the journal, and the locks where the file's own directory cannot be written. */
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after every step of every write: where a test pulls the plug. */
  readonly step?: (step: WriteStep) => void | Promise<void>;
}

interface Vault {
  readonly deps: AccountVaultDeps;
  readonly file: DurableFile;
  readonly understand: (text: string | undefined) => AccountsReading;
  readonly read: () => Promise<AccountsReading>;
  readonly save: (save: Save) => Promise<void>;
}

/** New tokens of one account. */
interface Save {
  readonly id: string;
  readonly pair: TokenPair;
  /** What the file said when it was last read for this refresh. */
  readonly seen: Tokens | undefined;
}

export function createAccountVault(deps: AccountVaultDeps): AccountVault {
  const file = openFile(deps);
  const understand = createUnderstanding(deps.path);
  const save = createBatch<Save>((take) => {
    let saves: readonly Save[] | undefined;
    return exclusively(file, (held) => saveAll({ deps, understand }, held, (saves ??= take())));
  });
  const vault: Vault = {
    deps,
    file,
    understand,
    read: shareNext(() => read({ deps, file, understand })),
    save,
  };
  return {
    path: deps.path,
    read: vault.read,
    store: (id) => openStore(vault, id),
    change: (decide) => change(vault, decide),
  };
}

function openFile({ path, dataDirectory, clock, logger, step }: AccountVaultDeps): DurableFile {
  return createDurableFile({
    path,
    journalDirectory: dataDirectory,
    withLock: createFileLock({ clock, logger, fallbackDirectory: dataDirectory }),
    logger,
    ...(step !== undefined && { step }),
  });
}

/** Does it once more when an editor was faster, which knows nothing of the lock. */
async function exclusively<T>(file: DurableFile, action: (held: HeldFile) => Promise<T>): Promise<T> {
  try {
    return await file.exclusively(action);
  } catch (error) {
    if (!isOvertaken(error)) throw error;
    return file.exclusively(action);
  }
}

/** Reads a text once, however many logins ask for what it says. */
function createUnderstanding(path: string): Vault['understand'] {
  let last: { readonly text: string; readonly reading: AccountsReading } | undefined;
  return (text) => {
    if (text === undefined) return { kind: 'absent' };
    // What empties a file of accounts is rather a crash in the middle of a write than its owner.
    if (isBlank(text) && last?.reading.kind === 'found') {
      return { kind: 'malformed', reason: `${path} is empty` };
    }
    if (last?.text !== text) last = { text, reading: withPath(path, readAccounts(text)) };
    return last.reading;
  };
}

const withPath = (path: string, reading: AccountsReading): AccountsReading =>
  reading.kind === 'malformed' ? { kind: 'malformed', reason: `${path} ${reading.reason}` } : reading;

async function read({
  deps,
  file,
  understand,
}: Pick<Vault, 'deps' | 'file' | 'understand'>): Promise<AccountsReading> {
  try {
    const text = await file.read();
    const reading = understand(text);
    if (reading.kind === 'found' || text === undefined) return reading;
    // Perhaps caught while it is written in place by a process that keeps its journal elsewhere: under the lock it is whole.
    return await file.exclusively(async (held) => understand(await held.read()));
  } catch (error) {
    return withPath(deps.path, { kind: 'malformed', reason: `cannot be read (${errorCode(error)})` });
  }
}

async function change(
  { deps, file, understand }: Vault,
  decide: (reading: AccountsReading) => readonly AccountEdit[],
): Promise<AccountsReading> {
  const { reading, edits } = await exclusively(file, async (held) => {
    const text = await held.read();
    const before = understand(text);
    const wanted = decide(before);
    if (wanted.length === 0) return { reading: before, edits: wanted };
    const edited = edit(deps.path, text, wanted);
    if (edited !== text) await held.write(edited);
    return { reading: understand(edited), edits: wanted };
  });
  if (reading.kind === 'found' && edits.some(({ kind }) => kind === 'remove')) {
    const ids = reading.accounts.map(({ id }) => id);
    await sweepAccountLocks(deps.path, ids, deps.clock.now());
  }
  return reading;
}

function edit(path: string, text: string | undefined, edits: readonly AccountEdit[]): string {
  try {
    return editAccounts(text, edits);
  } catch (error) {
    throw new Error(`${path} ${error instanceof Error ? error.message : 'cannot be changed'}`, {
      cause: error,
    });
  }
}

function openStore(vault: Vault, id: string): TokenStore {
  const { path, dataDirectory, clock, logger } = vault.deps;
  const withLock = createAccountLock(path, id, { clock, logger, fallbackDirectory: dataDirectory });
  return {
    read: async () => tokensOf(await vault.read(), id),
    exclusively: (action) => withLock(() => action(holdTokens(vault, id))),
  };
}

function holdTokens(vault: Vault, id: string): HeldTokens {
  let seen: Tokens | undefined;
  return {
    read: async () => {
      const reading = tokensOf(await vault.read(), id);
      if (reading.kind === 'found') seen = reading.tokens;
      return reading;
    },
    write: (pair) => vault.save({ id, pair, seen }),
  };
}

function tokensOf(reading: AccountsReading, id: string): TokenReading {
  if (reading.kind !== 'found') return reading;
  const account = findAccount(reading, id);
  return account === undefined ? { kind: 'absent' } : { kind: 'found', tokens: account.tokens };
}

const findAccount = (reading: AccountsReading, id: string): Account | undefined =>
  reading.kind === 'found' ? reading.accounts.find((account) => account.id === id) : undefined;

/** Writes the new tokens of many accounts at once. */
async function saveAll(
  { deps, understand }: Pick<Vault, 'deps' | 'understand'>,
  held: HeldFile,
  saves: readonly Save[],
): Promise<void> {
  const text = await held.read();
  const reading = understand(text);
  if (reading.kind === 'malformed') throw new Error(`${reading.reason}; it is left as it is`);
  if (reading.kind === 'absent') throw new Error(`${deps.path} is gone`); // an editor may be at work
  const edits = saves.flatMap((save) => editFor(deps, findAccount(reading, save.id), save));
  if (edits.length > 0) await held.write(edit(deps.path, text, edits));
}

function editFor(
  { clock, logger }: AccountVaultDeps,
  account: Account | undefined,
  { id, pair, seen }: Save,
): AccountEdit[] {
  if (account === undefined) {
    logger.debug({ account: id }, 'New tokens are not saved: the account was removed meanwhile');
    return [];
  }
  // Its owner may have logged in anew while this refresh was under way: that login is the one they want.
  if (seen !== undefined && compareAge(account.tokens, seen) > 0) {
    logger.info({ account: id }, 'New tokens are not saved: the account has newer ones');
    return [];
  }
  return [{ kind: 'set', id, fields: fieldsFor(account, pair, clock.now()) }];
}

const fieldsFor = (account: Account, pair: TokenPair, now: number): JsonObject => ({
  access_token: pair.accessToken.reveal(),
  refresh_token: pair.refreshToken.reveal(),
  expires_at: pair.expiresAt,
  last_refresh: pair.issuedAt ?? now,
  ...(isMissing(account, 'email') && pair.email !== undefined && { email: pair.email }),
  ...(isMissing(account, 'organization_id') &&
    pair.organizationId !== undefined && { organization_id: pair.organizationId }),
});

const isMissing = ({ entry }: Account, key: string): boolean => {
  const value = entry()[key];
  return value === undefined || value === null || value === '';
};
