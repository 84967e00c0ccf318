import { createCarrier, readCarrier } from '../../kernel/carrier.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import { findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';

/** The state of a call, where Google's own endpoint of this dialect puts it; empty when there is none. */
export function thoughtSignature(entry: JsonObject): string {
  if (entry['extra_content'] === undefined) return '';
  const google = findObject(findObject(entry['extra_content'])?.['google']);
  return findString(google?.['thought_signature']) ?? '';
}

/** The state that a client kept for a call; what no answer of ours carried is noted and left out. */
export function decodeCallState(entry: JsonObject, at: string, losses: Losses): OpaqueState | undefined {
  const signature = thoughtSignature(entry);
  if (signature === '') return undefined;
  const state = readCarrier(signature, '');
  if (state === undefined) losses.note(`${at}.extra_content`, 'dropped');
  return state?.kind === 'none' ? undefined : state;
}

/** The member of a call that holds its state; an upstream of this dialect wrote it in the form that it reads. */
export const encodeCallState = (opaque: OpaqueState, native: boolean): JsonObject => ({
  google: { thought_signature: native ? opaque.data : createCarrier(opaque, '') },
});
