import type { AnswerContext } from '../../kernel/codec.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';
import { encodeCallState } from './thought-signature.ts';

/** The upstream's id where it has this dialect's form, else a fresh one. */
export const completionId = (id: string, context: AnswerContext): string =>
  id.startsWith('chatcmpl-') ? id : context.ids.chatCompletion();

/** Unix seconds: the upstream's own, else now. */
export const createdSeconds = (createdAt: number | undefined, context: AnswerContext): number =>
  Math.floor(createdAt ?? context.now / 1000);

/** Writes the chunks of one answer, which all begin alike; deltas are JSON text. */
export interface ChunkWriter {
  readonly chunk: (delta: string, finishReason?: string) => string;
  /** A chunk that says nothing but how likely the tokens of the text before it were, given as JSON text. */
  readonly logprobsChunk: (logprobs: string) => string;
  /** The chunk without choices that carries the usage, given as JSON text. */
  readonly usageChunk: (usage: string) => string;
}

/** @param usageAsked - every chunk but the last then says that its usage is not known yet. */
export function createChunkWriter(
  id: string,
  created: number,
  model: string,
  usageAsked: boolean,
): ChunkWriter {
  const names = `"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)}`;
  const head = `data: {${names},"choices":[{"index":0,"delta":`;
  const tail = usageAsked ? '}],"usage":null}\n\n' : '}]}\n\n';
  return {
    chunk: (delta, finishReason) => {
      const finish = finishReason === undefined ? 'null' : JSON.stringify(finishReason);
      return `${head}${delta},"logprobs":null,"finish_reason":${finish}${tail}`;
    },
    logprobsChunk: (logprobs) => `${head}{},"logprobs":${logprobs},"finish_reason":null${tail}`,
    usageChunk: (usage) => `data: {${names},"choices":[],"usage":${usage}}\n\n`,
  };
}

type CallHead = Extract<BlockHead, { kind: 'tool-call' }>;

/** This dialect has no namespaces, so one is part of the name. */
export const callName = ({ name, namespace }: Pick<CallHead, 'name' | 'namespace'>): string =>
  namespace === undefined ? name : `${namespace}__${name}`;

/** The delta that opens a call, with all of its state; SDKs need its index, id and type. */
export function callStart(position: number, call: CallHead, native: boolean): string {
  const { id, callKind, opaque } = call;
  const body = `{"name":${JSON.stringify(callName(call))},"${argumentKey(callKind)}":""}`;
  const state =
    opaque === undefined ? '' : `,"extra_content":${JSON.stringify(encodeCallState(opaque, native))}`;
  return callDelta(position, `"id":${JSON.stringify(id)},"type":"${callKind}","${callKind}":${body}${state}`);
}

/** The delta that brings more of a call's arguments. */
export const callArguments = (position: number, callKind: CallHead['callKind'], text: string): string =>
  callDelta(position, `"${callKind}":{"${argumentKey(callKind)}":${JSON.stringify(text)}}`);

const callDelta = (position: number, members: string): string =>
  `{"tool_calls":[{"index":${position},${members}}]}`;

const argumentKey = (callKind: CallHead['callKind']): string =>
  callKind === 'custom' ? 'input' : 'arguments';
