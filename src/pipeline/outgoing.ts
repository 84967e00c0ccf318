import type { ClientCodec, Overrides } from '../kernel/codec.ts';
import type { ChatRequest } from '../kernel/conversation.ts';
import type { Edit } from '../kernel/edit.ts';
import { writeJson } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { ScannedObject } from '../kernel/json-scan.ts';
import { viewOfBytes } from '../kernel/json-scan.ts';
import { spliceEdits } from '../kernel/json-splice.ts';
import { fitRequest } from '../fitting/fit-request.ts';
import { dropState, holdsState } from '../fitting/own-state.ts';
import type { Recall } from '../fitting/recall-state.ts';
import type { RestoredTool } from '../fitting/restore-calls.ts';
import type { Losses } from '../kernel/losses.ts';
import { NO_WISH, wishOfLevel } from '../kernel/reasoning.ts';
import type { ReasoningWish } from '../kernel/reasoning.ts';
import type { Settings } from '../kernel/settings.ts';
import { applyEdits, viewOfObject } from '../kernel/wire-object.ts';
import { readJsonBody } from './read-json-body.ts';
import type { Route } from './resolve-route.ts';

/** A request as it goes upstream. */
export interface Outgoing {
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
  readonly addBetas: readonly string[];
  readonly removeBetas: readonly string[];
  /** What the client asked; `undefined` on the relay lane, which never reads it. */
  readonly request: ChatRequest | undefined;
  /** Tools whose calls have to be turned back into the client's form. */
  readonly restored: ReadonlyMap<string, RestoredTool>;
  /** Stop sequences at which the gateway ends the answer itself. */
  readonly untoldStops: readonly string[];
  /** The request without opaque state, for a service that refuses what it holds; absent when it holds none. */
  readonly withoutState?: () => Outgoing;
  /** The request with more edits, for a service that breaks answers off and goes on when asked again. */
  readonly resumed?: (edits: readonly Edit[]) => Outgoing;
}

export interface OutgoingInput {
  readonly route: Route;
  readonly settings: Settings;
  /** Hears what the upstream cannot be told of the request; may refuse it. */
  readonly losses: Losses;
  /** Hears what the operator's own edits change; refuses nothing. */
  readonly editLosses: Losses;
  readonly recall: Recall;
  /** The members that may be edited; all of them when absent. */
  readonly editable?: readonly string[];
}

/** The relay lane: the client's bytes with the operator's edits between them. */
export function relayOutgoing(scanned: ScannedObject, input: OutgoingInput): Outgoing {
  const { upstream } = input.route;
  const result = upstream.overrides(viewOfBytes(scanned), overridesOf(input, NO_WISH), input.editLosses);
  const edits = result.edits.filter((edit) => isEditable(edit, scanned.bytes, input.editable));
  return {
    ...spliceEdits(scanned, sendable(edits, input.route)),
    addBetas: result.addBetas ?? [],
    removeBetas: result.removeBetas ?? [],
    request: undefined,
    restored: new Map(),
    untoldStops: [],
  };
}

/** A revision is only worth its search where one of its marks stands anywhere. */
function isEditable(
  edit: Edit,
  { buffer, byteOffset, byteLength }: Uint8Array,
  editable?: readonly string[],
): boolean {
  if (edit.kind !== 'revise') return editable?.includes(edit.key) ?? true;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return edit.marks.some((mark) => bytes.includes(mark));
}

/**
 * The translate lane: client's dialect, canonical request, upstream's dialect, the operator's edits.
 *
 * @throws GatewayError `invalid-request` naming the client's field.
 */
export const translateOutgoing = (body: Uint8Array, client: ClientCodec, input: OutgoingInput): Outgoing =>
  encodeOutgoing(client.decodeRequest(readJsonBody(body), input.losses), input);

function encodeOutgoing(request: ChatRequest, input: OutgoingInput): Outgoing {
  const { losses, route, recall } = input;
  const { upstream } = route;
  const { capabilities } = route.model;
  const { issuer, toolRules, stopRule } = upstream;
  const fitted = fitRequest(request, {
    ...{ issuer, toolRules, stopRule },
    ...{ capabilities, losses, recall },
  });
  const wire = upstream.encodeRequest(fitted.request, { capabilities, losses, names: request.names });
  const result = upstream.overrides(
    viewOfObject(wire),
    overridesOf(input, request.reasoning),
    input.editLosses,
  );
  const body = applyEdits(wire, sendable(result.edits, route));
  const write = (edits: readonly Edit[]): Outgoing => ({
    ...bytesOf(applyEdits(body, edits)),
    addBetas: result.addBetas ?? [],
    removeBetas: result.removeBetas ?? [],
    request,
    restored: fitted.restored,
    untoldStops: fitted.untoldStops,
    ...(upstream.resumes === true && { resumed: write }),
  });
  const stateless = (): Outgoing =>
    encodeOutgoing({ ...request, turns: dropState(request.turns) }, { ...input, recall: () => undefined });
  return { ...write([]), ...(holdsState(fitted.request.turns) && { withoutState: stateless }) };
}

function bytesOf(body: JsonObject): Pick<Outgoing, 'chunks' | 'byteLength'> {
  const text = Buffer.from(writeJson(body));
  return { chunks: [text], byteLength: text.byteLength };
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
const sendable = (edits: readonly Edit[], { model, endpoint, lane }: Route): readonly Edit[] =>
  edits.filter(
    ({ key, kind }) =>
      !(key === 'model' && model.type === 'google' && endpoint.flavor === 'vendor') &&
      !(kind === 'revise' && lane === 'translate'), // foreign state was left out on the way
  );
