import type { ResultPart, ToolResult } from '../../kernel/conversation.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { encodePart } from './encode-part.ts';
import type { PartContext } from './encode-part.ts';

/**
 * Writes what a tool returned as the output item of its call.
 *
 * @throws GatewayError `invalid-request` naming a part that cannot be sent.
 */
export const encodeResult = (result: ToolResult, context: PartContext): JsonObject => ({
  type: result.callKind === 'custom' ? 'custom_tool_call_output' : 'function_call_output',
  call_id: result.callId,
  output: encodeOutput(result, context),
});

/** A single text as a string, anything else as a list; the result's own cache mark goes to its last part. */
function encodeOutput(result: ToolResult, context: PartContext): Json {
  const at = placeOf(result);
  const parts = wordedParts(result).map((part, index) => encodePart(part, `${at}[${index}]`, context));
  const last = { ...(parts.at(-1) ?? { type: 'input_text', text: '' }), ...context.takeMark(result.cache) };
  const plain = parts.length < 2 && last['type'] === 'input_text' && !('prompt_cache_breakpoint' in last);
  return plain ? (last['text'] ?? '') : [...parts.slice(0, -1), last];
}

/** The client's path of the content, which stands beside the member that names the call. */
const placeOf = ({ at }: ToolResult): string => `${at.slice(0, Math.max(0, at.lastIndexOf('.')))}.content`;

/** A failed result says so in its text, for there is no other place. */
function wordedParts({ parts, isError }: ToolResult): readonly ResultPart[] {
  const [first, ...others] = parts;
  if (isError !== true) return parts;
  if (first?.kind !== 'text') return [{ kind: 'text', text: 'Error' }, ...parts];
  return /^error/i.test(first.text) ? parts : [{ ...first, text: `Error: ${first.text}` }, ...others];
}
