import type { Node } from 'jsonc-parser';
import { assertNever } from '../kernel/assert-never.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Account } from './account.ts';
import { openDocument } from './accounts-document.ts';
import type { AccountsDocument } from './accounts-document.ts';
import { findOwnId, isBlank, readDocument, readEntry } from './read-accounts.ts';
import { applySplices, reviseList, setMembers } from './splice-text.ts';
import type { Splice } from './splice-text.ts';

/** A change of the accounts file. */
export type AccountEdit =
  /** Sets members of one entry, by their names in the file; those that are `undefined` go, all others stay. */
  | { readonly kind: 'set'; readonly id: string; readonly fields: JsonObject }
  | { readonly kind: 'add'; readonly entry: JsonObject }
  | { readonly kind: 'remove'; readonly id: string };

/**
 * The text of an accounts file with edits done one after the other. All that they do not name stays as it is written:
 * comments, order, unknown members, malformed entries. An entry is found by its id, wherever it stands; one that has
 * none is given the id that its readers made for it.
 *
 * @throws Error, safe to show, when the text cannot be read, or an edit does not fit what it says.
 */
export function editAccounts(text: string | undefined, edits: readonly AccountEdit[]): string {
  const document = requireDocument(text === undefined || isBlank(text) ? NEW_DOCUMENT : text);
  const drafts = edits.reduce(applyEdit, draftsOf(document));
  return applySplices(document.text, splicesOf(document, drafts));
}

/** The text of an accounts file that holds these. */
export const writeAccounts = (accounts: readonly Account[]): string =>
  editAccounts(
    undefined,
    accounts.map(({ entry }) => ({ kind: 'add', entry: entry() })),
  );

const NEW_DOCUMENT = '{\n  "version": 1,\n  "accounts": []\n}\n';

/** What is to become of one entry. */
interface Draft {
  readonly id: string;
  /** Absent for an entry that is new. */
  readonly node?: Node;
  /** False for an entry that stands in the shadow of another one of its id. */
  readonly counts: boolean;
  /** Its id, where the entry does not say it itself. */
  readonly made: JsonObject;
  readonly fields: JsonObject;
  readonly isGone: boolean;
}

function requireDocument(text: string): AccountsDocument {
  const document = openDocument(text);
  if (document.kind === 'broken') throw new Error(`${document.fault}; it is left as it is`);
  return document;
}

const draftsOf = (document: AccountsDocument): readonly Draft[] =>
  readDocument(document).placed.map(({ account: { id, entry }, node, counts }) => ({
    id,
    node,
    counts,
    made: findOwnId(entry()) === undefined ? { id } : {},
    fields: {},
    isGone: false,
  }));

function applyEdit(drafts: readonly Draft[], edit: AccountEdit): readonly Draft[] {
  switch (edit.kind) {
    case 'set':
      requireDraft(drafts, edit.id);
      return drafts.map((draft) =>
        isMeant(draft, edit.id)
          ? { ...draft, fields: { ...draft.made, ...draft.fields, ...edit.fields } }
          : draft,
      );
    case 'remove': // its shadows too: they would come to light
      return drafts.map((draft) => (draft.id === edit.id ? { ...draft, isGone: true } : draft));
    case 'add':
      return [...drafts, newDraft(drafts, edit.entry)];
    default:
      return assertNever(edit, 'edit');
  }
}

const isMeant = (draft: Draft, id: string): boolean => draft.id === id && draft.counts && !draft.isGone;

function requireDraft(drafts: readonly Draft[], id: string): void {
  if (!drafts.some((draft) => isMeant(draft, id))) throw new Error(`has no account ${id}`);
}

function newDraft(drafts: readonly Draft[], entry: JsonObject): Draft {
  const account = readEntry(entry);
  if (typeof account === 'string') throw new Error(`cannot take a new account that ${account}`);
  const { id } = account;
  if (drafts.some((draft) => isMeant(draft, id))) throw new Error(`has an account ${id} already`);
  return { id, counts: true, made: {}, fields: { ...{ id }, ...entry, id }, isGone: false }; // the id stands first
}

function splicesOf({ text, list }: AccountsDocument, drafts: readonly Draft[]): readonly Splice[] {
  const gone = new Set(drafts.flatMap(({ node, isGone }) => (node && isGone ? [node] : [])));
  const added = drafts.filter(({ node, isGone }) => node === undefined && !isGone);
  return [
    ...drafts.flatMap(({ node, fields, isGone }) =>
      node === undefined || isGone ? [] : setMembers(text, node, fields),
    ),
    ...reviseList(text, list, { gone, added: added.map(({ fields }) => fields) }),
  ];
}
