import { assertNever } from './assert-never.ts';
import type { Edit } from './edit.ts';
import { writeJson } from './json.ts';
import type { Span } from './json-cursor.ts';
import { reviseLists } from './json-revise.ts';
import { findMember, viewOfBytes } from './json-scan.ts';
import type { Member, ScannedObject } from './json-scan.ts';
import { applyEdits, viewOfObject } from './wire-object.ts';

/** A body in pieces: views of the client's bytes and what was put between them. */
export interface SplicedBody {
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
}

/**
 * Applies edits to the bytes of an object. What no edit names goes on as the very bytes that came; where a key that
 * is edited stands twice, only the last one, which counts, is kept.
 *
 * @throws GatewayError `invalid-request` when a value has to be read and a string in it is malformed.
 */
export function spliceEdits(received: ScannedObject, wished: readonly Edit[]): SplicedBody {
  const scanned = reviseLists(received, wished);
  const edits = wished.filter(({ kind }) => kind !== 'revise');
  const output = createOutput(scanned.bytes);
  const pending = mergePerKey(scanned, edits);
  const counting = new Map([...pending.keys()].map((key) => [key, findMember(scanned, key)]));
  const first = scanned.members[0];
  output.keep({ start: 0, end: first?.start ?? scanned.bytes.lastIndexOf(0x7d) });
  let previous: number | undefined;
  scanned.members.forEach((member, index) => {
    const edit = pending.get(member.key);
    if (edit !== undefined && (edit.kind === 'remove' || counting.get(member.key) !== member)) return;
    separate(output, scanned.members, previous, index);
    previous = index;
    writeMember(output, member, edit);
  });
  for (const edit of pending.values()) {
    if (edit.kind !== 'set' || counting.get(edit.key) !== undefined) continue;
    output.put(`${previous === undefined ? '' : ','}${JSON.stringify(edit.key)}:${writeJson(edit.value)}`);
    previous = -1;
  }
  output.keep({
    start: scanned.members.at(-1)?.value.end ?? scanned.bytes.lastIndexOf(0x7d),
    end: scanned.bytes.length,
  });
  return output.finish();
}

/** One edit a key; several on the same key are worked out on its value and become one `set` or `remove`. */
function mergePerKey(scanned: ScannedObject, edits: readonly Edit[]): Map<string, Edit> {
  const pending = new Map<string, Edit>();
  for (const edit of edits)
    pending.set(edit.key, pending.has(edit.key) ? settle(scanned, edits, edit.key) : edit);
  return pending;
}

function settle(scanned: ScannedObject, edits: readonly Edit[], key: string): Edit {
  const old = viewOfBytes(scanned).read(key);
  const edited = applyEdits(
    old === undefined ? {} : Object.fromEntries([[key, old]]),
    edits.filter((edit) => edit.key === key),
  );
  const after = viewOfObject(edited).read(key);
  return after === undefined ? { kind: 'remove', key } : { kind: 'set', key, value: after };
}

/** The comma and spaces in front of a member: the client's own where both neighbours stayed. */
function separate(
  output: Output,
  members: readonly Member[],
  previous: number | undefined,
  index: number,
): void {
  if (previous === undefined) return;
  const [before, after] = [members[previous], members[index]];
  if (previous === index - 1 && before !== undefined && after !== undefined) {
    output.keep({ start: before.value.end, end: after.start });
  } else output.put(',');
}

function writeMember(output: Output, member: Member, edit: Edit | undefined): void {
  const { start, value, first } = member;
  const change =
    edit === undefined || !fits(output.byteAt(value.start), edit, first) ? undefined : changeOf(member, edit);
  output.keep({ start, end: change?.at.start ?? value.end });
  if (change === undefined) return;
  output.put(change.before);
  if (change.kept !== undefined) output.keep(change.kept);
  output.put(change.after);
  output.keep({ start: change.at.end, end: value.end });
}

/** What happens inside a member: the range `at` becomes `before`, the bytes of `kept`, `after`. */
interface Change {
  readonly at: Span;
  readonly before: string;
  readonly kept?: Span;
  readonly after: string;
}

function changeOf({ value, first }: Member, edit: Edit): Change | undefined {
  const inside = { start: value.start + 1, end: value.start + 1 };
  switch (edit.kind) {
    case 'set':
      return { at: value, before: writeJson(edit.value), after: '' };
    case 'unshift':
      return { at: inside, before: writeJson(edit.element), after: first === undefined ? '' : ',' };
    case 'replace-first':
      return { at: first ?? inside, before: writeJson(edit.element), after: '' };
    case 'prefix':
      return { at: inside, before: JSON.stringify(edit.text).slice(1, -1), after: '' };
    case 'wrap':
      return { at: value, before: edit.before, kept: value, after: edit.after };
    case 'remove':
    case 'revise': // done before
      return undefined;
    default:
      return assertNever(edit, 'edit');
  }
}

/** An edit of a list or string does nothing to a value of another type. */
function fits(firstByte: number | undefined, edit: Edit, first: Span | undefined): boolean {
  if (edit.kind === 'unshift') return firstByte === 0x5b;
  if (edit.kind === 'replace-first') return first !== undefined;
  return edit.kind !== 'prefix' || firstByte === 0x22;
}

interface Output {
  readonly keep: (span: Span) => void;
  readonly put: (text: string) => void;
  readonly byteAt: (index: number) => number | undefined;
  readonly finish: () => SplicedBody;
}

/** Gathers ranges and new text; ranges that touch become one view. */
function createOutput(bytes: Uint8Array): Output {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let open: { start: number; end: number } | undefined;
  const flush = (): void => {
    if (open !== undefined && open.end > open.start) chunks.push(bytes.subarray(open.start, open.end));
    open = undefined;
  };
  return {
    keep: ({ start, end }) => {
      if (open?.end === start) open.end = end;
      else {
        flush();
        open = { start, end };
      }
    },
    put: (text) => {
      if (text === '') return;
      flush();
      chunks.push(encoder.encode(text));
    },
    byteAt: (index) => bytes[index],
    finish: () => {
      flush();
      return { chunks, byteLength: chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0) };
    },
  };
}
