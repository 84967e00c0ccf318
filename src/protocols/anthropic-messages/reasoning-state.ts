import type { AnswerContext } from '../../kernel/codec.ts';
import { createCarrier, NO_STATE } from '../../kernel/carrier.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** What proves a thinking block, or stands as `data` in the redacted one that is told in its place. */
export type ToldState = { readonly signature: string } | { readonly data: string };

/**
 * The state that goes out with reasoning of this text; `undefined` when there is nothing to tell at all. What another
 * service issued is wrapped, so that it comes back whole and is never taken for Anthropic's.
 */
export function encodeState(
  opaque: OpaqueState | undefined,
  text: string,
  { native }: AnswerContext,
): ToldState | undefined {
  if (native) return nativeState(opaque, text);
  if (text !== '') return { signature: createCarrier(opaque ?? NO_STATE, text) };
  // What signs a text comes behind it, and clients of this dialect take the block that stands last for the answer.
  if (opaque === undefined || opaque.kind === 'thoughtSignature') return undefined;
  return { data: createCarrier(opaque, '') };
}

function nativeState(opaque: OpaqueState | undefined, text: string): ToldState | undefined {
  if (opaque?.kind === 'signature') return { signature: opaque.data };
  if (opaque?.kind === 'redacted' && text === '') return { data: opaque.data };
  return text === '' ? undefined : { signature: '' };
}

/** Thinking that the client sees nothing of. */
export const redactedThinking = (data: string): JsonObject => ({ type: 'redacted_thinking', data });

/** Carries the state of a call in front of it: a call has no place for one here. */
export const callStateBlock = (opaque: OpaqueState): JsonObject =>
  redactedThinking(createCarrier(opaque, ''));
