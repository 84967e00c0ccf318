import type { ResultPart, TextPart, ToolResult, UserPart } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { optionalFlag, optionalString, pathOf, requireString } from '../../kernel/read-fields.ts';
import { decodeCache } from './decode-cache.ts';
import { decodeDocument, decodeImage } from './decode-media.ts';
import { decodeText, decodeTextOnly } from './decode-text.ts';
import { mapContent } from './map-content.ts';
import { requireName } from './require-name.ts';

type DecodeBlock = (block: JsonObject, at: string, losses: Losses) => readonly ResultPart[];

/** Blocks that may stand in a user's message and in a result alike. */
const SAID: readonly (readonly [type: string, decode: DecodeBlock])[] = [
  ['text', decodeText],
  ['image', (block, at) => [decodeImage(block, at)]],
  ['document', decodeDocument],
  ['search_result', decodeSearchResult],
];
const USER_BLOCKS: ReadonlyMap<string, DecodeBlock> = new Map(SAID);
const RESULT_BLOCKS: ReadonlyMap<string, DecodeBlock> = new Map([
  ...SAID,
  ['tool_reference', decodeToolReference],
]);

/** One block of what a user says; throws `invalid-request` naming a member, or a block of no kind that is known. */
export const decodeUserPart = (block: JsonObject, at: string, losses: Losses): readonly UserPart[] =>
  decodeBy(USER_BLOCKS, block, at, losses);

/** The result of a call, of the client's own tool or of an MCP server's; throws `invalid-request`. */
export function decodeResult(block: JsonObject, at: string, losses: Losses): ToolResult {
  const content = block['content'] ?? [];
  const parts = mapContent({ content }, 'content', at, (part, path) =>
    decodeBy(RESULT_BLOCKS, part, path, losses),
  );
  return {
    at: pathOf(at, 'tool_use_id'),
    callId: requireName(block, 'tool_use_id', at),
    callKind: 'function',
    parts,
    ...(optionalFlag(block, 'is_error', at) === true && { isError: true }),
    ...decodeCache(block, at),
  };
}

/** What a user says is never left out, so a block that cannot be read is refused. */
function decodeBy(
  blocks: ReadonlyMap<string, DecodeBlock>,
  block: JsonObject,
  at: string,
  losses: Losses,
): readonly ResultPart[] {
  const type = requireString(block, 'type', at);
  const decode = blocks.get(type);
  if (decode === undefined)
    throw unsupportedField(at, `a block of type "${type}" cannot be carried over here`);
  return decode(block, at, losses);
}

/** A search result as a text that starts with its title and source. */
function decodeSearchResult(block: JsonObject, at: string, losses: Losses): readonly TextPart[] {
  const head = ['title', 'source'].map((key) => optionalString(block, key, at) ?? '').filter(isFilled);
  const body = mapContent(block, 'content', at, (part, path) => decodeTextOnly(part, path, losses));
  const text = [head.join('\n'), ...body.map((part) => part.text)].filter(isFilled).join('\n\n');
  return text === '' ? [] : [{ kind: 'text', text, ...decodeCache(block, at) }];
}

/** A tool that a search has found: every tool is on offer from the start, so its name says enough. */
function decodeToolReference(block: JsonObject, at: string): readonly TextPart[] {
  return [{ kind: 'text', text: requireName(block, 'tool_name', at), ...decodeCache(block, at) }];
}

const isFilled = (text: string): boolean => text !== '';
