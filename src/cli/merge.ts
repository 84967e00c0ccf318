import type { AccountVault } from '../accounts/account-vault.ts';
import { writeAccounts } from '../accounts/edit-accounts.ts';
import { mergeAccounts } from '../accounts/merge-accounts.ts';
import type { AccountsMerge, MergedAccount } from '../accounts/merge-accounts.ts';
import { readAccounts } from '../accounts/read-accounts.ts';
import type { Output } from './output.ts';
import { textTable } from './text-table.ts';

export interface MergeDeps {
  readonly vault: AccountVault;
  /** The text of a file, of standard input for `-`. */
  readonly readText: (file: string) => Promise<string>;
  readonly output: Output;
}

export interface MergeOptions {
  readonly file: string;
  readonly dryRun: boolean;
  readonly reply: boolean;
}

const FATES: Readonly<Record<MergedAccount['fate'], string>> = {
  added: 'added',
  updated: 'has the newer tokens now',
  'kept-newer': 'keeps its own tokens, they are newer',
  same: 'is the same on both sides',
};

/**
 * Brings another accounts file into ours; resolves to the exit code. With `reply` standard output holds the accounts
 * that the other side lacks or has older tokens of, as an accounts file for it, and nothing else.
 *
 * @throws Error, safe to show, when one of the files cannot be read, or ours cannot be written.
 */
export async function runMerge({ file, dryRun, reply }: MergeOptions, deps: MergeDeps): Promise<number> {
  const { vault, output } = deps;
  const giving = readAccounts(await deps.readText(file));
  if (giving.kind === 'malformed') throw new Error(`${nameOf(file)} ${giving.reason}`);
  let merge: AccountsMerge = { edits: [], report: [] };
  let receiving = await vault.read();
  if (dryRun) {
    merge = mergeAccounts(giving, receiving);
  } else {
    await vault.change((ours) => {
      receiving = ours;
      merge = mergeAccounts(giving, ours);
      return merge.edits;
    });
  }
  const rows = merge.report.map(({ label, fate }) => [label, FATES[fate]]);
  output.note([...headOf(merge, dryRun), ...textTable(rows)].join('\n'));
  for (const mistake of giving.kind === 'found' ? giving.mistakes : []) {
    output.note(`Left out of ${nameOf(file)}: ${mistake}`);
  }
  if (reply) {
    const owed = mergeAccounts(receiving, giving).report.filter(
      ({ fate }) => fate === 'added' || fate === 'updated',
    );
    output.data(writeAccounts(owed.map(({ account }) => account)));
  }
  return 0;
}

const nameOf = (file: string): string => (file === '-' ? 'standard input' : file);

function headOf({ report, edits }: AccountsMerge, dryRun: boolean): string[] {
  if (report.length === 0) return ['There are no accounts to merge.'];
  const what = `${edits.length} of ${report.length} accounts ${edits.length === 1 ? 'brings' : 'bring'} something new`;
  return [dryRun ? `${what}; nothing is changed, this is a dry run:` : `${what}:`];
}
