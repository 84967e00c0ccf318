import type { DecodeContext, StreamDecoder } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findJson, findObject, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Emit } from '../../kernel/stream-event.ts';
import { createChunkReader } from './chunk-reader.ts';

/** Turns chunks into events; only `[DONE]`, or the end of the stream after a `finish_reason`, ends it quietly. */
export function createStreamDecoder(context: DecodeContext, emit: Emit): StreamDecoder {
  const reader = createChunkReader(context, emit);
  return {
    push: ({ data }) => {
      const text = data.trim();
      if (reader.done() || text === '') return;
      if (text === '[DONE]') {
        reader.finish('marker');
        return;
      }
      const chunk = findChunk(text);
      if (chunk === undefined) reader.fail(notJson());
      else if (isJsonObject(chunk)) reader.read(chunk);
    },
    end: () => reader.finish('cut'),
    done: reader.done,
  };
}

const notJson = (): GatewayError =>
  new GatewayError('bad-upstream', 'the upstream sent a chunk that is not JSON');

/** Plain parsing is several times faster and exact for text; only arguments sent as objects need every digit. */
function findChunk(text: string): Json | undefined {
  try {
    const chunk = JSON.parse(text) as Json;
    return hasParsedArguments(chunk) ? findJson(text) : chunk;
  } catch {
    return undefined;
  }
}

const hasParsedArguments = (chunk: Json): boolean =>
  listOf(findObject(chunk)?.['choices']).some((choice) => {
    const message = findObject(choice)?.['delta'] ?? findObject(choice)?.['message'];
    const calls = listOf(findObject(message)?.['tool_calls']);
    return calls.some(isParsedCall) || hasObject(findObject(message)?.['function_call']);
  });

const isParsedCall = (call: Json): boolean => hasObject(findObject(call)?.['function']);

const hasObject = (body: Json | undefined): boolean =>
  isJsonObject((findObject(body) satisfies JsonObject | undefined)?.['arguments']);
