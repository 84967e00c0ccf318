import { CARRIER_MARK, isCarrier, readCarrier } from '../../kernel/carrier.ts';
import type { Capabilities } from '../../kernel/capabilities.ts';
import type { Edit } from '../../kernel/edit.ts';
import { findObject, findString, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { ownerOf } from './issuer.ts';

const OWN_PREFIXES = ['rs_px', 'msg_px', 'fc_px', 'ctc_px'];

/**
 * Cleans what we told a client earlier out of its history, because the service knows nothing of it: the ids that we
 * made, and reasoning whose state is in one of our carriers, unless this very model's family can read it.
 */
export const reviseInput = (capabilities: Capabilities): Edit => ({
  kind: 'revise',
  key: 'input',
  marks: [CARRIER_MARK, ...OWN_PREFIXES.map((prefix) => `"${prefix}`)],
  revise: (element) => reviseItem(element, capabilities),
});

/** Items whose id is not their own name but that of another item. */
const POINTERS: readonly (Json | undefined)[] = ['item_reference', 'local_shell_call_output'];

function reviseItem(element: Json, capabilities: Capabilities): Json | undefined {
  if (!isJsonObject(element) || POINTERS.includes(element['type'])) return element;
  const { id, ...rest } = element;
  const item = isOwnId(id) ? rest : element;
  return element['type'] === 'reasoning' ? reviseReasoning(item, isOwnId(id), capabilities) : item;
}

const isOwnId = (id: Json | undefined): boolean =>
  OWN_PREFIXES.some((prefix) => findString(id)?.startsWith(prefix) === true);

function reviseReasoning(item: JsonObject, own: boolean, capabilities: Capabilities): Json | undefined {
  const data = findString(item['encrypted_content']);
  if (data === undefined) return own ? undefined : item; // words alone: neither an id to look up nor a state to read
  if (!isCarrier(data)) return item;
  const state = readCarrier(data, summaryOf(item));
  const { issuer, family } = ownerOf(capabilities);
  return state?.kind === 'encrypted_content' && state.issuer === issuer && state.family === family
    ? { ...item, encrypted_content: state.data }
    : undefined;
}

/** The readable text that a carrier is bound to: all parts of the summary, a blank line between them. */
const summaryOf = (item: JsonObject): string =>
  listOf(item['summary'])
    .map((part) => findString(findObject(part)?.['text']) ?? '')
    .join('\n\n');
