import type { ClientCodec, Overrides } from '../kernel/codec.ts';
import type { ChatRequest } from '../kernel/conversation.ts';
import type { Edit } from '../kernel/edit.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import { findObject, parseJson, writeJson } from '../kernel/json.ts';
import type { ScannedObject } from '../kernel/json-scan.ts';
import { viewOfBytes } from '../kernel/json-scan.ts';
import { spliceEdits } from '../kernel/json-splice.ts';
import type { Losses } from '../kernel/losses.ts';
import { NO_WISH, wishOfLevel } from '../kernel/reasoning.ts';
import type { ReasoningWish } from '../kernel/reasoning.ts';
import type { Settings } from '../kernel/settings.ts';
import { applyEdits, viewOfObject } from '../kernel/wire-object.ts';
import type { Route } from './resolve-route.ts';

/** A request as it goes upstream. */
export interface Outgoing {
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
  readonly addBetas: readonly string[];
  readonly removeBetas: readonly string[];
  /** The canonical request; `undefined` on the relay lane, which never reads it. */
  readonly request: ChatRequest | undefined;
}

export interface OutgoingInput {
  readonly route: Route;
  readonly settings: Settings;
  /** Hears what the upstream cannot be told of the request; may refuse it. */
  readonly losses: Losses;
  /** Hears what the operator's own edits change; refuses nothing. */
  readonly editLosses: Losses;
  /** The members that may be edited; all of them when absent. */
  readonly editable?: readonly string[];
}

/** The relay lane: the client's bytes with the operator's edits between them. */
export function relayOutgoing(scanned: ScannedObject, input: OutgoingInput): Outgoing {
  const { upstream } = input.route;
  const result = upstream.overrides(viewOfBytes(scanned), overridesOf(input, NO_WISH), input.editLosses);
  const edits = result.edits.filter(({ key }) => input.editable?.includes(key) ?? true);
  return {
    ...spliceEdits(scanned, sendable(edits, input.route)),
    addBetas: result.addBetas ?? [],
    removeBetas: result.removeBetas ?? [],
    request: undefined,
  };
}

/**
 * The translate lane: client's dialect, canonical request, upstream's dialect, the operator's edits.
 *
 * @throws GatewayError `invalid-request` naming the client's field.
 */
export function translateOutgoing(body: Uint8Array, client: ClientCodec, input: OutgoingInput): Outgoing {
  const { route, losses } = input;
  const { decodeRequest } = client;
  const { encodeRequest } = route.upstream;
  if (decodeRequest === undefined || encodeRequest === undefined) throw new Error('no codec for this pair');
  const request = decodeRequest(readBody(body), losses);
  const wire = encodeRequest(request, { capabilities: route.model.capabilities, losses });
  const result = route.upstream.overrides(
    viewOfObject(wire),
    overridesOf(input, request.reasoning),
    input.editLosses,
  );
  const text = Buffer.from(writeJson(applyEdits(wire, sendable(result.edits, route))));
  return {
    chunks: [text],
    byteLength: text.byteLength,
    addBetas: result.addBetas ?? [],
    removeBetas: result.removeBetas ?? [],
    request,
  };
}

function readBody(body: Uint8Array): Parameters<NonNullable<ClientCodec['decodeRequest']>>[0] {
  try {
    const parsed = findObject(parseJson(new TextDecoder().decode(body)));
    if (parsed !== undefined) return parsed;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new GatewayError('invalid-request', `the request body is not valid JSON: ${reason}`, {
      code: 'invalid_json',
      cause,
    });
  }
  throw new GatewayError('invalid-request', 'the request body must be a JSON object', {
    code: 'invalid_json',
  });
}

/**
 * A fixed level wins over the client's wish, but not over its wish to read along; `auto` leaves the wish, which only a
 * translated request has.
 */
function overridesOf({ route: { model }, settings }: OutgoingInput, wish: ReasoningWish): Overrides {
  const level = wishOfLevel(model.reasoning);
  return {
    model: model.id,
    systemPrompt: settings.systemPrompt,
    reasoning: level === undefined ? wish : { ...level, ...(wish.show !== undefined && { show: wish.show }) },
    fast: model.fast,
    capabilities: model.capabilities,
  };
}

/** Google's own service takes the model from the address and refuses it in the body. */
const sendable = (edits: readonly Edit[], { model, endpoint }: Route): readonly Edit[] =>
  model.type === 'google' && endpoint.flavor === 'vendor'
    ? edits.filter(({ key }) => key !== 'model')
    : edits;
