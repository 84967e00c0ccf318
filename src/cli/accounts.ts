import type { Account, AccountsReading } from '../accounts/account.ts';
import type { AccountState } from '../accounts/account-state.ts';
import type { AccountEdit } from '../accounts/edit-accounts.ts';
import { ACCOUNTS_HELP, readAccountsArguments } from './accounts-options.ts';
import type { AccountsCommand } from './accounts-options.ts';
import type { Factory } from './factory.ts';
import { findAccount } from './find-account.ts';
import { listJson, listLines, reportAccounts } from './list-accounts.ts';
import { runMerge } from './merge.ts';
import type { Output } from './output.ts';
import { rotateNow } from './rotate-now.ts';
import type { RotateNowDeps } from './rotate-now.ts';

export interface AccountsDeps extends RotateNowDeps {
  readonly factory: Factory | undefined;
  readonly readStates: () => Promise<ReadonlyMap<string, AccountState>>;
  /** The text of a file, of standard input for `-`. */
  readonly readText: (file: string) => Promise<string>;
  readonly output: Output;
  /** Does not let a signal end the process before the promise is settled. */
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
  /** Asks the person; absent where there is nobody. `undefined` when they want to leave. */
  readonly ask: ((question: string) => Promise<boolean | undefined>) | undefined;
}

/** Words for the person who asked; the exit code is 1. */
class CommandFailure extends Error {}

const EXIT = { done: 0, failed: 1, wrong: 2, cancelled: 130 } as const;

/** Carries out one command on the accounts. Resolves to the exit code; never rejects. */
export async function runAccounts(args: readonly string[], deps: AccountsDeps): Promise<number> {
  const command = readAccountsArguments(args);
  try {
    return await run(command, deps);
  } catch (error) {
    deps.output.note(`accounts: ${wordsOf(error)}`);
    return EXIT.failed;
  }
}

/** Files and GatewayErrors speak in words that are safe to show. */
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown failure');

function run(command: AccountsCommand, deps: AccountsDeps): Promise<number> | number {
  switch (command.kind) {
    case 'help':
      deps.output.print(ACCOUNTS_HELP.trimEnd());
      return EXIT.done;
    case 'wrong':
      deps.output.note(`accounts: ${command.reason}\n\n${ACCOUNTS_HELP.trimEnd()}`);
      return EXIT.wrong;
    case 'list':
      return list(command, deps);
    case 'enable':
    case 'disable':
      return enable(command, deps);
    case 'remove':
      return remove(command, deps);
    case 'refresh':
      return refresh(command, deps);
    case 'merge':
      return runMerge(command, deps);
  }
}

async function list(
  { json, offline }: { readonly json: boolean; readonly offline: boolean },
  { vault, factory, readStates, workos, output }: AccountsDeps,
): Promise<number> {
  const reading = await vault.read();
  const now = workos.clock.now();
  const states = await readStates();
  const reports = await reportAccounts(accountsOf(reading), {
    factory: offline ? undefined : factory,
    states,
    now,
  });
  if (json) {
    output.data(listJson(reports, reading, now));
  } else {
    output.print(listLines(reports, now).join('\n'));
    if (reading.kind === 'found') for (const mistake of reading.mistakes) output.note(`Left out: ${mistake}`);
  }
  return EXIT.done;
}

async function enable(
  { kind, word }: { readonly kind: 'enable' | 'disable'; readonly word: string },
  deps: AccountsDeps,
): Promise<number> {
  const isOn = kind === 'enable';
  const fields = isOn ? { enabled: true, enabled_at: deps.workos.clock.now() } : { enabled: false };
  const { label } = await changeOne(word, deps, ({ id }) => [{ kind: 'set', id, fields }]);
  deps.output.print(isOn ? `${label} is enabled.` : `${label} is disabled: its login is kept, but not used.`);
  return EXIT.done;
}

async function remove(
  { word, yes }: { readonly word: string; readonly yes: boolean },
  deps: AccountsDeps,
): Promise<number> {
  const account = requireAccount(await deps.vault.read(), word);
  if (!yes) {
    if (deps.ask === undefined) throw new CommandFailure('nobody is there to confirm this: add --yes');
    const answer = await deps.ask(`Remove ${account.label} (${account.id}) and its tokens?`);
    if (answer !== true) return answer === undefined ? EXIT.cancelled : EXIT.failed;
  }
  await changeOne(account.id, deps, ({ id }) => [{ kind: 'remove', id }]);
  const intent = deps.intentOf?.(account.id);
  await intent?.end();
  await intent?.kept.drop(); // tokens that could not be saved, too
  deps.output.print(`${account.label} is removed.`);
  return EXIT.done;
}

async function refresh({ word }: { readonly word: string }, deps: AccountsDeps): Promise<number> {
  const { id, label, tokens: held } = requireAccount(await deps.vault.read(), word);
  // A refresh token that is spent without anybody to hear the answer would be a lost login.
  const { tokens, isAdopted } = await deps.uninterrupted(() => rotateNow({ id, label, held }, deps));
  const until =
    tokens.expiresAt === undefined ? '' : `, good until ${new Date(tokens.expiresAt).toISOString()}`;
  const how = isAdopted ? 'has tokens that another process has just fetched' : 'has new tokens';
  deps.output.print(`${label} ${how}${until}.`);
  return EXIT.done;
}

/** Finds the account in the file as it is under its lock, and changes it there. */
async function changeOne(
  word: string,
  { vault }: AccountsDeps,
  edits: (account: Account) => readonly AccountEdit[],
): Promise<Account> {
  let changed: Account | undefined;
  await vault.change((reading) => {
    changed = requireAccount(reading, word);
    return edits(changed);
  });
  return changed ?? requireAccount(await vault.read(), word);
}

/** @throws CommandFailure when it is not clear which account is meant. */
function requireAccount(reading: AccountsReading, word: string): Account {
  const found = findAccount(accountsOf(reading), word);
  if (found.kind === 'unclear') throw new CommandFailure(found.reason);
  return found.account;
}

/** @throws CommandFailure for a file that cannot be read. */
function accountsOf(reading: AccountsReading): readonly Account[] {
  if (reading.kind === 'malformed') throw new CommandFailure(reading.reason);
  return reading.kind === 'found' ? reading.accounts : [];
}
