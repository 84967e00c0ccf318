import type { ScriptedAnswer } from '../../../src/sandbox/serving/script.ts';
import { dataLines, streamOf } from './wire.ts';

const GOOGLE_USAGE = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };

export const googleChunk = (parts: readonly object[], more: object = {}): object => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...more }],
  usageMetadata: GOOGLE_USAGE,
  modelVersion: 'upstream-model',
  responseId: 'resp-up',
});

/** A whole Gemini stream: a chunk for each list of parts, the last one with the finish reason. */
export const googleStream = (
  chunks: readonly (readonly object[])[],
  finishReason = 'STOP',
  more: object = {},
): ScriptedAnswer =>
  streamOf(
    dataLines(
      ...chunks.map((parts, index) =>
        googleChunk(parts, index === chunks.length - 1 ? { finishReason, ...more } : {}),
      ),
    ),
  );
