import type { AccountsReading } from '../accounts/account.ts';
import { textTable } from './text-table.ts';

/** One line for each account of the file, the new one marked. */
export function accountLines(reading: AccountsReading, newId: string): string[] {
  if (reading.kind !== 'found') return [];
  const rows = reading.accounts.map(({ id, label, enabled }) => [
    id === newId ? '*' : ' ',
    label,
    id,
    enabled ? '' : 'disabled',
  ]);
  return textTable(rows);
}
