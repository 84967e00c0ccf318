import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/kernel/codec.ts';
import { createSseDecoder } from '../../src/sse/decode.ts';
import { encodeComment, encodeData, encodeEvent } from '../../src/sse/encode.ts';
import { bytesOf } from '../support/chunks.ts';

function read(text: string): Frame[] {
  const frames: Frame[] = [];
  createSseDecoder((frame) => frames.push(frame)).push(bytesOf(text));
  return frames;
}

describe('the SSE encoder', () => {
  it('writes an event that has data only', () => {
    expect(encodeData('{"a":" 1"}')).toBe('data: {"a":" 1"}\n\n');
  });

  it('writes a named event', () => {
    expect(encodeEvent('ping', '{}')).toBe('event: ping\ndata: {}\n\n');
  });

  it('writes a comment', () => {
    expect(encodeComment('keep-alive')).toBe(': keep-alive\n\n');
  });

  it('writes what the decoder reads', () => {
    const text = encodeData(' [DONE]') + encodeComment('x') + encodeEvent('a', '"\u2028"');
    expect(read(text)).toEqual([
      { event: undefined, data: ' [DONE]' },
      { event: 'a', data: '"\u2028"' },
    ]);
  });
});
