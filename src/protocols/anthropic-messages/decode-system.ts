import type { SystemText, TextPart, Tool } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { pathOf, requireObject } from '../../kernel/read-fields.ts';
import type { Effort } from '../../kernel/reasoning.ts';
import { decodeEffort } from './decode-effort.ts';
import { decodeTextOnly } from './decode-text.ts';
import { decodeTool } from './decode-tools.ts';
import { mapContent } from './map-content.ts';

/** The member `system`: a string or text blocks; throws `invalid-request`. */
export function decodeSystem(body: JsonObject, losses: Losses): readonly SystemText[] {
  const { system } = body;
  if (system === undefined || system === null) return [];
  return mapContent(body, 'system', '', (block, at) => decodeTextOnly(block, at, losses)).map(toSystemText);
}

/** A text part as system text. */
export const toSystemText = ({ text, cache }: TextPart): SystemText => ({
  role: 'system',
  text,
  ...(cache !== undefined && { cache }),
});

/** What a message of role `system` says and directs. */
export interface SystemMessage {
  readonly parts: readonly TextPart[];
  /** Tools that it adds to the offer. */
  readonly tools: readonly Tool[];
  readonly effort?: Effort;
}

/** A message of role `system`, which may hold directives alone; throws `invalid-request`. */
export function decodeSystemMessage(message: JsonObject, at: string, losses: Losses): SystemMessage {
  const content = message['content'] ?? [];
  const tools: Tool[] = [];
  const parts = mapContent({ content }, 'content', at, (block, path) => {
    if (block['type'] === 'tool_addition') tools.push(...addedTools(block, path, losses));
    else if (block['type'] === 'tool_removal') losses.note(path, 'ignored');
    else return decodeTextOnly(block, path, losses);
    return [];
  });
  const effort = decodeEffort(message, at);
  // A whole text is where it stood; a level of effort holds for the whole request.
  if (effort !== undefined) losses.note(pathOf(at, 'output_config'), 'moved');
  return { parts, tools, ...(effort !== undefined && { effort }) };
}

/** The tool of a definition; a reference names one that is on offer anyway. */
function addedTools(block: JsonObject, at: string, losses: Losses): readonly Tool[] {
  const tool = requireObject(block, 'tool', at);
  if (tool['type'] !== 'tool_definition') return [];
  const path = pathOf(at, 'tool');
  return [decodeTool(requireObject(tool, 'definition', path), pathOf(path, 'definition'), losses)];
}
