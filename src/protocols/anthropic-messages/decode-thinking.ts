import { isCarrier, readCarrier } from '../../kernel/carrier.ts';
import type { OpaqueState, ReasoningPart } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { optionalString } from '../../kernel/read-fields.ts';
import { ISSUER } from './issuer.ts';

/** A `thinking` block of an earlier answer; one whose state belongs to other words is dropped and noted. */
export function decodeThinking(block: JsonObject, at: string, losses: Losses): readonly ReasoningPart[] {
  const text = optionalString(block, 'thinking', at) ?? '';
  const signature = optionalString(block, 'signature', at) ?? '';
  if (!isCarrier(signature)) return reasoningOf(text, nativeState('signature', signature));
  return fromCarrier(signature, text) ?? dropped(at, losses);
}

/** A `redacted_thinking` block, which holds state without words. */
export function decodeRedacted(block: JsonObject, at: string, losses: Losses): readonly ReasoningPart[] {
  const data = optionalString(block, 'data', at) ?? '';
  if (!isCarrier(data)) return reasoningOf('', nativeState('redacted', data));
  return fromCarrier(data, '') ?? dropped(at, losses);
}

function fromCarrier(carrier: string, text: string): readonly ReasoningPart[] | undefined {
  const state = readCarrier(carrier, text);
  return state === undefined ? undefined : reasoningOf(text, state.kind === 'none' ? undefined : state);
}

function dropped(at: string, losses: Losses): readonly ReasoningPart[] {
  losses.note(at, 'dropped');
  return [];
}

/** State that Anthropic itself gave; of which model family the client cannot say. */
const nativeState = (kind: OpaqueState['kind'], data: string): OpaqueState | undefined =>
  data === '' ? undefined : { issuer: ISSUER, family: '', kind, data };

function reasoningOf(text: string, opaque: OpaqueState | undefined): readonly ReasoningPart[] {
  if (text === '' && opaque === undefined) return [];
  // What comes with state of a Responses service was its summary, and goes back to it as one.
  const words = opaque?.kind === 'encrypted_content' ? { summary: [text] } : { raw: text };
  return [{ kind: 'reasoning', ...(text !== '' && words), ...(opaque !== undefined && { opaque }) }];
}
