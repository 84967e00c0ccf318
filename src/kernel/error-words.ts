import { findJson, findObject, findString, listOf } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/** Nothing but space, or a web page. */
const NOT_A_MESSAGE = /^\s*(?:$|<(?:!doctype|html)\b)/i;

/** What an error body says to its reader, wherever its service puts that; `undefined` when it says nothing. */
export function messageOf(body: JsonObject | undefined, inner: JsonObject | undefined): string | undefined {
  const candidates = [
    inner?.['message'],
    body?.['detail'],
    inner?.['detail'],
    body?.['error'],
    body?.['message'],
    body?.['title'],
  ];
  const message = candidates.find(
    (text): text is string => typeof text === 'string' && !NOT_A_MESSAGE.test(text),
  );
  return withOrigin(message, inner) ?? fieldFaults(body?.['detail']);
}

/** A broker that says only that a provider failed keeps the provider's own words beside. */
function withOrigin(message: string | undefined, inner: JsonObject | undefined): string | undefined {
  const raw = findString(findObject(inner?.['metadata'])?.['raw']) ?? '';
  const told = NOT_A_MESSAGE.test(raw) ? undefined : wordsIn(raw);
  return message === undefined || told === undefined || told === message ? message : `${message}: ${told}`;
}

/** The words of an error told as text: its message where it is JSON, the text itself where it is not. */
function wordsIn(raw: string): string | undefined {
  const origin = findObject(findJson(raw));
  if (origin === undefined) return raw;
  return findString(findObject(origin['error'])?.['message']) ?? findString(origin['message']);
}

/** The list of faulty fields that some frameworks answer with: `[{loc: ['body', 'x'], msg: 'field required'}]`. */
function fieldFaults(detail: Json | undefined): string | undefined {
  const faults = listOf(detail).flatMap((entry) => {
    const fault = findObject(entry);
    const words = findString(fault?.['msg']) ?? '';
    const place = listOf(fault?.['loc']).filter(
      (step) => typeof step === 'string' || typeof step === 'number',
    );
    return words === '' ? [] : [place.length === 0 ? words : `${place.join('.')}: ${words}`];
  });
  return faults.length === 0 ? undefined : faults.join('; ');
}
