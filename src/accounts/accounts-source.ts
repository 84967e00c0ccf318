import type { Credential, CredentialSource, Demand, SourceState } from '../credentials/credential.ts';
import type { Login, LoginDeps } from '../credentials/login.ts';
import type { Logger } from '../kernel/ports.ts';
import type { Account, AccountsReading } from './account.ts';
import type { AccountPool, AccountReport } from './account-pool.ts';
import type { AccountVault } from './account-vault.ts';
import type { StateFile } from './state-file.ts';

export interface AccountsDeps {
  readonly vault: AccountVault;
  readonly pool: AccountPool;
  /** What is remembered of the accounts over restarts. */
  readonly stateFile: Pick<StateFile, 'load' | 'stop'>;
  /** A login over one entry of the vault. */
  readonly createLogin: (
    parts: Pick<LoginDeps, 'id' | 'label' | 'advice' | 'store' | 'onRefreshed'>,
  ) => Login;
  /** Calls back whenever the file may have changed, until the returned function is called. */
  readonly watch: (onChange: () => void) => () => void;
  readonly logger: Logger;
}

/** The logins of `accounts.json`: all of them refreshed, the fittest chosen. */
export interface AccountsSource extends CredentialSource {
  /** Reads the file; quick, and refreshes nothing. Never rejects. */
  readonly load: () => Promise<void>;
  /** Begins to refresh, ahead of time, whatever is eligible or not, and to watch the file. Never rejects. */
  readonly start: () => Promise<void>;
  /** Takes up what has changed in the file. Never rejects. */
  readonly reload: () => Promise<void>;
  /** Ends the background work once everything is saved. Never rejects. */
  readonly stop: () => Promise<void>;
  /** True while an account has a token that can be sent without a refresh. */
  readonly canPay: (id: string) => boolean;
}

interface Member {
  account: Account;
  readonly login: Login;
}

interface State {
  readonly deps: AccountsDeps;
  readonly members: Map<string, Member>;
  /** Refreshes that were under way when their accounts were taken out of the file. */
  readonly leaving: Set<Promise<void>>;
  reading: AccountsReading;
  /** What was last said of the file, so that it is said once. */
  complaint: string;
  isStarted: boolean;
}

export function createAccountsSource(deps: AccountsDeps): AccountsSource {
  const state: State = {
    deps,
    members: new Map(),
    leaving: new Set(),
    reading: { kind: 'absent' },
    complaint: '',
    isStarted: false,
  };
  let turn = Promise.resolve();
  let stopWatching = (): void => undefined;
  /** One reading after the other: two at once could take up the older one last. */
  const reload = (): Promise<void> => (turn = turn.then(() => takeUp(state)));
  return {
    name: 'accounts',
    hasAccounts: true,
    state: () => sourceState(state),
    find: (demand) => find(state, demand),
    reason: () => reasonOf(state),
    refusal: ({ pool }) => deps.pool.refusal(pool, isAlive(state.members)),
    canPay: (id) => state.members.get(id)?.login.hasValidToken() === true,
    load: async () => {
      await deps.stateFile.load();
      await reload();
    },
    reload,
    start: async () => {
      stopWatching = deps.watch(() => void reload());
      await reload(); // for what has changed since it was loaded
      state.isStarted = true;
      await Promise.all(logins(state).map((login) => login.start()));
    },
    stop: async () => {
      stopWatching();
      state.isStarted = false;
      await turn;
      await Promise.all([...logins(state).map((login) => login.stop()), ...state.leaving]);
      await deps.stateFile.stop();
    },
  };
}

/** The ones that end first come first: they are refreshed in this order. */
const logins = ({ members }: State): Login[] =>
  [...members.values()]
    .map(({ login }) => login)
    .sort((one, other) => (one.expiresAt() ?? 0) - (other.expiresAt() ?? 0));

function find(state: State, demand: Demand): Credential | undefined {
  const { pool } = state.deps;
  const pick = pool.pick(demand);
  const member = pick && state.members.get(pick.id);
  if (pick === undefined || member === undefined) return undefined;
  const { credential } = member.login;
  return {
    id: pick.id,
    label: member.account.label,
    holder: 'gateway',
    isAccount: true,
    isProbe: pick.isProbe,
    token: credential.token,
    renew: credential.renew,
    settle: (outcome) => pool.settle(pick, outcome, demand.pool),
  };
}

const isAlive =
  (members: ReadonlyMap<string, Member>) =>
  (id: string): boolean =>
    members.get(id)?.login.state() === 'usable';

function sourceState({ deps, members, reading }: State): SourceState {
  if (members.size > 0) return deps.pool.isUsable(isAlive(members)) ? 'usable' : 'unusable';
  const isEmpty = reading.kind === 'found' && reading.mistakes.length === 0;
  return reading.kind === 'absent' || isEmpty ? 'absent' : 'unusable';
}

async function takeUp(state: State): Promise<void> {
  const { deps, members } = state;
  state.reading = await deps.vault.read();
  complain(state);
  if (state.reading.kind === 'malformed') return; // somebody is at work on it: what is known stays in use
  const accounts = state.reading.kind === 'found' ? state.reading.accounts : [];
  await Promise.all(accounts.map((account) => admit(state, account)));
  deps.pool.setMembers(accounts);
  dropMissing(state, accounts);
  if (members.size > 0) deps.logger.debug({ accounts: members.size }, 'accounts.json is read');
}

async function admit({ deps, members, isStarted }: State, account: Account): Promise<void> {
  const { id, label } = account;
  const known = members.get(id);
  if (known !== undefined) {
    known.account = account;
    await known.login.reload();
    return;
  }
  const login = deps.createLogin({
    id,
    label: () => members.get(id)?.account.label ?? label,
    advice: 'Log in again: npm run add-account',
    store: deps.vault.store(id),
    onRefreshed: () => deps.pool.refreshed(id),
  });
  members.set(id, { account, login });
  await login.load();
  if (!isStarted) return;
  deps.logger.info({ account: label }, `Account ${label} is taken up`);
  void login.start();
}

function dropMissing({ members, leaving, deps, reading }: State, accounts: readonly Account[]): void {
  const ids = new Set(accounts.map(({ id }) => id));
  const gone = [...members.values()].filter(({ account }) => !ids.has(account.id));
  for (const { account, login } of gone) {
    members.delete(account.id);
    const why = reading.kind === 'absent' ? 'accounts.json is gone' : 'it is no longer in accounts.json';
    deps.logger.info({ account: account.label }, `Account ${account.label} is no longer used: ${why}`);
    // Whatever else is new in the file does not wait for a slow refresh.
    const end = login.stop().finally(() => leaving.delete(end));
    leaving.add(end);
  }
}

function complain(state: State): void {
  const { reading, deps } = state;
  const lines =
    reading.kind === 'malformed' ? [reading.reason] : reading.kind === 'found' ? reading.mistakes : [];
  const complaint = lines.join('\n');
  if (complaint === state.complaint) return;
  state.complaint = complaint;
  for (const line of lines) deps.logger.error({ file: deps.vault.path }, line);
}

function reasonOf({ reading, deps, members }: State): string | undefined {
  if (members.size === 0) {
    return reading.kind === 'malformed'
      ? reading.reason
      : reading.kind === 'found'
        ? reading.mistakes.join('; ')
        : undefined;
  }
  const words = deps.pool.report().map((report) => describe(report, members.get(report.id)));
  const shown = words.slice(0, MAX_SHOWN).join('; ');
  return words.length > MAX_SHOWN ? `${shown}; and ${words.length - MAX_SHOWN} more` : shown;
}

/** Of a thousand accounts, the first few say enough. */
const MAX_SHOWN = 10;

const describe = ({ label, enabled, parkings }: AccountReport, member: Member | undefined): string => {
  if (!enabled) return `${label}: disabled by its owner`;
  const ended = member?.login.state() === 'usable' ? undefined : member?.login.reason();
  const parked = parkings[0] && `${label}: ${parkings[0].reason}`;
  return [parked, ended].filter((reason) => reason !== undefined).join('; ') || `${label}: usable`;
};
