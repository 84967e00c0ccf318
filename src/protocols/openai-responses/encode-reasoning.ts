import type { BlockEvent } from '../../kernel/block-queue.ts';
import { createCarrier, NO_STATE } from '../../kernel/carrier.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { itemMembers, sayItem } from './encode-item.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './encode-item.ts';

type ReasoningDelta = Extract<BlockEvent, { readonly type: 'reasoning-delta' }>;

const summaryText = (text: string): JsonObject => ({ type: 'summary_text', text });

/** True when this event of a reasoning block leaves something that this client can be told. */
export const tellsReasoning = (event: BlockEvent, native: boolean): boolean =>
  event.type === 'reasoning-delta'
    ? event.text !== ''
    : event.type === 'opaque' && (!native || event.opaque.kind === 'encrypted_content');

/** The state as this client carries it: its own service's as it is, any other in a carrier bound to the text. */
function stateMembers(
  opaque: OpaqueState | undefined,
  summary: readonly string[],
  native: boolean,
): JsonObject {
  if (native) return opaque?.kind === 'encrypted_content' ? { encrypted_content: opaque.data } : {};
  return { encrypted_content: createCarrier(opaque ?? NO_STATE, summary.join('\n\n')) };
}

/**
 * A reasoning item. All its text streams as summary parts, because those are what clients show; the model's own words
 * stand in the finished item's `content` as well.
 */
export function openReasoning(place: ItemPlace): OpenItem {
  const { say, outputIndex, context } = place;
  const id = context.ids.item('rs');
  const where = itemMembers(id, outputIndex);
  const summary: string[] = [];
  let open: { readonly key: string; readonly where: string } | undefined;
  let raw = '';
  let opaque: OpaqueState | undefined;

  const settled = (status: ItemStatus): JsonObject => ({
    id,
    type: 'reasoning',
    status,
    summary: summary.map(summaryText),
    ...(raw !== '' && { content: [{ type: 'reasoning_text', text: raw }] }),
    ...(status !== 'in_progress' && stateMembers(opaque, summary, context.native)),
  });
  const endPart = (): void => {
    if (open === undefined) return;
    const text = summary.at(-1) ?? '';
    say('response.reasoning_summary_text.done', `${open.where},"text":${JSON.stringify(text)}`);
    const part = JSON.stringify(summaryText(text));
    say('response.reasoning_summary_part.done', `${open.where},"part":${part}`);
    open = undefined;
  };
  const partFor = ({ form, part }: ReasoningDelta): string => {
    const key = `${form}:${part}`;
    if (open?.key === key) return open.where;
    endPart();
    open = { key, where: `${where},"summary_index":${summary.length}` };
    summary.push('');
    const head = JSON.stringify(summaryText(''));
    say('response.reasoning_summary_part.added', `${open.where},"part":${head}`);
    return open.where;
  };
  const grow = (event: ReasoningDelta): void => {
    const at = partFor(event);
    summary.push(`${summary.pop() ?? ''}${event.text}`);
    if (event.form === 'raw') raw += event.text;
    say('response.reasoning_summary_text.delta', `${at},"delta":${JSON.stringify(event.text)}`);
  };

  sayItem(place, 'added', settled('in_progress'));
  return {
    take: (event) => {
      if (event.type === 'reasoning-delta') grow(event);
      else if (event.type === 'opaque') opaque = event.opaque;
    },
    close: endPart,
    settled,
  };
}
