import type { Account, AccountsReading } from '../accounts/account.ts';
import type { AccountState } from '../accounts/account-state.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import { REPORT_HEAD, reportJson, reportRow } from './account-report.ts';
import type { AccountReport } from './account-report.ts';
import type { Factory } from './factory.ts';
import { textTable } from './text-table.ts';

export interface ListDeps {
  /** Absent where nobody is to be asked for quotas. */
  readonly factory: Factory | undefined;
  readonly states: ReadonlyMap<string, AccountState>;
  readonly now: number;
}

/** So many accounts are asked for at once. */
const AT_ONCE = 8;

/** Everything that is known of every account, in the order of the file. Never rejects. */
export async function reportAccounts(
  accounts: readonly Account[],
  { factory, states, now }: ListDeps,
): Promise<AccountReport[]> {
  const reports: AccountReport[] = [];
  for (let start = 0; start < accounts.length; start += AT_ONCE) {
    const some = accounts.slice(start, start + AT_ONCE).map(async (account): Promise<AccountReport> => ({
      account,
      state: states.get(account.id),
      quotas: factory && (await askQuotas(account, factory, now)),
    }));
    reports.push(...(await Promise.all(some)));
  }
  return reports;
}

async function askQuotas(
  { tokens }: Account,
  factory: Factory,
  now: number,
): Promise<AccountReport['quotas']> {
  const { accessToken, expiresAt } = tokens;
  if (accessToken === undefined) return 'there is no access token';
  if (expiresAt !== undefined && expiresAt <= now) return 'the access token has ended';
  try {
    return await factory.limits(accessToken);
  } catch (error) {
    return error instanceof GatewayError ? error.message : 'no answer';
  }
}

/** The list for a person. */
export function listLines(reports: readonly AccountReport[], now: number): string[] {
  if (reports.length === 0) return ['There are no accounts yet: npm run add-account'];
  const why = reports.flatMap(({ account, quotas }) =>
    typeof quotas === 'string' ? [`Quota of ${account.label}: ${quotas}`] : [],
  );
  return [...textTable([REPORT_HEAD, ...reports.map((report) => reportRow(report, now))]), ...why];
}

/** The list for a program. */
export const listJson = (reports: readonly AccountReport[], reading: AccountsReading, now: number): string =>
  `${JSON.stringify(
    {
      accounts: reports.map((report) => reportJson(report, now)),
      mistakes: reading.kind === 'found' ? reading.mistakes : [],
    },
    undefined,
    2,
  )}\n`;
