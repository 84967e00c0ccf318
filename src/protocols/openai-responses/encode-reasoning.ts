import type { OpaqueState } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { BlockEvent } from '../../kernel/block-queue.ts';
import { itemMembers, sayItem } from './encode-item.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './encode-item.ts';

type ReasoningDelta = Extract<BlockEvent, { readonly type: 'reasoning-delta' }>;

const summaryText = (text: string): JsonObject => ({ type: 'summary_text', text });

/**
 * A reasoning item. All its text streams as summary parts, because those are what clients show; the model's own words
 * stand in the finished item's `content` as well.
 */
export function openReasoning(place: ItemPlace): OpenItem {
  const { say, outputIndex, ids } = place;
  const id = ids.item('rs');
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
    ...(opaque?.kind === 'encrypted_content' && { encrypted_content: opaque.data }),
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
