import type { DecodeContext } from '../../kernel/codec.ts';
import { findObject, findString, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import type { TokenLogprob } from '../../kernel/reply.ts';
import { decodeAnnotations } from './annotations.ts';
import { createCallReader } from './call-reader.ts';
import { decodeLogprobs } from './logprobs.ts';
import { decodeState } from './reasoning-state.ts';
import { reasoningText } from './reasoning-text.ts';
import type { Delivery } from './stop-reason.ts';
import { ISSUER } from './vendor.ts';

/** Turns messages or their deltas into blocks; a whole message is read as one large delta. */
export interface MessageReader {
  /** @param logprobs - the member of that name beside the delta. */
  readonly read: (delta: JsonObject, logprobs: Json | undefined) => void;
  /** Completes the calls; the answer's end closes the blocks. */
  readonly finish: () => void;
  readonly delivery: () => Delivery;
  readonly hasNamelessCall: () => boolean;
}

type Voice = 'text' | 'refusal' | 'reasoning';

/** Opens, fills and closes blocks of one answer through `writer`. */
export function createMessageReader(writer: ReplyWriter, context: DecodeContext): MessageReader {
  const told = { text: false, refusal: false, reasoning: false };
  let speaking: { readonly kind: Voice; readonly index: number; state?: string } | undefined;
  const early: TokenLogprob[] = [];

  const silence = (): void => {
    if (speaking !== undefined) writer.close(speaking.index);
    speaking = undefined;
  };
  // Only text, refusal or reasoning is open at a time: the order in which a model speaks is kept, and an encoder
  // for a dialect without overlap need not wait.
  const speak = (kind: Voice): number => {
    if (speaking?.kind === kind) return speaking.index;
    silence();
    told[kind] = true;
    speaking = { kind, index: writer.open({ kind }) };
    return speaking.index;
  };
  const say = (kind: Voice, text: string): void => {
    if (text === '') return;
    if (speaking?.state !== undefined) silence(); // a state ends the reasoning that it belongs to
    const index = speak(kind);
    if (kind === 'reasoning') writer.reasoning(index, text);
    else writer.text(index, text);
  };
  const keepState = (details: Json | undefined): void => {
    const { issuer = ISSUER, family = '' } = context.capabilities;
    for (const detail of listOf(details)) {
      const state = decodeState(findObject(detail) ?? {});
      if (state === undefined) continue;
      const { kind, data } = state;
      if (speaking?.state !== undefined && speaking.state !== data) silence();
      writer.opaque(speak('reasoning'), { issuer, family, kind, data });
      if (speaking !== undefined) speaking.state = data;
    }
  };
  // A token that holds only a part of a character comes before any text.
  const weigh = (tokens: readonly TokenLogprob[]): void => {
    if (speaking?.kind === 'text') writer.logprobs(speaking.index, [...early.splice(0), ...tokens]);
    else if (speaking === undefined) for (const token of tokens) early.push(token);
  };
  const calls = createCallReader(writer, context, silence);

  return {
    read: (delta, logprobs) => {
      say('reasoning', reasoningText(delta) + contentText(delta['content'], 'thinking'));
      if (delta['reasoning_details'] !== undefined) keepState(delta['reasoning_details']);
      say('text', contentText(delta['content'], 'text'));
      if (isJsonObject(logprobs)) weigh(decodeLogprobs(logprobs));
      // Citations belong to the text they follow; once something else has begun they have nowhere to stand.
      if (delta['annotations'] !== undefined && speaking?.kind === 'text') {
        for (const annotation of decodeAnnotations(delta['annotations'])) {
          writer.annotate(speaking.index, annotation);
        }
      }
      say('refusal', findString(delta['refusal']) ?? '');
      for (const entry of callEntries(delta)) calls.read(entry);
    },
    finish: calls.finish,
    delivery: () => ({ ...told, calls: calls.count(), callsComplete: calls.complete() }),
    hasNamelessCall: calls.nameless,
  };
}

/** Content is a string, or at Mistral a list of parts of which some are thinking. */
function contentText(content: Json | undefined, type: 'text' | 'thinking'): string {
  if (typeof content === 'string') return type === 'text' ? content : '';
  let text = '';
  for (const entry of listOf(content)) {
    const part = findObject(entry);
    if (part?.['type'] === type) text += findString(part[type]) ?? contentText(part[type], 'text');
  }
  return text;
}

/** The calls of a delta; the form before there were several counts as the first. */
function callEntries(delta: JsonObject): JsonObject[] {
  const entries = listOf(delta['tool_calls']).filter(isJsonObject);
  const old = findObject(delta['function_call']);
  return entries.length === 0 && old !== undefined ? [{ index: 0, function: old }] : entries;
}
