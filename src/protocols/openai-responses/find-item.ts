import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { addItem, latestOpen } from './decode-slot.ts';
import type { Answer, Family, Item } from './decode-slot.ts';

/*
 * Which item an object on the wire is about. The index alone does not tell: the final output may lack items that were
 * streamed, and bridges give several items one index. Ids alone do not either: they may be missing, and some services
 * give an item a new one with every event.
 */

const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['message', 'message'],
  ['reasoning', 'reasoning'],
  ['function_call', 'call'],
  ['custom_tool_call', 'call'],
]);

/** The family of an item by its type. */
export const familyOf = (wire: JsonObject): Family => FAMILIES.get(findString(wire['type']) ?? '') ?? 'other';

/** The item that begins with this object: a new one, unless the one under its index is still in the making. */
export function itemBegun(answer: Answer, index: number, wire: JsonObject): Item {
  const family = familyOf(wire);
  const known = answer.newest[family].get(index);
  const same = known !== undefined && isSame(known, wire);
  const goesOn = same === true || (same === undefined && known?.whole === undefined);
  const item = known !== undefined && goesOn ? known : addItem(answer, family, index);
  return remember(item, wire);
}

/** The item that is done with this object; without an index it is the newest of its family. */
export function itemEnded(answer: Answer, index: number | undefined, wire: JsonObject): Item {
  const family = familyOf(wire);
  const latest = index === undefined ? latestOpen(answer, family) : answer.newest[family].get(index);
  const placed = latest !== undefined && mayBe(latest, wire) ? latest : undefined;
  const other = placed?.whole !== undefined && isSame(placed, wire) === false;
  const found = byName(answer, wire, index) ?? (other ? undefined : placed);
  return remember(found ?? addItem(answer, family, index ?? answer.items.length), wire);
}

/**
 * The items that the final output repeats, by their positions in it; what is not found was never streamed. No item is
 * found twice.
 */
export function itemsRepeated(
  answer: Answer,
  output: readonly (JsonObject | undefined)[],
): ReadonlyMap<number, Item> {
  const found = new Map<number, Item>();
  const claimed = new Set<Item>();
  for (const match of [byName, inPlace, inOrder, bySameText, byLikeText]) {
    output.forEach((wire, index) => {
      if (wire === undefined || found.has(index)) return;
      const item = match(answer, wire, index, claimed);
      if (item === undefined || claimed.has(item)) return;
      found.set(index, item);
      claimed.add(item);
    });
  }
  return found;
}

type Match = (
  answer: Answer,
  wire: JsonObject,
  index: number | undefined,
  claimed?: ReadonlySet<Item>,
) => Item | undefined;

const byName: Match = ({ newest, named }, wire, index) => {
  const placed = index === undefined ? undefined : newest[familyOf(wire)].get(index);
  const candidates = [placed, ...wordsIn(wire, 'call_id', 'id').map((id) => named.get(id))];
  return candidates.find((item) => item !== undefined && fits(item, wire) && isSame(item, wire) === true);
};

const inPlace: Match = ({ newest }, wire, index) => {
  const item = index === undefined ? undefined : newest[familyOf(wire)].get(index);
  return item !== undefined && mayBe(item, wire) ? item : undefined;
};

const inOrder: Match = ({ items }, wire, _index, claimed) =>
  items.find((item) => claimed?.has(item) !== true && fits(item, wire) && isSame(item, wire) === undefined);

/** Ids that change with every event tell nothing apart; then what was told of an item does, but never for calls. */
const byText =
  (isLike: (told: string, text: string, item: Item) => boolean): Match =>
  ({ items }, wire, _index, claimed) => {
    const family = familyOf(wire);
    if (family !== 'message' && family !== 'reasoning') return undefined;
    const text = textIn(wire);
    return items.find(
      (item) => item.family === family && claimed?.has(item) !== true && isLike(toldOf(item), text, item),
    );
  };

const bySameText = byText((told, text) => told === text);

/** The end may cut off what was told, and tell more of what is not done yet. */
const byLikeText = byText(
  (told, text, { whole }) =>
    (text !== '' && told.startsWith(text)) || (whole === undefined && text.startsWith(told)),
);

/** What was told of an item, summaries first. */
function toldOf({ slots }: Item): string {
  const isSummary = (key: string): boolean => key.startsWith('summary:');
  const keys = [...slots.keys()];
  const ordered = [...keys.filter(isSummary), ...keys.filter((key) => !isSummary(key))];
  return ordered.map((key) => slots.get(key)?.seen ?? '').join('');
}

const textIn = (wire: JsonObject): string =>
  [...listOf(wire['summary']), ...listOf(wire['content'])].map(textOfPart).join('');

function textOfPart(value: Json): string {
  const part = findObject(value);
  return findString(part?.['text']) ?? findString(part?.['refusal']) ?? '';
}

/** True when nothing but an id of its own speaks against it. */
const mayBe = (item: Item, wire: JsonObject): boolean => fits(item, wire) && !isOtherCall(item, wire);

/** True when the item may be of this object's type; calls of both types are told apart by their ids. */
const fits = ({ family, type }: Item, wire: JsonObject): boolean =>
  family === familyOf(wire) && (family !== 'other' || type === wire['type']);

/** What the ids say; `undefined` when either side has none. */
function isSame(item: Item, wire: JsonObject): boolean | undefined {
  const [callId] = wordsIn(wire, 'call_id');
  const [id] = wordsIn(wire, 'id');
  if (item.callId !== undefined && callId !== undefined) return item.callId === callId;
  return item.id !== undefined && id !== undefined ? item.id === id : undefined;
}

const isOtherCall = ({ callId }: Item, wire: JsonObject): boolean => {
  const [told] = wordsIn(wire, 'call_id');
  return callId !== undefined && told !== undefined && told !== callId;
};

const wordsIn = (wire: JsonObject, ...keys: readonly string[]): readonly string[] =>
  keys.map((key) => findString(wire[key]) ?? '').filter((word) => word !== '');

function remember(item: Item, wire: JsonObject): Item {
  item.type ??= findString(wire['type']);
  item.id ??= wordsIn(wire, 'id')[0];
  item.callId ??= wordsIn(wire, 'call_id')[0];
  for (const id of wordsIn(wire, 'id', 'call_id')) item.answer.named.set(id, item);
  return item;
}
