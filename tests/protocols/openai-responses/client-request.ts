import type { ChatRequest, Turn } from '../../../src/kernel/conversation.ts';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { openaiResponses } from '../../../src/protocols/openai-responses/index.ts';

export interface Decoded {
  readonly request: ChatRequest;
  readonly notes: string;
}

/** What a body says. */
export function decodeBody(body: JsonObject): Decoded {
  const losses = createLossLog();
  const request = openaiResponses.client?.decodeRequest(body, losses);
  if (request === undefined) throw new Error('no client face');
  return { request, notes: losses.summary() };
}

/** What a request for model `m` with these members says; its input is `hi` unless they tell otherwise. */
export const decode = (members: JsonObject): Decoded => decodeBody({ model: 'm', input: 'hi', ...members });

/** What a conversation of these items says. */
export const decodeItems = (...input: readonly Json[]): Decoded => decode({ input });

/** The turns of a conversation of these items. */
export const turnsOf = (...input: readonly Json[]): readonly Turn[] => decodeItems(...input).request.turns;

/** The field that a refusal names, and its code and words. */
export interface Refusal {
  readonly kind: string;
  readonly param: string | undefined;
  readonly code: string | undefined;
  readonly message: string;
}

/** Why these members are refused. */
export function refusalOf(members: JsonObject): Refusal {
  try {
    decode(members);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { kind, message, details } = error;
    return { kind, param: details.param, code: details.code, message };
  }
  throw new Error('nothing was refused');
}

/** Why a conversation of these items is refused. */
export const refusalOfItems = (...input: readonly Json[]): Refusal => refusalOf({ input });

export const user: JsonObject = { role: 'user', content: 'go' };
export const call = (id: string, members: JsonObject = {}): JsonObject => ({
  type: 'function_call',
  call_id: id,
  name: 'f',
  arguments: '{}',
  ...members,
});
export const output = (id: string, members: JsonObject = {}): JsonObject => ({
  type: 'function_call_output',
  call_id: id,
  output: 'done',
  ...members,
});
