import type { DecodeContext } from '../../kernel/codec.ts';
import type { Annotation, OpaqueState } from '../../kernel/conversation.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findJson, findObject, findString, isJsonObject, listOf, writeJson } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import { without } from '../../kernel/without.ts';
import { ownerOf } from './issuer.ts';
import { decodeStop } from './stop-reason.ts';
import type { Delivered } from './stop-reason.ts';

/**
 * Reads content blocks, each by the number that the wire gives it. A block of a whole message is one that starts with
 * all its content and stops at once.
 */
export interface BlockReader {
  readonly start: (key: number, block: JsonObject) => void;
  readonly delta: (key: number, delta: JsonObject) => void;
  readonly stop: (key: number) => void;
  /** Stops what is open and ends the answer by `stop_reason` and its companions. */
  readonly finish: (end: JsonObject) => void;
}

interface OpenBlock {
  readonly delta: (delta: JsonObject) => void;
  readonly stop: () => void;
}

interface Desk {
  readonly writer: ReplyWriter;
  readonly context: DecodeContext;
  /** Arguments of the calls that are done. */
  readonly calls: string[];
}

type Opener = (block: JsonObject, desk: Desk) => OpenBlock;

export function createBlockReader(writer: ReplyWriter, context: DecodeContext): BlockReader {
  const open = new Map<number, OpenBlock>();
  const desk: Desk = { writer, context, calls: [] };
  let started = 0;

  const stop = (key: number): void => {
    open.get(key)?.stop();
    open.delete(key);
  };
  return {
    start: (key, block) => {
      stop(key);
      started++;
      const opener = OPENERS.get(findString(block['type'])) ?? openHosted;
      open.set(key, opener(block, desk));
    },
    delta: (key, delta) => open.get(key)?.delta(delta),
    stop,
    finish: (end) => {
      for (const key of [...open.keys()]) stop(key);
      const reason = decodeStop(end, deliveredBy(desk.calls, started));
      if (reason !== undefined) writer.finish(reason);
      else writer.fail(noAnswer(findString(end['stop_reason'])));
    },
  };
}

const noAnswer = (word = 'none'): GatewayError =>
  new GatewayError('bad-upstream', `the upstream ended without a whole answer (stop reason: ${word})`);

function deliveredBy(calls: readonly string[], started: number): Delivered {
  if (calls.some((args) => findJson(args) === undefined)) return 'broken-calls';
  if (calls.length > 0) return 'calls';
  return started > 0 ? 'text' : 'nothing';
}

const openText: Opener = (block, { writer }) => {
  const index = writer.open({ kind: 'text' });
  const sources: Annotation[] = [];
  let length = 0;
  const add = (text: string): void => {
    length += text.length;
    writer.text(index, text);
  };
  const cite = (citation: Json | undefined): void => {
    const source = findWebSource(citation);
    if (source !== undefined) sources.push(source);
  };
  add(findString(block['text']) ?? '');
  listOf(block['citations']).forEach(cite);
  return {
    delta: (delta) => {
      if (delta['type'] === 'text_delta') add(findString(delta['text']) ?? '');
      else if (delta['type'] === 'citations_delta') cite(delta['citation']);
    },
    stop: () => {
      // Messages tells the source of a block, not of a place in it.
      for (const source of sources) writer.annotate(index, { ...source, start: 0, end: length });
      writer.close(index);
    },
  };
};

/** Web sources only: citations of files and pages mean nothing outside their dialect. */
function findWebSource(value: Json | undefined): Annotation | undefined {
  const citation = findObject(value);
  const url = findString(citation?.['url']);
  if (citation?.['type'] !== 'web_search_result_location' || url === undefined) return undefined;
  const title = findString(citation['title']);
  return { kind: 'url', url, ...(title !== undefined && { title }) };
}

const openThinking: Opener = (block, { writer, context }) => {
  const index = writer.open({ kind: 'reasoning' });
  let signature = findString(block['signature']) ?? '';
  writer.reasoning(index, findString(block['thinking']) ?? '');
  return {
    delta: (delta) => {
      if (delta['type'] === 'thinking_delta') writer.reasoning(index, findString(delta['thinking']) ?? '');
      else if (delta['type'] === 'signature_delta') signature = findString(delta['signature']) ?? signature;
    },
    stop: () => {
      if (signature !== '') writer.opaque(index, stateOf(context, 'signature', signature));
      writer.close(index);
    },
  };
};

const openRedacted: Opener = (block, { writer, context }) => {
  const index = writer.open({ kind: 'reasoning' });
  const data = findString(block['data']) ?? '';
  if (data !== '') writer.opaque(index, stateOf(context, 'redacted', data));
  return { delta: ignore, stop: () => writer.close(index) };
};

function stateOf({ capabilities }: DecodeContext, kind: OpaqueState['kind'], data: string): OpaqueState {
  return { ...ownerOf(capabilities), kind, data };
}

const openToolUse: Opener = (block, { writer, context, calls }) => {
  const name = findString(block['name']);
  if (name === undefined) {
    writer.fail(new GatewayError('bad-upstream', 'the upstream sent a tool call without a name'));
    return { delta: ignore, stop: ignore };
  }
  const id = findString(block['id']) ?? context.ids.call();
  const index = writer.open({ kind: 'tool-call', id, callKind: 'function', name });
  let args = '';
  const add = (text: string): void => {
    args += text;
    writer.text(index, text);
  };
  return {
    delta: (delta) => {
      if (delta['type'] === 'input_json_delta') add(findString(delta['partial_json']) ?? '');
    },
    stop: () => {
      if (args === '') add(writeJson(block['input'] ?? {}));
      calls.push(args);
      writer.close(index);
    },
  };
};

/** Blocks of server-side tools, and whatever comes next year: kept whole, so they are told when they are whole. */
const openHosted: Opener = (block, { writer }) => {
  let input = '';
  let summary: JsonObject = {};
  return {
    delta: (delta) => {
      if (delta['type'] === 'input_json_delta') input += findString(delta['partial_json']) ?? '';
      else if (delta['type'] === 'compaction_delta') summary = without(delta, 'type');
    },
    stop: () => {
      const streamed = findJson(input);
      const raw = { ...block, ...summary, ...(isJsonObject(streamed) && { input: streamed }) };
      writer.close(writer.open({ kind: 'hosted', protocol: 'anthropic-messages', raw }));
    },
  };
};

const ignore = (): void => undefined;

const OPENERS: ReadonlyMap<string | undefined, Opener> = new Map([
  ['text', openText],
  ['thinking', openThinking],
  ['redacted_thinking', openRedacted],
  ['tool_use', openToolUse],
]);
