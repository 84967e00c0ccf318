import { awaitDeviceLogin, startDeviceLogin } from '../credentials/device-login.ts';
import type { DeviceCode, DeviceOutcome } from '../credentials/device-login.ts';
import type { TokenPair } from '../credentials/tokens.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Random } from '../kernel/ports.ts';
import type { AddAccountOptions } from './add-account-options.ts';
import { accountLines } from './account-lines.ts';
import { joinOrganization } from './join-organization.ts';
import type { JoinOrganizationDeps } from './join-organization.ts';
import type { OpenBrowser } from './open-browser.ts';
import { saveLogin } from './save-login.ts';
import type { SavedLogin } from './save-login.ts';
import type { Terminal } from './terminal.ts';
import { minutesLeft } from './time-words.ts';

export interface AddAccountDeps extends JoinOrganizationDeps {
  readonly terminal: Terminal;
  readonly openBrowser: OpenBrowser;
  readonly random: Random;
  /** Fires when the person wants to leave. */
  readonly signal: AbortSignal;
}

/** `added` goes on where more are wanted; `again` after a failure that may pass; the rest ends the conversation. */
type Step = 'added' | 'again' | 'failed' | 'cancelled';

const SECOND_MS = 1000;
const EXIT_CODES = { added: 0, failed: 1, cancelled: 130 } as const;

/** The conversation that puts OAuth logins into `accounts.json`. Resolves to the exit code; never rejects. */
export async function addAccounts(options: AddAccountOptions, deps: AddAccountDeps): Promise<number> {
  const { terminal, vault, signal } = deps;
  terminal.intro('droid2api: add an account');
  const before = await vault.read();
  if (before.kind === 'malformed') {
    terminal.say('error', before.reason);
    return EXIT_CODES.failed;
  }
  for (;;) {
    const step = await addOne(options, deps);
    const goesOn = await mayGoOn(step, options, terminal);
    const end = goesOn === undefined || signal.aborted ? 'cancelled' : step === 'again' ? 'failed' : step;
    if (end === 'cancelled') terminal.outro('Cancelled. Whatever was added before is saved.');
    else if (goesOn === true) continue;
    else if (end === 'added')
      terminal.outro(`Saved in ${vault.path}. A running server takes it up by itself.`);
    return EXIT_CODES[end];
  }
}

/** Whether another round follows; `undefined` when the person leaves. */
function mayGoOn(step: Step, { loop }: AddAccountOptions, terminal: Terminal): Promise<boolean | undefined> {
  if (step === 'added' && loop) return terminal.ask('Add another account?');
  if (step === 'again') return terminal.ask('Try again with a new code?');
  return Promise.resolve(step === 'cancelled' ? undefined : false);
}

async function addOne(options: AddAccountOptions, deps: AddAccountDeps): Promise<Step> {
  const { terminal, workos, signal } = deps;
  let code: DeviceCode;
  try {
    code = await startDeviceLogin(workos, signal);
  } catch (error) {
    if (signal.aborted) return 'cancelled';
    terminal.say('error', error instanceof GatewayError ? error.message : 'The login could not be started');
    return error instanceof GatewayError && error.kind === 'upstream-auth' ? 'failed' : 'again';
  }
  terminal.box('Confirm this code in your browser', [`Code:  ${code.userCode}`, `Link:  ${code.url}`]);
  const isOpen = options.browser && (await deps.openBrowser(code.url));
  terminal.say('info', isOpen ? 'Your browser opens the page.' : 'Open the link on any device, a phone too.');
  const outcome = await follow(code, deps);
  return outcome.kind === 'approved' ? keep(outcome.pair, options, deps) : stepAfter(outcome);
}

/** Shows the time that is left until the login has ended one way or the other. */
async function follow(
  code: DeviceCode,
  { terminal, workos, signal }: AddAccountDeps,
): Promise<DeviceOutcome> {
  const { clock } = workos;
  let trouble: string | undefined;
  const words = (): string => {
    const left = minutesLeft(code.expiresAt - clock.now());
    return trouble === undefined
      ? `Waiting for you to confirm, ${left} left`
      : `No answer, trying on, ${left} left (${trouble})`;
  };
  const spinner = terminal.spin(words());
  const stop = clock.every(SECOND_MS, () => spinner.update(words()));
  const onTrouble = (now: string | undefined): void => {
    trouble = now;
    spinner.update(words());
  };
  const outcome = await awaitDeviceLogin(code, { ...workos, signal, onTrouble });
  stop();
  spinner.end(...ending(outcome));
  return outcome;
}

function ending(outcome: DeviceOutcome): Parameters<ReturnType<Terminal['spin']>['end']> {
  switch (outcome.kind) {
    case 'approved':
      return ['success', `Logged in as ${outcome.pair.email ?? 'somebody without an e-mail address'}`];
    case 'expired':
      return ['warn', 'The code is too old now: nobody confirmed it in time'];
    case 'denied':
      return ['error', 'The login was denied in the browser'];
    case 'refused':
      return ['error', `WorkOS refuses the login: ${outcome.reason}`];
    case 'cancelled':
      return ['warn', 'Stopped waiting'];
  }
}

function stepAfter({ kind }: Exclude<DeviceOutcome, { kind: 'approved' }>): Step {
  if (kind === 'cancelled') return 'cancelled';
  return kind === 'refused' ? 'failed' : 'again';
}

/** From here on the person may leave at any time: what has arrived is saved first. */
async function keep(pair: TokenPair, options: AddAccountOptions, deps: AddAccountDeps): Promise<Step> {
  const { terminal, vault } = deps;
  const saved = await save(pair, options, deps);
  if (saved === undefined) return 'failed';
  const problem = deps.signal.aborted ? undefined : await joinOrganization(saved.id, pair, deps);
  if (problem !== undefined) terminal.say('warn', problem);
  const reading = await vault.read();
  const account = reading.kind === 'found' ? reading.accounts.find(({ id }) => id === saved.id) : undefined;
  if (saved.isReplacement)
    terminal.say('info', `${account?.label ?? saved.id} was there already and has new tokens.`);
  if (account?.enabled === false) {
    terminal.say('warn', `It is disabled: npm run accounts -- enable ${account.id}`);
  }
  terminal.box('Accounts', accountLines(reading, saved.id));
  return 'added';
}

async function save(
  pair: TokenPair,
  { label }: AddAccountOptions,
  { terminal, vault, workos, random }: AddAccountDeps,
): Promise<SavedLogin | undefined> {
  for (;;) {
    try {
      return await saveLogin(pair, label, { vault, clock: workos.clock, random });
    } catch (error) {
      terminal.say('error', `Not saved: ${error instanceof Error ? error.message : 'unknown failure'}`);
      if ((await terminal.ask('Try to save it again?')) !== true) return undefined;
    }
  }
}
