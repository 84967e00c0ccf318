import type { DecodeContext } from '../../kernel/codec.ts';
import { findObject } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';
import type { Emit } from '../../kernel/stream-event.ts';
import { createChunkReader } from './chunk-reader.ts';

/** Reads a whole answer as the events that its stream would have brought; never throws. */
export function decodeReply(body: Json, context: DecodeContext, emit: Emit): void {
  const reader = createChunkReader(context, emit);
  reader.read(findObject(body) ?? {});
  reader.finish('whole');
}
