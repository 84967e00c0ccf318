import { findJson, isJsonObject, rawJson } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';

/** The `input` of a call: its arguments as they stand, `{}` for none, `undefined` when they are not a JSON object. */
export function findInput(args: string): Json | undefined {
  if (args.trim() === '') return {};
  return isJsonObject(findJson(args)) ? rawJson(args) : undefined;
}

/** What stands for arguments that are not a JSON object, which `input` has to be. */
export const rawInput = (args: string): Json => ({ _raw: args });
