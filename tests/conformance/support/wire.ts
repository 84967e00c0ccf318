import type { ScriptedAnswer } from '../../../src/sandbox/serving/script.ts';

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };

/** A scripted stream of exactly this text, in one packet each. */
export const streamOf = (...chunks: readonly (string | Uint8Array)[]): ScriptedAnswer => ({
  headers: SSE,
  chunks,
});

/** A scripted JSON answer. */
export const jsonOf = (
  body: object,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ScriptedAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** `data:` lines without names, as Chat Completions and Gemini write them. */
export const dataLines = (...events: readonly (object | string)[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');

/** Named events, as Messages and Responses write them; the name is the event's `type`. */
export const namedEvents = (...events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
