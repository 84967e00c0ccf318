import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ResultPart, ToolResult, ToolTurn } from '../../kernel/conversation.ts';
import { pathOfPart } from '../../kernel/path-of-part.ts';
import { ownCallId } from './call-id.ts';
import { encodeDocument, encodeImage } from './encode-media.ts';
import type { WireMedia, WirePart } from './wire-types.ts';

export interface EncodedResults {
  /** As many as there are results, in their order. */
  readonly responses: readonly WirePart[];
  /** Images that the model does not take inside a response. */
  readonly media: readonly WirePart[];
}

/** Answers the calls of the turn before, each with one response. */
export function encodeResults({ results }: ToolTurn, context: EncodeContext): EncodedResults {
  const answers = results.map((result) => encodeAnswer(result, context));
  return {
    responses: answers.map(({ response }) => response),
    media: answers.flatMap(({ media }) => media),
  };
}

interface Answer {
  readonly response: WirePart;
  readonly media: readonly WirePart[];
}

function encodeAnswer(result: ToolResult, context: EncodeContext): Answer {
  const at = placeOf(result);
  if (result.cache !== undefined) context.losses.note(context.names.cacheMark, 'dropped');
  const encoded = result.parts.map((part) => encodeResultPart(part, at, context));
  const texts = encoded.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const media: readonly WireMedia[] = encoded.filter(({ text }) => text === undefined);
  if (media.length === 0 || context.capabilities.toolResultImages === true) {
    return { response: respond(result, texts, media), media: [] };
  }
  context.losses.note(at, 'moved');
  return {
    response: respond(result, [...texts, '[the media of this result follow in the next message]'], []),
    media: [{ text: `[media returned by ${nameOf(result)}]` }, ...media],
  };
}

/** The client's path of the whole result; its own leads to the member that names the call. */
const placeOf = ({ at }: ToolResult): string => at.replace(/\.\w+$/, '');

/** Every result carries the name of its call by now. */
const nameOf = ({ name = '' }: ToolResult): string => name;

/** The text stays text, whatever it looks like: JSON in it would be read as the fields of the response. */
function respond(result: ToolResult, texts: readonly string[], parts: readonly WireMedia[]): WirePart {
  const text = texts.join('\n');
  return {
    functionResponse: {
      ...ownCallId(result.callId),
      name: nameOf(result),
      response: result.isError === true ? { error: text } : { output: text },
      ...(parts.length > 0 && { parts }),
    },
  };
}

function encodeResultPart(part: ResultPart, at: string, context: EncodeContext): WirePart {
  switch (part.kind) {
    case 'text':
      return { text: part.text };
    case 'image':
      return encodeImage(part, pathOfPart(part, at), context);
    case 'document':
      return encodeDocument(part, pathOfPart(part, at), context);
    default:
      return assertNever(part, 'result part');
  }
}
