import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { AssistantTurn, ResultPart, ToolCallPart, ToolResult } from '../../kernel/conversation.ts';
import { encodeDocument, encodeImage } from './encode-media.ts';
import { flatName, ownCallId } from './names.ts';
import type { WireFunctionResponse, WireMedia, WirePart } from './wire-types.ts';

/** A result and the client's path of the turn that brought it. */
export interface LocatedResult {
  readonly result: ToolResult;
  readonly at: string;
}

export interface EncodedResults {
  /** As many as there are calls, in the order of the calls. */
  readonly responses: readonly WirePart[];
  /** Images that the model does not take inside a response. */
  readonly media: readonly WirePart[];
  /** Results that answer no call of this step. */
  readonly orphans: ReadonlySet<ToolResult>;
}

/** Answers every call of one step; a call that nobody answered gets an error, so that the counts agree. */
export function encodeResults(
  assistant: AssistantTurn | undefined,
  results: readonly LocatedResult[],
  context: EncodeContext,
): EncodedResults {
  const open = openById(results);
  const calls = assistant?.parts.filter((part) => part.kind === 'tool-call') ?? [];
  const answers = calls.map((call) => {
    const found = open.get(call.id)?.pop();
    if (found !== undefined) return encodeAnswer(call, found, context);
    context.losses.note(`${assistant?.at ?? 'messages'}.tool_calls`, 'answered');
    return { response: respond(call, { error: 'no result was provided' }), media: [] };
  });
  return {
    responses: answers.map(({ response }) => response),
    media: answers.flatMap(({ media }) => media),
    orphans: new Set([...open.values()].flat().map(({ result }) => result)),
  };
}

/** The results of each call id, last first: the one to take next is at the end. */
function openById(results: readonly LocatedResult[]): ReadonlyMap<string, LocatedResult[]> {
  const open = new Map<string, LocatedResult[]>();
  for (const located of results.toReversed()) {
    const same = open.get(located.result.callId);
    if (same === undefined) open.set(located.result.callId, [located]);
    else same.push(located);
  }
  return open;
}

interface Answer {
  readonly response: WirePart;
  readonly media: readonly WirePart[];
}

function encodeAnswer(call: ToolCallPart, found: LocatedResult, context: EncodeContext): Answer {
  const { texts, media } = splitParts(found, context);
  const inside = context.capabilities.toolResultImages === true || media.length === 0;
  if (!inside) {
    context.losses.note(`${found.at}.content`, 'moved');
    texts.push('[the media of this result follow in the next message]');
  }
  const text = texts.join('\n');
  const response = found.result.isError === true ? { error: text } : { output: text };
  return inside
    ? { response: respond(call, response, media), media: [] }
    : {
        response: respond(call, response),
        media: [{ text: `[media returned by ${flatName(call)}]` }, ...media],
      };
}

const respond = (
  call: ToolCallPart,
  response: WireFunctionResponse['response'],
  parts: readonly WireMedia[] = [],
): WirePart => ({
  functionResponse: {
    ...ownCallId(call.id),
    name: flatName(call),
    response,
    ...(parts.length > 0 && { parts }),
  },
});

/** A result that answers no call, as text of the user. */
export function encodeOrphan(orphan: LocatedResult, context: EncodeContext): readonly WirePart[] {
  context.losses.note(orphan.at, 'folded');
  const { texts, media } = splitParts(orphan, context);
  return [{ text: `[result of tool call ${orphan.result.callId}] ${texts.join('\n')}` }, ...media];
}

function splitParts(
  { result, at }: LocatedResult,
  context: EncodeContext,
): { texts: string[]; media: WireMedia[] } {
  if (result.cache !== undefined) context.losses.note('cache_control', 'dropped');
  const encoded = result.parts.map((part) => encodeResultPart(part, at, context));
  return {
    texts: encoded.flatMap(({ text }) => (text === undefined ? [] : [text])),
    media: encoded.filter(({ text }) => text === undefined),
  };
}

function encodeResultPart(part: ResultPart, at: string, context: EncodeContext): WirePart {
  switch (part.kind) {
    case 'text':
      return { text: part.text };
    case 'image':
      return encodeImage(part, at, context);
    case 'document':
      return encodeDocument(part, at, context);
    default:
      return assertNever(part, 'result part');
  }
}
