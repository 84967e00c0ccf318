import { parseArgs } from 'node:util';

export interface AddAccountOptions {
  /** Ask for another account after each. */
  readonly loop: boolean;
  /** What people know the account by; its e-mail address unless told. */
  readonly label: string | undefined;
  /** Whether a browser may be opened. */
  readonly browser: boolean;
}

export type AddAccountCommand =
  | { readonly kind: 'run'; readonly options: AddAccountOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string };

export const ADD_ACCOUNT_HELP = `Usage: npm run add-account -- [options]

Logs in to Factory in a browser, on this or any other device, and adds the login to accounts.json.
An account that is there already gets the new tokens. A running server takes both up by itself.

  --loop         asks for another account after each one
  --label NAME   names the account; without it, its e-mail address does
  --no-browser   shows the link without opening a browser
  --help         shows this

It reads the same .env and config.json as the server: ACCOUNTS_FILE, DATA_DIR, CONFIG_FILE, oauth, proxies.
`;

/** What the arguments ask for. */
export function readAddAccountArguments(args: readonly string[]): AddAccountCommand {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        loop: { type: 'boolean', default: false },
        label: { type: 'string' },
        'no-browser': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const label = values.label?.trim();
    if (label === '') return { kind: 'wrong', reason: '--label needs a name' };
    if (label !== undefined && values.loop) {
      return { kind: 'wrong', reason: '--label names one account, so it does not go with --loop' };
    }
    return { kind: 'run', options: { loop: values.loop, label, browser: !values['no-browser'] } };
  } catch (error) {
    return { kind: 'wrong', reason: error instanceof Error ? error.message : String(error) };
  }
}
