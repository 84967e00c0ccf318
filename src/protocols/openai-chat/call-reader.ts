import type { DecodeContext } from '../../kernel/codec.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import { findNumber, findObject, findString, isJsonObject, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import { thoughtSignature } from './thought-signature.ts';
import { ISSUER } from './vendor.ts';

/** Puts the pieces of tool calls together, however a vendor labels them. */
export interface CallReader {
  /** One entry of `tool_calls`, or the old `function_call` with index 0. */
  readonly read: (entry: JsonObject) => void;
  /** Tells what was held back, and gives calls without arguments their `{}`. */
  readonly finish: () => void;
  readonly count: () => number;
  /** Some call never got a name, so nobody can run it. */
  readonly nameless: () => boolean;
  /** Every call's arguments are whole. */
  readonly complete: () => boolean;
}

interface Call {
  readonly index: number | undefined;
  readonly callKind: 'function' | 'custom';
  /** The upstream's own; empty while it has given none. */
  id: string;
  name: string;
  args: string;
  /** Its arguments are on their way, so nothing of them can be taken back. */
  telling: boolean;
  /** Its state, as far as it has come before the name; later there is no place for it. */
  signature: string;
  /** The block in the answer; opened when the name is known. */
  block: number | undefined;
}

/** What one entry says of its call. */
interface Piece {
  readonly index: number | undefined;
  readonly callKind: 'function' | 'custom';
  readonly id: string;
  readonly name: string;
  readonly args: string;
  readonly signature: string;
}

/** @param beforeStart - called before each block that opens, so that what was being said is closed. */
export function createCallReader(
  writer: ReplyWriter,
  context: DecodeContext,
  beforeStart: () => void,
): CallReader {
  const calls: Call[] = [];

  const start = (call: Call, name: string): void => {
    beforeStart();
    call.name = name;
    const { callKind, signature } = call;
    const isTaken = calls.some((other) => other !== call && other.id === call.id);
    const id = call.id === '' || isTaken ? context.ids.call() : call.id;
    const opaque = signature === '' ? undefined : stateOf(signature, context);
    call.block = writer.open({ kind: 'tool-call', id, callKind, name, ...(opaque && { opaque }) });
  };

  const tell = (call: Call, text: string): void => {
    if (call.telling) {
      call.args += text;
      if (call.block !== undefined) writer.text(call.block, text);
      return;
    }
    // Some vendors open a call with `{}` and send its arguments after.
    if (isPlaceholder(call) && text.trim() !== '') call.args = '';
    call.args += text;
    if (call.block === undefined || call.args === '' || isPlaceholder(call)) return;
    call.telling = true;
    writer.text(call.block, call.args);
  };

  const add = ({ index, callKind, id }: Piece): Call => {
    const start = { name: '', args: '', telling: false, signature: '', block: undefined };
    const call: Call = { index, callKind, id, ...start };
    calls.push(call);
    return call;
  };

  const read = (entry: JsonObject): void => {
    const piece = pieceOf(entry);
    if (piece.id === '' && piece.name === '' && piece.args === '' && piece.signature === '') return;
    const call = findCall(calls, piece) ?? add(piece);
    if (call.id === '') call.id = piece.id;
    call.signature += piece.signature;
    if (call.block === undefined && piece.name !== '') start(call, piece.name);
    tell(call, piece.args);
  };

  return {
    read,
    finish: () => {
      for (const { block, args, callKind, telling } of calls) {
        if (block === undefined || telling) continue;
        writer.text(block, args === '' && callKind === 'function' ? '{}' : args);
      }
    },
    count: () => calls.length,
    nameless: () => calls.some((call) => call.name === ''),
    complete: () => calls.every((call) => call.callKind === 'custom' || call.args === '' || isWhole(call)),
  };
}

/** The call that a piece continues; `undefined` when the piece begins a new one. */
function findCall(calls: readonly Call[], piece: Piece): Call | undefined {
  const { index, id } = piece;
  if (index === undefined && id !== '') return calls.findLast((call) => call.id === id);
  const call = index === undefined ? calls.at(-1) : calls.findLast((known) => known.index === index);
  return call !== undefined && beginsAnother(call, piece) ? undefined : call;
}

/** A name for a call that has one: a repetition, or a vendor that gives every call the same label or none. */
function beginsAnother(call: Call, piece: Piece): boolean {
  if (call.name === '' || piece.name === '') return false;
  const isRenamed = piece.name !== call.name;
  if (piece.index === undefined) return isRenamed || isWhole(call);
  if (piece.id !== '' && piece.id !== call.id) return isRenamed || hasIdAlone(call, piece) || isWhole(call);
  // Nothing but the name tells calls of one index apart; where it is the same, whole arguments take no more.
  return (isRenamed || bringsTooMuch(call, piece)) && isWhole(call);
}

/** A call without arguments before one of another id; the beginning of arguments rather belongs to it. */
const hasIdAlone = ({ id, args }: Call, piece: Piece): boolean =>
  id !== '' && args === '' && (piece.args === '' || isWhole(piece));

const bringsTooMuch = (call: Call, { id, args }: Piece): boolean =>
  id === '' && args.trim() !== '' && !isPlaceholder(call);

const ENDS_OBJECT = /\}\s*$/;

/** An empty object that may be all of the arguments, or stand for those that are still to come. */
const isPlaceholder = ({ callKind, args, telling }: Call): boolean =>
  !telling && callKind === 'function' && /^\s*\{\s*\}\s*$/.test(args);

function isWhole({ args }: Pick<Call, 'args'>): boolean {
  if (!ENDS_OBJECT.test(args.slice(-16))) return false; // most pieces: reading all of them again would take ever longer
  try {
    return isJsonObject(JSON.parse(args));
  } catch {
    return false;
  }
}

function pieceOf(entry: JsonObject): Piece {
  const custom = findObject(entry['custom']);
  const body = findObject(entry['function']) ?? custom;
  return {
    index: findNumber(entry['index']),
    callKind: entry['type'] === 'custom' || (body !== undefined && body === custom) ? 'custom' : 'function',
    id: findString(entry['id']) ?? '',
    name: findString(body?.['name']) ?? '',
    args: argumentText(body?.['arguments'] ?? body?.['input']),
    signature: thoughtSignature(entry),
  };
}

/** Some vendors send the parsed object instead of text. */
const argumentText = (value: unknown): string =>
  isJsonObject(value) ? writeJson(value) : (findString(value) ?? '');

function stateOf(data: string, { capabilities }: DecodeContext): OpaqueState {
  const { issuer = ISSUER, family = '' } = capabilities;
  return { issuer, family, kind: 'thoughtSignature', data };
}
