import type { AssistantPart, ToolCallPart, ToolResult, UserPart } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { optionalString, pathOf, requireString } from '../../kernel/read-fields.ts';
import { decodeCache } from './decode-cache.ts';
import { decodeResult, decodeUserPart } from './decode-part.ts';
import { decodeAnswerText } from './decode-text.ts';
import { decodeRedacted, decodeThinking } from './decode-thinking.ts';
import { requireName } from './require-name.ts';
import { argsOf } from './tool-input.ts';

/** What a block of a message comes to: a summary stands for all that was said before it. */
export type Piece<Part> =
  | { readonly kind: 'part'; readonly part: Part }
  | { readonly kind: 'result'; readonly result: ToolResult }
  | { readonly kind: 'summary'; readonly text: string };

type DecodeBlock<Part> = (block: JsonObject, at: string, losses: Losses) => readonly Piece<Part>[];

const partsBy =
  <Part>(decode: (block: JsonObject, at: string, losses: Losses) => readonly Part[]): DecodeBlock<Part> =>
  (block, at, losses) =>
    decode(block, at, losses).map((part) => ({ kind: 'part', part }));

const said = partsBy(decodeUserPart);

/** One block of a user's message; throws `invalid-request` naming a member, or a block of no kind that is known. */
export const decodeUserBlock: DecodeBlock<UserPart> = (block, at, losses) => {
  const decode = USER_BLOCKS.get(requireString(block, 'type', at)) ?? said;
  return decode(block, at, losses);
};

/** One block of an answer; what only Anthropic can read is dropped and noted. Throws `invalid-request`. */
export const decodeAssistantBlock: DecodeBlock<AssistantPart> = (block, at, losses) => {
  const decode = ASSISTANT_BLOCKS.get(requireString(block, 'type', at)) ?? drop;
  return decode(block, at, losses);
};

const result: DecodeBlock<never> = (block, at, losses) => [
  { kind: 'result', result: decodeResult(block, at, losses) },
];

/** A summary is empty when the service failed to write one; all that was said before then still counts. */
const compaction: DecodeBlock<never> = (block, at, losses) => {
  const text = optionalString(block, 'content', at) ?? '';
  if (text === '') return drop(block, at, losses);
  losses.note(at, 'folded');
  return [{ kind: 'summary', text }];
};

/** Blocks of tools that ran at Anthropic, marks of its own, and whatever comes next year. */
const drop: DecodeBlock<never> = (_block, at, losses) => {
  losses.note(at, 'dropped');
  return [];
};

const refuse: DecodeBlock<never> = (block, at) => {
  const type = requireString(block, 'type', at);
  throw unsupportedField(at, `a block of type "${type}" cannot stand in an assistant message`);
};

const decodeCall = (block: JsonObject, at: string, losses: Losses): readonly [ToolCallPart] => [
  {
    kind: 'tool-call',
    id: requireName(block, 'id', at),
    callKind: 'function',
    name: requireName(block, 'name', at),
    args: decodeInput(block, at, losses),
    ...decodeCache(block, at),
  },
];

/** A history with an input that is no object could otherwise never be gone on with. */
function decodeInput(block: JsonObject, at: string, losses: Losses): string {
  const input = block['input'] ?? {};
  if (!isJsonObject(input)) losses.note(pathOf(at, 'input'), 'repaired');
  return argsOf(input);
}

const decodeMcpCall = (block: JsonObject, at: string, losses: Losses): readonly ToolCallPart[] => {
  const [call] = decodeCall(block, at, losses);
  return [{ ...call, namespace: requireName(block, 'server_name', at) }];
};

const USER_BLOCKS: ReadonlyMap<string, DecodeBlock<UserPart>> = new Map([
  ['tool_result', result],
  ['mcp_tool_result', result],
  ['compaction', compaction],
  ['container_upload', drop],
]);

const ASSISTANT_BLOCKS: ReadonlyMap<string, DecodeBlock<AssistantPart>> = new Map<
  string,
  DecodeBlock<AssistantPart>
>([
  ['text', partsBy(decodeAnswerText)],
  ['thinking', partsBy(decodeThinking)],
  ['redacted_thinking', partsBy(decodeRedacted)],
  ['tool_use', partsBy(decodeCall)],
  ['mcp_tool_use', partsBy(decodeMcpCall)],
  ['mcp_tool_result', result],
  ['compaction', compaction],
  ['tool_result', refuse],
  ['image', refuse],
  ['document', refuse],
  ['search_result', refuse],
]);
