import type { ResultPart, ToolResult, ToolTurn } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodePart, joinTexts, saysSomething } from './encode-part.ts';
import type { PartContext } from './encode-part.ts';
import { isOpenai } from './vendor.ts';

/**
 * A tool message for every result, then one user message with what tool messages cannot hold, labelled by call.
 *
 * @throws GatewayError `invalid-request` naming a result that this model cannot read.
 */
export function encodeResults({ results }: ToolTurn, context: PartContext): readonly JsonObject[] {
  const encoded = results.map((result) => encodeResult(result, context));
  const moved = encoded.flatMap((result) => result.moved);
  return [
    ...encoded.map(({ message }) => message),
    ...(moved.length > 0 ? [{ role: 'user', content: moved }] : []),
  ];
}

interface EncodedResult {
  readonly message: JsonObject;
  readonly moved: readonly JsonObject[];
}

function encodeResult(result: ToolResult, context: PartContext): EncodedResult {
  const { callId, name } = result;
  const at = result.at.replace(/\.\w+$/, ''); // the member beside it names the call
  const parts = result.parts.map((part) => placePart(part, at, context));
  const media = parts.flatMap((part) => part.moved);
  if (media.length > 0) context.losses.note(at, 'moved');
  const texts = withMark(
    parts.map((part) => part.text).filter(saysSomething),
    context.takeMark(result.cache),
  );
  return {
    message: {
      role: 'tool',
      tool_call_id: callId,
      // Kimi needs it, OpenAI does not know it.
      ...(name !== undefined && !isOpenai(context.capabilities) && { name }),
      content: joinTexts(result.isError === true ? withErrorWord(texts) : texts),
    },
    moved: media.length === 0 ? [] : [textPart(`[from the result of tool call ${callId}]`), ...media],
  };
}

interface PlacedPart {
  /** What stands in the tool message. */
  readonly text: JsonObject;
  readonly moved: readonly JsonObject[];
}

function placePart(part: ResultPart, at: string, context: PartContext): PlacedPart {
  const encoded = encodePart(part, at, context);
  if (encoded['type'] === 'text') return { text: encoded, moved: [] };
  return { text: textPart(`[${part.kind}, see the user message below]`), moved: [encoded] };
}

const textPart = (text: string): JsonObject => ({ type: 'text', text });

/** The mark of the result as that of its last part; a result without any is not worth one. */
const withMark = (texts: readonly JsonObject[], mark: JsonObject): readonly JsonObject[] =>
  texts.map((text, index) => (index === texts.length - 1 ? { ...text, ...mark } : text));

/** This dialect has no flag for a tool that failed, so its result says it. */
function withErrorWord(texts: readonly JsonObject[]): readonly JsonObject[] {
  const [first = textPart(''), ...others] = texts;
  const text = typeof first['text'] === 'string' ? first['text'] : '';
  return /^error/i.test(text) ? texts : [{ ...first, text: `Error: ${text}` }, ...others];
}
