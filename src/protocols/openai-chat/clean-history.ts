import type { Capabilities } from '../../kernel/capabilities.ts';
import { CARRIER_MARK, isCarrier, readCarrier } from '../../kernel/carrier.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import type { Edit } from '../../kernel/edit.ts';
import { findObject, findString, isJsonArray, isJsonObject } from '../../kernel/json.ts';
import type { Json, JsonArray, JsonObject } from '../../kernel/json.ts';
import { without } from '../../kernel/without.ts';
import { encodeState } from './reasoning-state.ts';
import { reasoningText } from './reasoning-text.ts';
import { thoughtSignature } from './thought-signature.ts';
import { ISSUER, isOpenai } from './vendor.ts';

/**
 * Takes carriers of opaque state out of a client's history: what is in them goes back to the service and model family
 * that made it, and to nobody else.
 */
export const historyEdit = (capabilities: Capabilities): Edit => ({
  kind: 'revise',
  key: 'messages',
  marks: [CARRIER_MARK],
  revise: (message) => (isJsonObject(message) ? cleanMessage(message, capabilities) : message),
});

function cleanMessage(message: JsonObject, capabilities: Capabilities): JsonObject {
  const { reasoning_details: details, tool_calls: calls } = message;
  const text = reasoningText(message);
  const cleaned = isJsonArray(details)
    ? withMember(message, 'reasoning_details', cleanDetails(details, text, capabilities))
    : message;
  return isJsonArray(calls)
    ? { ...cleaned, tool_calls: calls.map((call) => cleanCall(call, capabilities)) }
    : cleaned;
}

const cleanDetails = (details: JsonArray, text: string, capabilities: Capabilities): JsonArray =>
  details.flatMap((detail) => {
    const carrier = findString(findObject(detail)?.['data']) ?? '';
    if (!isCarrier(carrier)) return [detail];
    const own = ownDetail(carrier, text, capabilities) ?? ownDetail(carrier, '', capabilities);
    return own === undefined ? [] : [{ ...own, ...indexOf(detail) }];
  });

function ownDetail(carrier: string, text: string, capabilities: Capabilities): JsonObject | undefined {
  const state = findOwn(carrier, text, capabilities);
  return state === undefined ? undefined : encodeState(state, text);
}

const indexOf = (detail: Json): JsonObject => {
  const index = findObject(detail)?.['index'];
  return index === undefined ? {} : { index };
};

function cleanCall(call: Json, capabilities: Capabilities): Json {
  const extra = findObject(findObject(call)?.['extra_content']);
  const google = findObject(extra?.['google']);
  if (!isJsonObject(call) || extra === undefined || google === undefined) return call;
  const carrier = thoughtSignature(call);
  if (!isCarrier(carrier)) return call;
  const own = findOwn(carrier, '', capabilities);
  const kept =
    own?.kind === 'thoughtSignature'
      ? { ...google, thought_signature: own.data }
      : without(google, 'thought_signature');
  return withMember(call, 'extra_content', withMember(extra, 'google', kept));
}

/** The state in a carrier that this model's own service made; OpenAI's is of another dialect. */
function findOwn(carrier: string, text: string, capabilities: Capabilities): OpaqueState | undefined {
  const state = isOpenai(capabilities) ? undefined : readCarrier(carrier, text);
  const isOwn =
    state?.issuer === (capabilities.issuer ?? ISSUER) && state.family === (capabilities.family ?? '');
  return isOwn ? state : undefined;
}

/** The object with this value, or without the member when the value is empty. */
const withMember = (object: JsonObject, key: string, value: JsonObject | JsonArray): JsonObject =>
  Object.keys(value).length === 0 ? without(object, key) : { ...object, [key]: value };
