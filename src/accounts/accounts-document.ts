import { parseTree } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { findJson } from '../kernel/json.ts';
import type { Json } from '../kernel/json.ts';

/** The text of an accounts file, and where things stand in it. */
export interface AccountsDocument {
  readonly kind: 'document';
  readonly text: string;
  readonly list: Node;
  readonly entries: readonly Node[];
}

/** A text that is none; `fault` goes on from the name of the file: `is not JSON (line 3, column 5)`. */
export interface BrokenDocument {
  readonly kind: 'broken';
  readonly fault: string;
}

/** Finds the entries: in the member `accounts`, or in a bare list. Comments, trailing commas and a byte order mark are fine. */
export function openDocument(text: string): AccountsDocument | BrokenDocument {
  const errors: ParseError[] = [];
  // A blank in place of the mark leaves every offset where it is.
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  if (root === undefined || errors[0] !== undefined) return notJson(text, errors[0]?.offset ?? 0);
  if (root.type === 'array') return documentOf(text, root);
  if (root.type !== 'object') return broken('is neither an object nor a list');
  const [list, another] = valuesOf(root, 'accounts');
  if (list === undefined) return broken('has no member "accounts"');
  if (another !== undefined) return broken('has the member "accounts" twice');
  return list.type === 'array' ? documentOf(text, list) : broken('has a member "accounts" that is no list');
}

/** The members of that name in an object, in the order of the text. */
export const membersOf = (object: Node, key: string): readonly Node[] =>
  (object.children ?? []).filter(({ children }) => children?.[0]?.value === key);

/** What stands at a node; where a key stands twice the last one counts, as in all JSON. */
export function jsonOf(text: string, node: Node): Json {
  const plain = findJson(text.slice(node.offset, node.offset + node.length));
  if (plain !== undefined) return plain;
  const children = node.children ?? []; // comments: only the tree knows what is between them
  if (node.type === 'array') return children.map((child) => jsonOf(text, child));
  return Object.fromEntries(
    children.flatMap(({ children: [key, value] = [] }) =>
      key === undefined || value === undefined ? [] : [[String(key.value), jsonOf(text, value)]],
    ),
  );
}

const valuesOf = (object: Node, key: string): readonly Node[] =>
  membersOf(object, key).flatMap(({ children }) => children?.[1] ?? []);

const documentOf = (text: string, list: Node): AccountsDocument => ({
  kind: 'document',
  text,
  list,
  entries: list.children ?? [],
});

const broken = (fault: string): BrokenDocument => ({ kind: 'broken', fault });

function notJson(text: string, offset: number): BrokenDocument {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return broken(`is not JSON (line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`);
}
