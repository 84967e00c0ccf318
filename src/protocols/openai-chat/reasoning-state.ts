import type { OpaqueState } from '../../kernel/conversation.ts';
import { findJson, findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { present } from '../../kernel/read-fields.ts';
import { encodeCallState } from './thought-signature.ts';

/**
 * The entry of `reasoning_details` in which a vendor gets back what it gave, beside the words it belongs to;
 * `undefined` for state that no vendor of this dialect gives there.
 */
export function encodeState({ kind, data }: OpaqueState, text: string): JsonObject | undefined {
  const { state, ...labels } = unpack(data);
  switch (kind) {
    case 'signature':
      return { type: 'reasoning.text', text, signature: state, ...labels };
    case 'encrypted_content':
      return { type: 'reasoning.encrypted', data: state, ...labels };
    default:
      return undefined;
  }
}

type EntryState = Pick<OpaqueState, 'data'> & { readonly kind: 'signature' | 'encrypted_content' };

/**
 * The state in an entry of `reasoning_details`: a signature beside readable text, or an encrypted whole; `undefined`
 * when there is none. What else the vendor needs to know the entry again is packed into its data.
 */
export function decodeState(entry: JsonObject): EntryState | undefined {
  const signature = findString(entry['signature']) ?? '';
  if (signature !== '') return { kind: 'signature', data: pack(signature, entry) };
  const data = entry['type'] === 'reasoning.encrypted' ? (findString(entry['data']) ?? '') : '';
  return data === '' ? undefined : { kind: 'encrypted_content', data: pack(data, entry) };
}

interface PackedState {
  readonly state: string;
  readonly id?: string;
  readonly format?: string;
}

const PACKED = '{';

/** The state as it is, but with its labels, or where it could be taken for a packed one, as JSON. */
function pack(state: string, entry: JsonObject): string {
  const labels = present({ id: findString(entry['id']), format: findString(entry['format']) });
  const isPlain = Object.keys(labels).length === 0 && !state.startsWith(PACKED);
  return isPlain ? state : JSON.stringify({ state, ...labels });
}

function unpack(data: string): PackedState {
  const packed = data.startsWith(PACKED) ? findObject(findJson(data)) : undefined;
  const state = findString(packed?.['state']);
  if (packed === undefined || state === undefined) return { state: data };
  return { state, ...present({ id: findString(packed['id']), format: findString(packed['format']) }) };
}

/** The state of a call as Google's own endpoint of this dialect takes it; no members when it is of another kind. */
export const callState = (opaque: OpaqueState | undefined): JsonObject =>
  opaque?.kind === 'thoughtSignature' ? { extra_content: encodeCallState(opaque, true) } : {};
