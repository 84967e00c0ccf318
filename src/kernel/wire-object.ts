import { assertNever } from './assert-never.ts';
import type { Edit, WireView } from './edit.ts';
import { isJsonArray, isJsonObject, isRawJson, listOf, parseJson, writeJson } from './json.ts';
import type { Json, JsonArray, JsonObject } from './json.ts';

/** A view of a wire body that is an object already. */
export function viewOfObject(body: JsonObject): WireView {
  return {
    typeOf: (key) => typeOfJson(own(body, key)),
    read: (key) => own(body, key),
    readFirst: (key) => listOf(own(body, key))[0],
    readLastTwo: (key) => listOf(own(body, key)).slice(-2),
  };
}

/** The body with all edits applied in their order, revisions first; the given one is not touched. */
export function applyEdits(body: JsonObject, edits: readonly Edit[]): JsonObject {
  const members = new Map(Object.entries(body));
  for (const edit of edits) if (edit.kind === 'revise') applyEdit(members, edit);
  for (const edit of edits) if (edit.kind !== 'revise') applyEdit(members, edit);
  return Object.fromEntries(members);
}

function applyEdit(members: Map<string, Json | undefined>, edit: Edit): void {
  const old = members.get(edit.key);
  switch (edit.kind) {
    case 'set':
      members.set(edit.key, edit.value);
      break;
    case 'remove':
      members.delete(edit.key);
      break;
    case 'unshift':
    case 'replace-first':
    case 'revise':
      if (isJsonArray(old)) members.set(edit.key, editList(old, edit));
      break;
    case 'prefix':
      if (typeof old === 'string') members.set(edit.key, edit.text + old);
      break;
    case 'wrap':
      if (old !== undefined) members.set(edit.key, parseJson(edit.before + writeJson(old) + edit.after));
      break;
    default:
      assertNever(edit, 'edit');
  }
}

type ListEdit = Extract<Edit, { readonly kind: 'unshift' | 'replace-first' | 'revise' }>;

function editList(list: JsonArray, edit: ListEdit): JsonArray {
  if (edit.kind === 'revise') return list.flatMap((element) => reviseElement(element, edit));
  if (edit.kind === 'unshift') return [edit.element, ...list];
  return list.length === 0 ? list : [edit.element, ...list.slice(1)];
}

function reviseElement(element: Json, { marks, revise }: Extract<Edit, { kind: 'revise' }>): readonly Json[] {
  const text = writeJson(element);
  if (!marks.some((mark) => text.includes(mark))) return [element];
  const revised = revise(element);
  return revised === undefined ? [] : [revised];
}

const own = (body: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(body, key) ? body[key] : undefined;

function typeOfJson(value: Json | undefined): ReturnType<WireView['typeOf']> {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isRawJson(value)) return 'number';
  if (isJsonArray(value)) return 'array';
  return isJsonObject(value) ? 'object' : (typeof value as 'string' | 'number' | 'boolean');
}
