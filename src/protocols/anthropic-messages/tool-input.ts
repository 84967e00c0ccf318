import { findJson, findString, isJsonArray, isJsonObject, writeJson } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';

/** True when the arguments of a call are no arguments at all. */
export const isBlank = (args: string): boolean => args.trim() === '';

/** True when arguments that begin like this can become nothing but a JSON object. */
export const beginsObject = (args: string): boolean => /^[ \t\r\n]*\{/.test(args);

/**
 * The JSON object that a call's `input` has to be: the arguments as they stand, or the object that they hold as a
 * string; `{}` for nothing, and `_raw` with the arguments for all the rest.
 */
export function inputText(args: string): string {
  if (isBlank(args)) return '{}';
  const value = findJson(args);
  if (isJsonObject(value)) return args;
  const inner = findString(value);
  if (inner !== undefined && isJsonObject(findJson(inner))) return inner;
  const isNothing = value === null || (isJsonArray(value) && value.length === 0) || inner?.trim() === '';
  return isNothing ? '{}' : writeJson({ _raw: args });
}

/** The arguments of a call in a history, whose `input` a client may have kept in a form that is no object. */
export const argsOf = (input: Json): string =>
  isJsonObject(input) ? writeJson(input) : inputText(findString(input) ?? writeJson(input));
