import { findJson, isJsonObject, rawJson } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';

interface Call {
  readonly callKind: 'function' | 'custom';
  readonly args: string;
}

/**
 * The `input` of a call: its argument text as it stands, `{}` for none, and the one-member object of an emulated tool
 * for free text. `undefined` when the arguments of a function are not a JSON object.
 */
export function findInput({ callKind, args }: Call): Json | undefined {
  if (callKind === 'custom') return { input: args };
  if (args.trim() === '') return {};
  return isJsonObject(findJson(args)) ? rawJson(args) : undefined;
}

/** What stands for arguments that are not a JSON object, which `input` has to be. */
export const rawInput = (args: string): Json => ({ _raw: args });
