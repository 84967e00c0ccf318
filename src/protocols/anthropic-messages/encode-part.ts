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
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { withCacheMark, withoutCacheMark } from './cache-marks.ts';
import { encodeDocument, encodeImage } from './encode-media.ts';
import { findInput, rawInput } from './tool-input.ts';
import { wireToolName } from './tool-name.ts';

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
      return [encodeImage(part, at, context)];
    case 'document':
      return [encodeDocument(part, at, context)];
    case 'audio':
      throw unsupportedField(at, 'this model takes no audio');
    default:
      return assertNever(part, 'part');
  }
}

export interface AssistantContext extends EncodeContext {
  /** The client's path of the turn. */
  readonly at: string;
  /** The id that a call has on the wire. */
  readonly idOf: (call: ToolCallPart) => string;
}

/** The blocks of one part of an assistant turn; what only another service can read is dropped and noted. */
export function encodeAssistantPart(part: AssistantPart, context: AssistantContext): JsonObject[] {
  const { at, losses } = context;
  switch (part.kind) {
    case 'text':
      if (part.annotations !== undefined && part.annotations.length > 0) {
        losses.note(`${at}.annotations`, 'dropped');
      }
      return textBlocks(part);
    case 'refusal':
      return textBlocks(part);
    case 'reasoning':
      return encodeReasoning(part, context);
    case 'tool-call':
      return [encodeToolCall(part, context)];
    case 'hosted':
      if (part.protocol === 'anthropic-messages' && isJsonObject(part.raw)) return [part.raw];
      losses.note(`${at}.content`, 'dropped');
      return [];
    default:
      return assertNever(part, 'part');
  }
}

/** Only what this model's own service signed goes back to it: anything else it answers with a 400. */
function encodeReasoning(part: ReasoningPart, { at, capabilities, losses }: AssistantContext): JsonObject[] {
  const { opaque } = part;
  const issuer = capabilities.issuer ?? 'anthropic';
  const own = opaque?.issuer === issuer && opaque.family === (capabilities.family ?? '');
  if (own && opaque.kind === 'redacted') return [{ type: 'redacted_thinking', data: opaque.data }];
  if (own && opaque.kind === 'signature') {
    const thinking = part.raw ?? part.summary?.join('\n\n') ?? '';
    return [{ type: 'thinking', thinking, signature: opaque.data }];
  }
  losses.note(`${at}.reasoning`, 'dropped');
  return [];
}

function encodeToolCall(call: ToolCallPart, { at, idOf, losses }: AssistantContext): JsonObject {
  const input = findInput(call);
  if (input === undefined) losses.note(`${at}.tool_calls`, 'wrapped');
  const block = {
    type: 'tool_use',
    id: idOf(call),
    name: wireToolName(call),
    input: input ?? rawInput(call.args),
  };
  return withCacheMark(block, call.cache);
}

export interface EncodedResult {
  readonly block: JsonObject;
  /** Media that the model does not take inside of a result, to be shown after it. */
  readonly moved: readonly JsonObject[];
}

/** The `tool_result` block that answers the call with this wire id. */
export function encodeResult(
  result: ToolResult,
  id: string,
  at: string,
  context: EncodeContext,
): EncodedResult {
  const movesMedia = context.capabilities.toolResultImages === false;
  const moved: JsonObject[] = [];
  const content = result.parts.flatMap((part) => {
    const blocks = encodeResultPart(part, at, context);
    if (part.kind !== 'image' || !movesMedia) return blocks;
    moved.push({ type: 'text', text: `[image in the result of tool call ${id}]` }, ...blocks);
    return [{ type: 'text', text: '[the image follows after the results]' }];
  });
  if (moved.length > 0) context.losses.note(`${at}.content`, 'moved');
  const failed = result.isError === true;
  // An error has to say something.
  const shown = failed && content.length === 0 ? [{ type: 'text', text: '(empty)' }] : content;
  const block = {
    type: 'tool_result',
    tool_use_id: id,
    ...(shown.length > 0 && { content: shown }),
    ...(failed && { is_error: true }),
  };
  return { block: withCacheMark(block, result.cache ?? result.parts.at(-1)?.cache), moved };
}

/** One part of a result; only the result as a whole can carry a cache mark. */
const encodeResultPart = (part: ResultPart, at: string, context: EncodeContext): JsonObject[] =>
  encodeUserPart(part, `${at}.content`, context).map(withoutCacheMark);
