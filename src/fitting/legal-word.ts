import { sha256Hex } from '../kernel/sha256.ts';
import type { WordRule } from '../kernel/tool-rules.ts';

const HASH_DIGITS = 8;

/** A tool's name as the rule takes it, the same for the same name: signs it has not become `_`, a tail too long a hash. */
export function legalName(name: string, rule: WordRule): string {
  const plain = name.replace(rule.illegal, '_');
  const legal = rule.first === undefined || rule.first.test(plain) ? plain : `_${plain}`;
  return legal.length <= rule.max ? legal : hashedName(legal, name, rule.max);
}

/** The name with the hash of `source` in place of its tail. */
export const hashedName = (name: string, source: string, max: number): string =>
  `${name.slice(0, max - HASH_DIGITS - 1)}_${sha256Hex(source).slice(0, HASH_DIGITS)}`;

const ID_SIGNS = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 24;

/** A call's id as the rule takes it, the same for the same id; legal ids are kept as they are. */
export function legalId(id: string, rule: WordRule): string {
  if (id !== '' && id.length <= rule.max && id.replace(rule.illegal, '') === id) return id;
  const hash = sha256Hex(id);
  const signs = Array.from({ length: ID_LENGTH }, (_, index) =>
    ID_SIGNS.charAt(Number.parseInt(hash.slice(index * 2, index * 2 + 2), 16) % ID_SIGNS.length),
  );
  return `call_${signs.join('')}`.slice(0, rule.max);
}
