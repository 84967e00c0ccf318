import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRelayTransform } from '../../src/pipeline/relay-transform.ts';
import { createStreamTap } from '../../src/pipeline/usage-tap.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { bytesOf, chunksOf, cutAt, textOf } from '../support/chunks.ts';

const { upstream } = protocols.byId('anthropic-messages');
const stream = [
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":7,"cache_read_input_tokens":3,"output_tokens":1}}}\n\n',
  'event: ping\ndata: {"type":"ping"}\n\n',
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Zürich 你好 🎉"}}\n\n',
  'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":42}}\n\n',
  'event: message_stop\ndata: {"type":"message_stop"}\n\n',
].join('');

function relay(chunks: readonly Uint8Array[], isStream = true) {
  const tap = createStreamTap(upstream);
  const transform = createRelayTransform(upstream, isStream, tap);
  const pieces = [...chunks.map((chunk) => transform.push(chunk)), transform.end()].filter(
    (piece) => piece !== undefined,
  );
  return {
    text: textOf(...pieces.map((piece) => Buffer.from(piece))),
    usage: tap.usage(),
    transform,
    pieces,
  };
}

describe('createRelayTransform', () => {
  it.each([1, 2, 7, 64, 100_000])('hands out exactly the bytes that came in chunks of %i', (size) => {
    const { text, usage } = relay(chunksOf(bytesOf(stream), size));
    expect(text).toBe(stream);
    expect(usage).toMatchObject({ inputTokens: 10, cacheReadTokens: 3, outputTokens: 42 });
  });

  it('changes no byte of anything, whatever it is and wherever it is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300)), (bytes, offsets) => {
        const chunks = cutAt(
          bytes,
          offsets.map((offset) => offset % (bytes.length + 1)),
        );
        const { pieces } = relay(chunks);
        expect(Buffer.concat(pieces.map((piece) => Buffer.from(piece)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('passes a chunk on as the same object once the first event has been seen', () => {
    const tap = createStreamTap(upstream);
    const transform = createRelayTransform(upstream, true, tap);
    const [first, second] = cutAt(bytesOf(stream), [stream.indexOf('event: ping')]);
    expect(transform.push(first as Uint8Array)).toBe(first);
    expect(transform.push(second as Uint8Array)).toBe(second);
  });

  it('holds the beginning back until the first event is whole', () => {
    const tap = createStreamTap(upstream);
    const transform = createRelayTransform(upstream, true, tap);
    const [head, rest] = cutAt(bytesOf(stream), [20]);
    expect(transform.push(head as Uint8Array)).toBeUndefined();
    expect(transform.push(rest as Uint8Array)).toEqual(Buffer.from(stream));
  });

  it('throws an error that is the first event, so that it can become a status', () => {
    const failing =
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n';
    expect(() => relay([bytesOf(failing)])).toThrow(
      expect.objectContaining({ kind: 'overloaded', message: 'busy' }) as Error,
    );
  });

  it('passes JSON on at once', () => {
    expect(relay([bytesOf('{"a"'), bytesOf(':1}')], false).text).toBe('{"a":1}');
  });

  const event = 'data: 1\n\n';
  it.each([
    ['nothing yet', '', true],
    ['half of the first event, which is still held back', 'data: 1', true],
    ['two line feeds', event, true],
    ['CRLF twice', `${event}data: 2\r\n\r\n`, true],
    ['CR twice', `${event}data: 2\r\r`, true],
    ['one line feed', `${event}data: 2\n`, false],
    ['one CRLF', `${event}data: 2\r\n`, false],
    ['the middle of a line', `${event}data: 2`, false],
  ])('knows after %s whether its client stands between two events', (_what, text, expected) => {
    const tap = createStreamTap(upstream);
    const transform = createRelayTransform(upstream, true, tap);
    for (const chunk of chunksOf(bytesOf(text), 1)) transform.push(chunk);
    expect(transform.betweenEvents()).toBe(expected);
  });

  const ENDS = [
    ['anthropic-messages', 'event: message_stop\ndata: {"type":"message_stop"}\n\n'],
    ['anthropic-messages', 'event: error\ndata: {"type":"error","error":{"type":"api_error"}}\n\n'],
    ['openai-chat', 'data: [DONE]\n\n'],
    ['openai-chat', 'data: {"error":{"message":"busy"}}\n\n'],
    ['openai-responses', 'data: {"type":"response.completed","response":{}}\n\n'],
    ['openai-responses', 'event: error\ndata: {"type":"error","message":"busy"}\n\n'],
  ] as const;
  it.each(ENDS.flatMap((end) => [1, 7, 64, 100_000].map((size) => [...end, size] as const)))(
    'lets nothing follow the last event of %s, %j, in chunks of %i',
    (dialect, end, size) => {
      const codec = protocols.byId(dialect).upstream;
      const transform = createRelayTransform(codec, true, createStreamTap(codec));
      for (const chunk of chunksOf(bytesOf(`data: {"n":1}\n\n`), 1)) transform.push(chunk);
      expect(transform.betweenEvents()).toBe(true);
      for (const chunk of chunksOf(bytesOf(end), size)) transform.push(chunk);
      expect(transform.betweenEvents()).toBe(false);
    },
  );

  it('is not fooled by the words of a last event in quoted text', () => {
    const quoted = JSON.stringify({ type: 'content_block_delta', delta: { text: '"type":"message_stop"' } });
    expect(relay([bytesOf(`data: ${quoted}\n\n`)]).transform.betweenEvents()).toBe(true);
  });
});
