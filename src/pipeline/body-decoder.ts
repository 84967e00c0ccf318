import type { DecodeContext, UpstreamCodec } from '../kernel/codec.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import { parseJson } from '../kernel/json.ts';
import type { Emit } from '../kernel/stream-event.ts';
import { createSseDecoder } from '../sse/decode.ts';

/** The two forms in which an upstream answers. */
export type BodyForm = 'sse' | 'json';

/** Bytes of an answer in, canonical events out. */
export interface BodyDecoder {
  readonly push: (chunk: Uint8Array) => void;
  readonly end: () => void;
  readonly done: () => boolean;
}

const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** Reads an answer of either form; what goes wrong comes out as an `error` event, never as a throw. */
export function createBodyDecoder(
  form: BodyForm,
  codec: UpstreamCodec,
  context: DecodeContext,
  emit: Emit,
): BodyDecoder {
  return form === 'sse' ? decodeSse(codec, context, emit) : decodeJson(codec, context, emit);
}

function decodeSse(codec: UpstreamCodec, context: DecodeContext, emit: Emit): BodyDecoder {
  const decoder = codec.createStreamDecoder(context, emit);
  const sse = createSseDecoder((frame) => decoder.push(frame));
  let failed = false;
  const guarded = (step: () => void): void => {
    if (failed || decoder.done()) return;
    try {
      step();
    } catch (error) {
      if (decoder.done()) return;
      failed = true;
      emit({ type: 'error', error: asGatewayError(error) });
    }
  };
  return {
    push: (chunk) => guarded(() => sse.push(chunk)),
    end: () =>
      guarded(() => {
        sse.end();
        decoder.end();
      }),
    done: () => failed || decoder.done(),
  };
}

function decodeJson(codec: UpstreamCodec, context: DecodeContext, emit: Emit): BodyDecoder {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let over = false;
  return {
    push: (chunk) => {
      size += chunk.byteLength;
      if (over || size <= MAX_JSON_BYTES) {
        chunks.push(chunk);
        return;
      }
      over = true;
      emit({
        type: 'error',
        error: new GatewayError('bad-upstream', 'the upstream answer is larger than 64 MiB'),
      });
    },
    end: () => {
      if (over) return;
      over = true;
      try {
        codec.decodeReply(parseJson(Buffer.concat(chunks).toString('utf8')), context, emit);
      } catch (error) {
        emit({ type: 'error', error: asGatewayError(error) });
      }
    },
    done: () => over,
  };
}

const asGatewayError = (cause: unknown): GatewayError =>
  cause instanceof GatewayError
    ? cause
    : new GatewayError('bad-upstream', 'the upstream sent an answer that cannot be read', { cause });
