import type { Capabilities } from '../../kernel/capabilities.ts';
import { isCarrier, readCarrier } from '../../kernel/carrier.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import { findString, isJsonObject } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { ownerOf } from './issuer.ts';
import { reviseContent } from './revise-content.ts';

/**
 * The message of a client that was told of thinking by other services: state that this model's own service made is put
 * back, blocks with any other state go, since the service would refuse the request for them. The very same message
 * when it holds neither.
 */
export const restoreThinking = (message: Json, capabilities: Capabilities): Json =>
  reviseContent(message, (block) => restoreBlock(block, capabilities));

/** Where a block holds its state, the text that the state belongs to, and the one kind that fits. */
interface StatePlace {
  readonly field: string;
  readonly textOf: (block: JsonObject) => string;
  readonly kind: OpaqueState['kind'];
}

const PLACES = new Map<Json | undefined, StatePlace>([
  [
    'thinking',
    { field: 'signature', textOf: (block) => findString(block['thinking']) ?? '', kind: 'signature' },
  ],
  ['redacted_thinking', { field: 'data', textOf: () => '', kind: 'redacted' }],
]);

function restoreBlock(block: Json, capabilities: Capabilities): readonly Json[] {
  const place = isJsonObject(block) ? PLACES.get(block['type']) : undefined;
  if (!isJsonObject(block) || place === undefined) return [block];
  const carrier = findString(block[place.field]) ?? '';
  if (!isCarrier(carrier)) return [block];
  const state = readCarrier(carrier, place.textOf(block));
  const { issuer, family } = ownerOf(capabilities);
  const isOwn = state?.issuer === issuer && state.family === family && state.kind === place.kind;
  return isOwn ? [{ ...block, [place.field]: state.data }] : [];
}
