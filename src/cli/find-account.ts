import type { Account } from '../accounts/account.ts';

/** The one account that a person means, or why it is not clear which. */
export type FoundAccount =
  | { readonly kind: 'found'; readonly account: Account }
  | { readonly kind: 'unclear'; readonly reason: string };

/** By id, the beginning of an id, label or e-mail address; letters may be large or small. */
export function findAccount(accounts: readonly Account[], word: string): FoundAccount {
  const wanted = word.trim().toLowerCase();
  const exact = accounts.find(({ id }) => id.toLowerCase() === wanted);
  if (exact !== undefined) return { kind: 'found', account: exact };
  const names = ({ id, label, email }: Account): boolean =>
    id.toLowerCase().startsWith(wanted) || label.toLowerCase() === wanted || email?.toLowerCase() === wanted;
  const [account, ...others] = wanted === '' ? [] : accounts.filter(names);
  if (account === undefined)
    return { kind: 'unclear', reason: `There is no account ${JSON.stringify(word)}` };
  if (others.length === 0) return { kind: 'found', account };
  const choice = [account, ...others].map(({ id, label }) => `${label} (${id})`).join(', ');
  return { kind: 'unclear', reason: `${JSON.stringify(word)} could be any of these: ${choice}` };
}
