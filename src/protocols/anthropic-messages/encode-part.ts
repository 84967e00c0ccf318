import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type {
  AssistantPart,
  ReasoningPart,
  ResultPart,
  TextPart,
  ToolCallPart,
  ToolResult,
  UserPart,
} from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { rawJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { pathOfPart } from '../../kernel/path-of-part.ts';
import type { Losses } from '../../kernel/losses.ts';
import { withCacheMark, withoutCacheMark } from './cache-marks.ts';
import { encodeDocument, encodeImage } from './encode-media.ts';
import { inputText, isBlank } from './tool-input.ts';

/** The text block of a text, or no block: Messages refuses blocks without a visible character. */
export const textBlocks = (part: Omit<TextPart, 'kind'>): JsonObject[] =>
  part.text.trim() === '' ? [] : [withCacheMark({ type: 'text', text: part.text }, part.cache)];

/**
 * The blocks of one part of a user turn or of a tool's result.
 *
 * @throws GatewayError `invalid-request` naming `at` when the model cannot take the part.
 */
export function encodeUserPart(part: UserPart, at: string, context: EncodeContext): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return textBlocks(part);
    case 'image':
      return [encodeImage(part, pathOfPart(part, at), context)];
    case 'document':
      return [encodeDocument(part, pathOfPart(part, at), context)];
    case 'audio':
      throw unsupportedField(at, 'this model takes no audio');
    default:
      return assertNever(part, 'part');
  }
}

/**
 * The blocks of one part of an assistant turn.
 *
 * @param at - the client's path of the turn, for notes.
 */
export function encodeAssistantPart(
  part: AssistantPart,
  at: string,
  { losses }: EncodeContext,
): JsonObject[] {
  switch (part.kind) {
    case 'text':
      // A citation needs an index that only Anthropic's own search can give.
      if ((part.annotations ?? []).length > 0) losses.note(`${at}.annotations`, 'dropped');
      return textBlocks(part);
    case 'refusal':
      return textBlocks(part);
    case 'reasoning':
      return encodeReasoning(part);
    case 'tool-call':
      return [encodeToolCall(part, at, losses)];
    case 'hosted': // of another service: this one's own conversations are not translated
      return [];
    default:
      return assertNever(part, 'part');
  }
}

/** Only signed thinking goes back to the service that signed it; words alone it would refuse. */
function encodeReasoning({ raw, summary, opaque }: ReasoningPart): JsonObject[] {
  switch (opaque?.kind) {
    case 'signature':
      return [{ type: 'thinking', thinking: raw ?? summary?.join('\n\n') ?? '', signature: opaque.data }];
    case 'redacted':
      return [{ type: 'redacted_thinking', data: opaque.data }];
    default: // the kinds of other dialects, and none at all
      return [];
  }
}

function encodeToolCall({ id, name, args, cache }: ToolCallPart, at: string, losses: Losses): JsonObject {
  const input = inputText(args);
  if (input !== args && !isBlank(args)) losses.note(at, 'wrapped');
  return withCacheMark({ type: 'tool_use', id, name, input: rawJson(input) }, cache);
}

export interface EncodedResult {
  readonly block: JsonObject;
  /** Media that the model does not take inside of a result, to be shown after it. */
  readonly moved: readonly JsonObject[];
}

/** The `tool_result` block that answers a call. */
export function encodeResult(result: ToolResult, context: EncodeContext): EncodedResult {
  const { callId, parts, isError, cache } = result;
  const at = placeOf(result);
  const movesImages = context.capabilities.toolResultImages === false;
  const moved: JsonObject[] = [];
  const content = parts.flatMap((part) => {
    const blocks = encodeResultPart(part, at, context);
    if (part.kind !== 'image' || !movesImages) return blocks;
    moved.push({ type: 'text', text: `[image in the result of tool call ${callId}]` }, ...blocks);
    return [{ type: 'text', text: '[the image follows after the results]' }];
  });
  if (moved.length > 0) context.losses.note(at, 'moved');
  // An error has to say something.
  const shown = isError === true && content.length === 0 ? [{ type: 'text', text: '(empty)' }] : content;
  const block = {
    type: 'tool_result',
    tool_use_id: callId,
    ...(shown.length > 0 && { content: shown }),
    ...(isError === true && { is_error: true }),
  };
  return { block: withCacheMark(block, cache ?? parts.at(-1)?.cache), moved };
}

/** The client's path of the result as a whole, without the member that names its call. */
const placeOf = ({ at }: ToolResult): string => at.replace(/\.[^.]*$/, '');

/** One part of a result; only the result as a whole can carry a cache mark. */
const encodeResultPart = (part: ResultPart, at: string, context: EncodeContext): JsonObject[] =>
  encodeUserPart(part, at, context).map(withoutCacheMark);
