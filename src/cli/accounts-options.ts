import { parseArgs } from 'node:util';

/** One command with the options that it knows. */
export type AccountsCommand =
  | { readonly kind: 'list'; readonly json: boolean; readonly offline: boolean }
  | { readonly kind: 'enable' | 'disable'; readonly word: string }
  | { readonly kind: 'refresh'; readonly word: string }
  | { readonly kind: 'remove'; readonly word: string; readonly yes: boolean }
  | { readonly kind: 'merge'; readonly file: string; readonly dryRun: boolean; readonly reply: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string };

export const ACCOUNTS_HELP = `Usage: npm run accounts -- [command]

  list [--json] [--offline]    every account with its state; --offline asks Factory for no quotas (default)
  enable ID                    uses the account again, whatever it was disabled for
  disable ID                   keeps the account, but does not use it
  refresh ID                   fetches new tokens for it now
  remove ID [--yes]            takes it out of the file; --yes does not ask
  merge FILE [--dry-run] [--reply]
                               takes accounts and newer tokens out of another accounts file ("-" reads standard
                               input); --reply writes what is newer here to standard output
  help                         shows this

ID is an id, the beginning of one, a label or an e-mail address. A running server follows by itself.
It reads the same .env and config.json as the server: ACCOUNTS_FILE, DATA_DIR, CONFIG_FILE, oauth, proxies.
`;

const OPTIONS = {
  json: { type: 'boolean' },
  offline: { type: 'boolean' },
  yes: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  reply: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flag = keyof typeof OPTIONS;

interface Shape {
  readonly flags: readonly Flag[];
  /** What has to follow the command's name. */
  readonly operand?: 'ID' | 'FILE';
  readonly build: (operand: string, isSet: (flag: Flag) => boolean) => AccountsCommand;
}

const SHAPES: Readonly<Partial<Record<string, Shape>>> = {
  list: {
    flags: ['json', 'offline'],
    build: (_, isSet) => ({ kind: 'list', json: isSet('json'), offline: isSet('offline') }),
  },
  enable: { flags: [], operand: 'ID', build: (word) => ({ kind: 'enable', word }) },
  disable: { flags: [], operand: 'ID', build: (word) => ({ kind: 'disable', word }) },
  refresh: { flags: [], operand: 'ID', build: (word) => ({ kind: 'refresh', word }) },
  remove: {
    flags: ['yes'],
    operand: 'ID',
    build: (word, isSet) => ({ kind: 'remove', word, yes: isSet('yes') }),
  },
  merge: {
    flags: ['dry-run', 'reply'],
    operand: 'FILE',
    build: (file, isSet) => ({ kind: 'merge', file, dryRun: isSet('dry-run'), reply: isSet('reply') }),
  },
  help: { flags: [], build: () => ({ kind: 'help' }) },
};

/** What the arguments ask for. */
export function readAccountsArguments(args: readonly string[]): AccountsCommand {
  let parsed: { values: Partial<Record<Flag, boolean>>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return { kind: 'wrong', reason: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const [name = 'list', ...operands] = positionals;
  const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name] : undefined;
  if (shape === undefined) return { kind: 'wrong', reason: `there is no command ${JSON.stringify(name)}` };
  const fault = faultOf(name, shape, operands, Object.keys(values));
  if (fault !== undefined) return { kind: 'wrong', reason: fault };
  return shape.build(operands[0] ?? '', (flag) => values[flag] === true);
}

function faultOf(
  name: string,
  { flags, operand }: Shape,
  operands: readonly string[],
  given: readonly string[],
): string | undefined {
  const strange = given.find((flag) => !flags.some((known) => known === flag));
  if (strange !== undefined) return `${name} knows no option --${strange}`;
  if (operands.length < (operand === undefined ? 0 : 1)) return `${name} needs the ${operand ?? ''}`;
  const surplus = operands[operand === undefined ? 0 : 1];
  return surplus === undefined ? undefined : `${name} can do nothing with ${JSON.stringify(surplus)}`;
}
