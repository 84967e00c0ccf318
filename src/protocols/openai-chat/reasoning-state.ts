import type { OpaqueState } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeCallState } from './thought-signature.ts';

/**
 * The entry of `reasoning_details` in which a vendor gets back what it gave, beside the words it belongs to;
 * `undefined` for state that no vendor of this dialect gives there.
 */
export function encodeState({ kind, data }: OpaqueState, text: string): JsonObject | undefined {
  switch (kind) {
    case 'signature':
      return { type: 'reasoning.text', text, signature: data };
    case 'encrypted_content':
      return { type: 'reasoning.encrypted', data };
    default:
      return undefined;
  }
}

/** The state of a call as Google's own endpoint of this dialect takes it; no members when it is of another kind. */
export const callState = (opaque: OpaqueState | undefined): JsonObject =>
  opaque?.kind === 'thoughtSignature' ? { extra_content: encodeCallState(opaque, true) } : {};
