import { findString } from '../../kernel/json.ts';
import { unseal } from '../seal.ts';
import type { Item } from './items.ts';
import { refuse } from './refuse.ts';

/** @throws Refusal for outputs without calls, calls without outputs, and reasoning that cannot be taken up again. */
export function checkItems(items: readonly Item[]): void {
  const calls = new Map<string, Item>();
  const answered = new Set<string>();
  for (const [index, entry] of items.entries()) {
    const callId = findString(entry.item['call_id']) ?? '';
    if (isCall(entry)) calls.set(callId, entry);
    if (isCallOutput(entry)) {
      if (!calls.has(callId)) {
        refuse(`No tool call found for ${spoken(entry.type)} with call_id ${callId}.`, 'input');
      }
      answered.add(callId);
    }
    if (entry.type === 'reasoning') checkReasoning(entry, items[index + 1]);
    if (entry.type === 'item_reference') refuseUnstored(entry);
  }
  const open = [...calls].find(([callId]) => !answered.has(callId));
  if (open !== undefined) refuse(`No tool output found for ${spoken(open[1].type)} ${open[0]}.`, 'input');
}

const isCall = ({ type }: Item): boolean => type === 'function_call' || type === 'custom_tool_call';
export const isCallOutput = ({ type }: Item): boolean =>
  type === 'function_call_output' || type === 'custom_tool_call_output';

const spoken = (type: string): string => type.replaceAll('_', ' ');

function checkReasoning(entry: Item, next: Item | undefined): void {
  const id = findString(entry.item['id']) ?? 'rs_unnamed';
  const sealed = findString(entry.item['encrypted_content']) ?? refuseUnstored(entry);
  if (unseal('openai', sealed) === undefined) {
    refuse(
      `The encrypted content for item ${id} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`,
      null,
      'invalid_encrypted_content',
    );
  }
  const isFollowed = next !== undefined && next.item['role'] !== 'user' && !isCallOutput(next);
  if (!isFollowed) {
    refuse(`Item '${id}' of type 'reasoning' was provided without its required following item.`, 'input');
  }
}

/** The sandbox stores no answer, so nothing can be taken up by its id. */
function refuseUnstored({ item }: Item): never {
  const id = findString(item['id']) ?? '';
  return refuse(
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
    'input',
  );
}
