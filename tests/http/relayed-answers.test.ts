import { describe, expect, it } from 'vitest';
import type { FailureName } from '../../src/sandbox/failures.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { postJson } from '../support/gateway.ts';
import type { RawAnswer } from '../support/gateway.ts';
import { closeAfterTest } from '../support/loopback.ts';
import { askPair, inBothForms, questionOf, RELAYED, startStillGateway } from '../support/pairs.ts';

type Asked = (typeof RELAYED)[number] & { readonly stream: boolean };

/** What the sandbox says when it is asked without a gateway; equal questions have equal answers. */
async function sentBy(
  { upstream, provider, stream, ...pair }: Asked,
  failure?: FailureName,
): Promise<RawAnswer> {
  const sandbox = await startSandbox({ clock: createFakeClock() });
  closeAfterTest(() => sandbox.close());
  sandbox.script(failure === undefined ? { good: true } : { failure });
  return postJson(sandbox.url + upstream, questionOf(pair, stream), {
    authorization: 'Bearer any',
    'x-api-provider': provider,
    'anthropic-version': '2023-06-01',
  });
}

const KEPT = ['unknown-events', 'crlf', 'byte-by-byte', 'end-without-terminal'] as const;

describe.each(inBothForms(RELAYED))('a relayed answer: $path for $model, stream: $stream', (pair) => {
  it.each(KEPT)('C001 C010 C011 arrives byte for byte: %s', async (failure) => {
    const gateway = await startStillGateway();
    gateway.sandbox.script({ failure });
    const answer = await askPair(gateway, pair);
    const sent = await sentBy(pair, failure);
    expect([answer.status, answer.complete]).toEqual([200, true]);
    expect(answer.text).toBe(sent.text);
    expect(answer.bytes.equals(sent.bytes)).toBe(true);
  });

  it('is unpacked when nobody asked for gzip', async () => {
    const gateway = await startStillGateway();
    gateway.sandbox.script({ failure: 'gzip' });
    const answer = await askPair(gateway, pair);
    expect(answer.text).toBe((await sentBy(pair)).text);
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(Number(answer.headers['content-length'] ?? answer.bytes.length)).toBe(answer.bytes.length);
  });

  it('C135 C137 that is cut is cut for the client too', async () => {
    const gateway = await startStillGateway();
    gateway.sandbox.script({ failure: 'cut-middle' });
    const answer = await askPair(gateway, pair);
    const sent = await sentBy(pair, 'cut-middle');
    expect([answer.status, answer.complete, sent.complete]).toEqual([200, false, false]);
    expect(answer.text).toBe(sent.text);
    expect(answer.text).not.toMatch(pair.ends);
    expect(gateway.logger.lines.at(-1)).toMatchObject({ fields: { errorKind: 'stream-cut' } });
  });

  it('that is cut behind an announced length is not passed off as whole', async () => {
    const gateway = await startStillGateway();
    const good = await sentBy(pair);
    gateway.sandbox.script({
      headers: {
        'content-type': good.headers['content-type'] ?? '',
        'content-length': String(good.bytes.length),
      },
      chunks: [good.bytes.subarray(0, 100), good.bytes.subarray(100, good.bytes.length / 2)],
      ending: 'cut',
    });
    const answer = await askPair(gateway, pair);
    expect([answer.status, answer.complete]).toEqual([200, false]);
    expect(answer.text.startsWith(good.text.slice(0, 100))).toBe(true);
    expect(answer.text).not.toMatch(pair.stream ? pair.ends : /\}\s*$/);
  });
});

describe.each(RELAYED.map((pair) => ({ ...pair, stream: false })))(
  'a relayed body: $path for $model',
  (pair) => {
    it.each(['json-not-json', 'error-event-first'] as const)(
      'arrives as it is, right or wrong: %s',
      async (failure) => {
        const gateway = await startStillGateway();
        gateway.sandbox.script({ failure });
        const answer = await askPair(gateway, pair);
        expect([answer.status, answer.text]).toEqual([200, (await sentBy(pair, failure)).text]);
      },
    );
  },
);

describe.each(RELAYED.map((pair) => ({ ...pair, stream: true })))(
  'a relayed stream: $path for $model',
  (pair) => {
    it('C137 that is cut between two events ends with an error event, and is cut', async () => {
      const gateway = await startStillGateway();
      const good = await sentBy(pair);
      const first = `${good.text.split('\n\n')[0] ?? ''}\n\n`;
      gateway.sandbox.script({
        headers: { 'content-type': 'text/event-stream' },
        chunks: [first, ''],
        ending: 'cut',
      });
      const answer = await askPair(gateway, pair);
      expect([answer.status, answer.complete]).toEqual([200, false]);
      const [kept, ...told] = answer.text.split('\n\n');
      expect(`${kept ?? ''}\n\n`).toBe(first);
      expect(told).toHaveLength(2);
      expect(told[0]).toMatch(/"error":\{/);
      expect(told[0]).toContain('the upstream closed the connection in the middle of the answer');
      expect(told[1]).toBe('');
    });

    it('passes on an error in the middle as the upstream told it', async () => {
      const gateway = await startStillGateway();
      const good = await sentBy(pair);
      const first = `${good.text.split('\n\n')[0] ?? ''}\n\n`;
      const error =
        'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
      gateway.sandbox.script({ headers: { 'content-type': 'text/event-stream' }, chunks: [first, error] });
      const answer = await askPair(gateway, pair);
      expect([answer.status, answer.complete, answer.text]).toEqual([200, true, first + error]);
    });
  },
);
