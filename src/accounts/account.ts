import type { Tokens } from '../credentials/tokens.ts';
import type { JsonObject } from '../kernel/json.ts';

/** One login of `accounts.json`. Times are Unix milliseconds. */
export interface Account {
  /** `acc_` and 16 hexadecimal digits; made of the tokens where the file says none, so that all readers agree. */
  readonly id: string;
  /** What people know it by: the label that its owner gave it, else its e-mail address, else its id. */
  readonly label: string;
  readonly tokens: Tokens;
  /** What its owner wants. A disabled one is refreshed, but never chosen. */
  readonly enabled: boolean;
  /** When its owner last wanted it back: whatever disabled it before that is void. */
  readonly enabledAt?: number;
  readonly email?: string;
  /** The WorkOS organisation, `org_…`. */
  readonly organizationId?: string;
  /** The entry as the file has it, the tokens in plain: only to be written. */
  readonly entry: () => JsonObject;
}

/** What the file says, entry by entry; `mistakes` are its malformed entries in words for its owner, without secrets. */
export type AccountsReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed'; readonly reason: string }
  | {
      readonly kind: 'found';
      readonly accounts: readonly Account[];
      readonly mistakes: readonly string[];
    };
