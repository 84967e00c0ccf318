import type { JsonObject } from '../../kernel/json.ts';
import { writeJson } from '../../kernel/json.ts';
import type { Told, Voice } from '../dialect.ts';
import type { Refusal } from '../refusal.ts';

/** What goes over the socket, decided before the first byte. */
export type Plan = AnswerPlan | { readonly kind: 'silent' } | { readonly kind: 'reset' };

export interface AnswerPlan {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly pieces: readonly (string | Uint8Array)[];
  /** `cut` closes the connection without finishing the body, `hang` leaves it open and silent. */
  readonly ending: 'finish' | 'cut' | 'hang';
  /** Every piece in a packet of its own. */
  readonly apart?: boolean;
  /** Silence before the status line. */
  readonly isSlow?: boolean;
}

/** One request as a failure or a good answer is planned for it. */
export interface Scene {
  readonly streams: boolean;
  readonly voice: Voice;
  readonly headers: Readonly<Record<string, string>>;
  /** The good answer; called at most once. @throws Refusal when the request does not deserve it. */
  readonly tell: () => Told;
}

const JSON_TYPE = 'application/json';
const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

/** One JSON body. */
export function jsonPlan(
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): AnswerPlan {
  const pieces = [writeJson(body)];
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': JSON_TYPE, ...headers },
    pieces,
    ending: 'finish',
  };
}

/** A body of any other kind. */
export function textPlan(status: number, contentType: string, text: string): AnswerPlan {
  const pieces = text === '' ? [] : [text];
  return { kind: 'answer', status, headers: { 'content-type': contentType }, pieces, ending: 'finish' };
}

/** A stream of these events. */
export function ssePlan(events: readonly string[], headers: Readonly<Record<string, string>>): AnswerPlan {
  return {
    kind: 'answer',
    status: 200,
    headers: { ...SSE_HEADERS, ...headers },
    pieces: events,
    ending: 'finish',
  };
}

export const refusalPlan = ({ status, body, headers }: Refusal): AnswerPlan =>
  jsonPlan(status, body, headers);

/** The good answer, streamed or whole. @throws Refusal as {@link Scene.tell} does. */
export function goodPlan(scene: Scene, streams = scene.streams): AnswerPlan {
  const told = scene.tell();
  if (streams) return ssePlan([...told.opening, ...told.closing], scene.headers);
  return jsonPlan(200, told.whole, scene.headers);
}
