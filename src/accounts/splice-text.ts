import type { Node } from 'jsonc-parser';
import { isJsonArray, isJsonObject, writeJson } from '../kernel/json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { membersOf } from './accounts-document.ts';

/** A piece of a text that another takes the place of. */
export interface Splice {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** The text with every splice done; they do not overlap, and those at one place keep their order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = [];
  let copied = 0;
  for (const splice of [...splices].sort((one, other) => one.offset - other.offset)) {
    pieces.push(text.slice(copied, splice.offset), splice.text);
    copied = splice.offset + splice.length;
  }
  return pieces.join('') + text.slice(copied);
}

/** Sets members of an object, in every place where a key stands; those that are `undefined` go. */
export function setMembers(text: string, object: Node, fields: JsonObject): readonly Splice[] {
  const gone = new Set<Node>();
  const added: string[] = [];
  const splices: Splice[] = [];
  const colon = leadOf(text, object) === '' ? ':' : ': ';
  for (const [key, value] of Object.entries(fields)) {
    const members = membersOf(object, key);
    if (value === undefined) members.forEach((member) => gone.add(member));
    else if (members.length === 0) added.push(`${JSON.stringify(key)}${colon}${writeJson(value)}`);
    else splices.push(...members.flatMap((member) => replaceValue(member, writeJson(value))));
  }
  return [...splices, ...reviseChildren(text, object, { gone, added })];
}

/** Appends entries to a list, laid out as those that are there, and takes others out of it. */
export function reviseList(
  text: string,
  list: Node,
  change: { readonly gone: ReadonlySet<Node>; readonly added: readonly Json[] },
): readonly Splice[] {
  const lead = leadOf(text, list);
  const unit = lead.slice(lineLead(text, list.offset).length);
  const layout = (value: Json): string =>
    lead.includes('\n') ? layJson(value, lead, unit === '' ? '  ' : unit) : writeJson(value);
  return reviseChildren(text, list, { gone: change.gone, added: change.added.map(layout) });
}

interface Revision {
  readonly gone: ReadonlySet<Node>;
  /** Finished texts, to stand behind the last child that stays. */
  readonly added: readonly string[];
}

function reviseChildren(text: string, parent: Node, { gone, added }: Revision): readonly Splice[] {
  if (gone.size === 0 && added.length === 0) return [];
  const children = parent.children ?? [];
  const last = children.findLast((child) => !gone.has(child));
  const splices = children.filter((child) => gone.has(child)).flatMap((child) => cutChild(text, child));
  const end = children.at(-1);
  // A list that did not end in a comma must not end in one now.
  const isLastGone = last !== undefined && end !== undefined && last !== end;
  if (isLastGone && findComma(text, end) === undefined) splices.push(...cutComma(text, last));
  if (added.length === 0) return splices;
  const lead = leadOf(text, parent);
  if (last !== undefined) {
    const joined = added.map((item) => `,${lead}${item}`).join('');
    return [{ offset: endOf(last), length: 0, text: joined }, ...splices];
  }
  const tail = children.length === 0 && lead.includes('\n') ? lineLead(text, parent.offset) : '';
  const joined = added.map((item) => `${lead}${item}`).join(',');
  return [{ offset: parent.offset + 1, length: 0, text: joined + tail }, ...splices];
}

const endOf = (node: Node): number => node.offset + node.length;

function replaceValue({ children }: Node, text: string): Splice[] {
  const value = children?.[1];
  return value === undefined ? [] : [{ offset: value.offset, length: value.length, text }];
}

/** Takes out a child and its comma; comments between the two stay. */
function cutChild(text: string, child: Node): Splice[] {
  const own = { offset: child.offset, length: child.length, text: '' };
  return [own, ...cutComma(text, child)];
}

/** The comma behind a child, with the blanks around it as far as they touch nothing else. */
function cutComma(text: string, child: Node): Splice[] {
  const comma = findComma(text, child);
  if (comma === undefined) return [];
  const offset = text.slice(endOf(child), comma).trim() === '' ? endOf(child) : comma;
  let end = comma + 1;
  while (BLANKS.includes(text.charAt(end)) && end < text.length) end += 1;
  return [{ offset, length: end - offset, text: '' }];
}

function findComma(text: string, child: Node): number | undefined {
  const between = /(?:[ \t\r\n]+|\/\/[^\r\n]*|\/\*[^]*?\*\/)*/y;
  between.lastIndex = endOf(child);
  between.exec(text);
  return text[between.lastIndex] === ',' ? between.lastIndex : undefined;
}

const BLANKS = ' \t\r\n';

/** What stands before each child of a list or object: a line break and blanks, blanks, or nothing. */
function leadOf(text: string, parent: Node): string {
  const child = parent.children?.at(-1);
  if (child === undefined) {
    const isOnOneLine = !text.slice(0, parent.offset).includes('\n');
    return isOnOneLine ? '' : `${lineLead(text, parent.offset)}  `;
  }
  let start = child.offset;
  while (start > 0 && BLANKS.includes(text.charAt(start - 1))) start -= 1;
  const blanks = text.slice(start, child.offset);
  return /\r?\n[ \t]*$/.exec(blanks)?.[0] ?? blanks;
}

/** The line break and the blanks with which the line of `offset` begins. */
function lineLead(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const blanks = /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
  return `${text.includes('\r\n') ? '\r\n' : '\n'}${blanks}`;
}

/** JSON over several lines; `lead` is the line break and the blanks of its first line. */
function layJson(value: Json, lead: string, unit: string): string {
  const inner = lead + unit;
  if (isJsonArray(value) && value.length > 0) {
    return `[${value.map((item) => inner + layJson(item, inner, unit)).join(',')}${lead}]`;
  }
  if (!isJsonObject(value)) return writeJson(value);
  const members = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : [`${inner}${JSON.stringify(key)}: ${layJson(member, inner, unit)}`],
  );
  return members.length === 0 ? '{}' : `{${members.join(',')}${lead}}`;
}
