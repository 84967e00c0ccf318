import { invalidField } from './gateway-error.ts';
import { isJsonArray, isJsonObject, isRawJson, rawText } from './json.ts';
import type { Json, JsonArray, JsonObject } from './json.ts';

/** The client's own path of a member: `messages[2].content`, or the bare key at the top. */
export const pathOf = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);

type Reader<T> = (parent: JsonObject, key: string, at: string) => T;

/** Readers answer `undefined` for a member that is absent or null, and throw `invalid-request` on a wrong type. */
const optional =
  <T>(read: (value: Json) => T | undefined, expected: string): Reader<T | undefined> =>
  (parent, key, at) => {
    const value = parent[key];
    if (value === undefined || value === null) return undefined;
    const found = read(value);
    if (found === undefined) throw invalidField(pathOf(at, key), `must be ${expected}`, 'invalid_type');
    return found;
  };

const required =
  <T>(find: Reader<T | undefined>, expected: string): Reader<T> =>
  (parent, key, at) => {
    const found = find(parent, key, at);
    if (found !== undefined) return found;
    throw invalidField(pathOf(at, key), `is required and must be ${expected}`, 'missing_required_parameter');
  };

/** A number of either form; a long one is rounded to what a double holds. */
function numberOf(value: Json): number | undefined {
  const number = isRawJson(value) ? Number(rawText(value)) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const integerOf = (value: Json): number | undefined => {
  const number = numberOf(value);
  return Number.isInteger(number) ? number : undefined;
};

/** The text of a member. */
export const optionalString = optional(
  (value) => (typeof value === 'string' ? value : undefined),
  'a string',
);
/** A member that is true or false. */
export const optionalFlag = optional(
  (value) => (typeof value === 'boolean' ? value : undefined),
  'true or false',
);
/** A finite number. */
export const optionalNumber = optional(numberOf, 'a number');
/** A whole number, rounded to a double where it is longer. */
export const optionalInteger = optional(integerOf, 'an integer');
/** A whole number from 1. */
export const optionalCount = optional((value) => {
  const count = integerOf(value);
  return count === undefined || count < 1 ? undefined : count;
}, 'a positive integer');
/** A member that is an object. */
export const optionalObject: Reader<JsonObject | undefined> = optional(
  (value) => (isJsonObject(value) ? value : undefined),
  'an object',
);
/** A member that is a list. */
export const optionalList: Reader<JsonArray | undefined> = optional(
  (value) => (isJsonArray(value) ? value : undefined),
  'a list',
);

/** The text of a member that must be there. */
export const requireString = required(optionalString, 'a string');
/** An object that must be there. */
export const requireObject = required(optionalObject, 'an object');
/** A list that must be there. */
export const requireList = required(optionalList, 'a list');

/** One of a few words, or `undefined` when absent; throws `invalid-request` on any other. */
export function optionalWord<T extends string>(
  parent: JsonObject,
  key: string,
  at: string,
  words: readonly T[],
): T | undefined {
  const text = optionalString(parent, key, at);
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw invalidField(pathOf(at, key), `must be one of ${words.join(', ')}`);
  return word;
}

/** Reads every element of a list as an object, with its path; throws `invalid-request` on another type. */
export const mapObjects = <T>(
  list: JsonArray,
  at: string,
  read: (element: JsonObject, at: string, index: number) => T,
): T[] =>
  list.map((element, index) => {
    if (isJsonObject(element)) return read(element, `${at}[${index}]`, index);
    throw invalidField(`${at}[${index}]`, 'must be an object', 'invalid_type');
  });

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that have a value. */
export const present = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
