import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/kernel/ids.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';
import { createBodyDecoder } from '../../src/pipeline/body-decoder.ts';
import type { BodyForm } from '../../src/pipeline/body-decoder.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { bytesOf } from '../support/chunks.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';

const MiB = 1024 * 1024;
const WORDS = new Uint8Array(MiB).fill(0x20);
const context = {
  capabilities: {},
  ids: createIds(createRepeatableRandom()),
};

/** A decoder, and what it has said. */
function decoding(form: BodyForm) {
  const events: StreamEvent[] = [];
  const { upstream } = protocols.byId('openai-chat');
  const decoder = createBodyDecoder(form, upstream, context, (event) => events.push(event));
  return { decoder, events };
}

const pushMany = ({ decoder }: ReturnType<typeof decoding>, count: number): void =>
  Array.from({ length: count }).forEach(() => decoder.push(WORDS));

describe('createBodyDecoder', () => {
  it('takes 64 MiB of JSON, and is done with the first byte more', () => {
    const run = decoding('json');
    pushMany(run, 64);
    expect([run.events, run.decoder.done()]).toEqual([[], false]);
    run.decoder.push(bytesOf('{}'));
    expect(run.events).toEqual([
      { type: 'error', error: expect.objectContaining({ kind: 'bad-upstream' }) as unknown },
    ]);
    expect(run.decoder.done()).toBe(true);
  });

  it('says no more of a body that was too large', () => {
    const run = decoding('json');
    pushMany(run, 66);
    run.decoder.end();
    expect(run.events).toHaveLength(1);
  });

  it('ends a stream whose event never ends', () => {
    const run = decoding('sse');
    run.decoder.push(bytesOf('data: '));
    pushMany(run, 18);
    run.decoder.push(bytesOf('\n\ndata: {"choices":[]}\n\n'));
    run.decoder.end();
    expect(run.events).toEqual([
      {
        type: 'error',
        error: expect.objectContaining({
          kind: 'bad-upstream',
          message: expect.stringContaining('16 MiB') as unknown,
        }) as unknown,
      },
    ]);
    expect(run.decoder.done()).toBe(true);
  });

  it.each(['', '{"id":', 'null', '[]', '"text"'])('calls JSON of %j an error', (text) => {
    const { decoder, events } = decoding('json');
    decoder.push(bytesOf(text));
    decoder.end();
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { kind: 'bad-upstream' } });
    expect(decoder.done()).toBe(true);
  });

  it('reads JSON that is cut inside a letter', () => {
    const { decoder, events } = decoding('json');
    const bytes = bytesOf(
      '{"choices":[{"index":0,"message":{"role":"assistant","content":"ü"},"finish_reason":"stop"}]}',
    );
    bytes.forEach((_byte, index) => decoder.push(bytes.subarray(index, index + 1)));
    decoder.end();
    expect(events).toContainEqual({ type: 'block-delta', index: 0, text: 'ü' });
    expect(events.at(-1)?.type).toBe('reply-end');
  });
});
