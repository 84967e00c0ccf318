import type { ToolResult } from '../../kernel/conversation.ts';
import { invalidField } from '../../kernel/gateway-error.ts';
import { findNumber, findObject, findString, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import {
  mapObjects,
  optionalString,
  pathOf,
  requireList,
  requireObject,
  requireString,
} from '../../kernel/read-fields.ts';
import { BUILTIN_TOOLS } from './builtin-tools.ts';
import type { BuiltinTool } from './builtin-tools.ts';
import { decodeString } from './decode-content.ts';
import { ITEM_MEMBERS } from './piece.ts';
import type { ItemReader, Reading } from './piece.ts';
import { noteUnread } from './read-members.ts';

/** The readers of the items that stand for calls of built-in tools and for their results, by item type. */
export const BUILTIN_READERS: readonly (readonly [string, ItemReader])[] = [
  ...[...BUILTIN_TOOLS].map(([name, tool]) => [`${name}_call`, decodeCall(name, tool)] as const),
  ['local_shell_call_output', decodeOutput('local_shell', plainOutput)],
  ['shell_call_output', decodeOutput('shell', shellOutput)],
  ['apply_patch_call_output', decodeOutput('apply_patch', patchOutput)],
];

/** A call as one of a function whose arguments are what the client was told to do. */
function decodeCall(name: string, { member }: BuiltinTool): ItemReader {
  const members = [...ITEM_MEMBERS, 'call_id', 'environment', member];
  return (item, at, { losses, callIds }) => {
    noteUnread(item, members, at, losses);
    const itemId = optionalString(item, 'id', at) ?? '';
    const id = optionalString(item, 'call_id', at) ?? itemId;
    if (id === '') throw absentId(at);
    callIds.set(itemId, id);
    const args = writeJson(withoutNulls(requireObject(item, member, at)));
    return { kind: 'assistant', parts: [{ kind: 'tool-call', id, callKind: 'function', name, args }] };
  };
}

/** The dialect writes null for what the model left open. */
const withoutNulls = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));

const absentId = (at: string): Error =>
  invalidField(pathOf(at, 'call_id'), 'is required and must be a string', 'missing_required_parameter');

type Outcome = Pick<ToolResult, 'parts' | 'isError'>;

const OUTPUT_MEMBERS = [...ITEM_MEMBERS, 'call_id', 'output', 'max_output_length'];

function decodeOutput(name: string, read: (item: JsonObject, at: string) => Outcome): ItemReader {
  return (item, at, reading) => {
    noteUnread(item, OUTPUT_MEMBERS, at, reading.losses);
    const result = { ...calledBy(item, at, reading), callKind: 'function', name, ...read(item, at) } as const;
    return { kind: 'result', result };
  };
}

/** The call that is answered; the local shell's results name the item that made it. */
function calledBy(item: JsonObject, at: string, { callIds }: Reading): Pick<ToolResult, 'at' | 'callId'> {
  const callId = optionalString(item, 'call_id', at);
  if (callId !== undefined && callId !== '') return { at: pathOf(at, 'call_id'), callId };
  const itemId = optionalString(item, 'id', at) ?? '';
  if (itemId === '') throw absentId(at);
  return { at: pathOf(at, 'id'), callId: callIds.get(itemId) ?? itemId };
}

function plainOutput(item: JsonObject, at: string): Outcome {
  return { parts: decodeString(requireString(item, 'output', at)) };
}

function shellOutput(item: JsonObject, at: string): Outcome {
  const texts = mapObjects(requireList(item, 'output', at), pathOf(at, 'output'), describeCommand);
  return { parts: decodeString(texts.join('\n\n')) };
}

/** What one command printed and how it ended, as a shell would show it. */
function describeCommand(output: JsonObject): string {
  const outcome = findObject(output['outcome']);
  const end =
    outcome?.['type'] === 'timeout'
      ? 'timed out'
      : `exit code: ${findNumber(outcome?.['exit_code']) ?? 'unknown'}`;
  const [stdout = '', stderr = ''] = ['stdout', 'stderr'].map((key) => findString(output[key]));
  return [stdout, stderr === '' ? '' : `stderr:\n${stderr}`, end].filter((text) => text !== '').join('\n');
}

/** A patch that says nothing of itself has at least failed or not. */
function patchOutput(item: JsonObject, at: string): Outcome {
  const status = requireString(item, 'status', at);
  const output = optionalString(item, 'output', at) ?? '';
  const parts = decodeString(output === '' ? status : output);
  return { parts, ...(status === 'failed' && { isError: true }) };
}
