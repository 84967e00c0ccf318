import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText } from '../support/arbitrary-json.ts';
import { cutAt } from '../support/chunks.ts';
import { post, startGateway } from '../support/gateway.ts';
import type { RawAnswer, TestGateway } from '../support/gateway.ts';
import { questionOf, RELAYED } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';

const RUNS = { numRuns: 25 };
const MiB = 1024 * 1024;

/** Pieces of streams: well formed, of kinds unknown, and broken. */
const piece = fc.constantFrom(
  'event: ping\ndata: {"type":"ping"}\n\n',
  'data: {"type":"x","text":"Zürich 你好 🎉"}\n\n',
  'data: {"type":"y","usage":{"input_tokens":"seven"}}\n\n',
  'data: {"usage":\n\n',
  'event: never seen\r\nid: 7\r\nretry: 10\r\ndata: {}\r\n\r\n',
  'data: one\rdata: two\r\r',
  ': a comment\n\n',
  'data: [DONE]\n\n',
  '\n',
  '\ufeff',
  'data: no end',
);
const streamBytes = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 400 }),
);
const jsonBytes = fc.oneof(
  jsonText.map((text) => Buffer.from(text)),
  fc.constantFrom('', '{"id":"cut off', '{}{}', '\ufeff{}').map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 400 }),
);
const edges = fc.array(fc.nat(), { maxLength: 8 });

interface Served {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly offsets: readonly number[];
}

/** Sends these bytes through the gateway, cut at these places. */
function serve(gateway: TestGateway, pair: (typeof RELAYED)[number], served: Served): Promise<RawAnswer> {
  const { type, bytes, offsets } = served;
  const places = offsets.map((offset) => offset % (bytes.length + 1));
  const chunks = cutAt(bytes, places).filter(({ length }) => length > 0);
  gateway.sandbox.script({ headers: { 'content-type': type }, chunks });
  const stream = type.includes('stream');
  return post(gateway.url + pair.path, JSON.stringify(questionOf(pair, stream)));
}

describe('an answer on the relay lane', () => {
  it.each(RELAYED)('comes as the upstream’s own bytes, as a stream: $path', async (pair) => {
    const gateway = await startGateway();
    await fc.assert(
      fc.asyncProperty(streamBytes, edges, async (bytes, offsets) => {
        const answer = await serve(gateway, pair, { type: 'text/event-stream', bytes, offsets });
        expect(answer).toMatchObject({ status: 200, complete: true });
        expect(answer.bytes).toEqual(Buffer.from(bytes));
      }),
      RUNS,
    );
  });

  it.each(RELAYED)('comes as the upstream’s own bytes, as JSON: $path', async (pair) => {
    const gateway = await startGateway();
    await fc.assert(
      fc.asyncProperty(jsonBytes, edges, async (bytes, offsets) => {
        const answer = await serve(gateway, pair, { type: 'application/json', bytes, offsets });
        expect(answer).toMatchObject({ status: 200, complete: true });
        expect(answer.bytes).toEqual(Buffer.from(bytes));
      }),
      RUNS,
    );
  });

  it.each([
    ['a stream without a single event', 'text/event-stream', 'x'.repeat(3 * MiB)],
    ['one very long event', 'text/event-stream', `data: ${'x'.repeat(3 * MiB)}\n\n`],
    ['a very long JSON body', 'application/json', `{"text":"${'x'.repeat(3 * MiB)}"}`],
  ])('may be large: %s', async (_what, type, text) => {
    const gateway = await startGateway();
    const bytes = Buffer.from(text);
    const answer = await serve(gateway, RELAYED[0], { type, bytes, offsets: [7, 100_000, MiB, 2 * MiB] });
    expect(answer.complete).toBe(true);
    expect(answer.bytes.equals(bytes)).toBe(true);
  });

  it('keeps the announced length of a JSON body and its status', async () => {
    const gateway = await startGateway();
    const body = '{"id": 1.0}';
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
    gateway.sandbox.script({ status: 202, headers, body });
    const answer = await post(`${gateway.url}/v1/responses`, '{"model":"gpt","input":"Hi"}');
    expect(answer).toMatchObject({ status: 202, text: body });
    expect(answer.headers['content-length']).toBe(String(body.length));
  });

  it.each(RELAYED)('is cut for the client where it was cut for the gateway: $path', async (pair) => {
    const { url, sandbox } = await startGateway();
    const head = '{"id":"half';
    sandbox.script({ headers: { 'content-type': 'application/json' }, chunks: [head], ending: 'cut' });
    const answer = await post(url + pair.path, JSON.stringify(questionOf(pair, false)));
    expect(answer).toMatchObject({ status: 200, complete: false, text: head });
  });
});

describe('usage on the relay lane', () => {
  const TOLD: Readonly<Record<string, { readonly events: readonly string[]; readonly whole: string }>> = {
    claude: {
      events: [
        'data: {"type":"message_start","message":{"usage":{"input_tokens":7,"cache_read_input_tokens":3,"output_tokens":1}}}\n\n',
        'data: {"type":"message_delta","delta":{},"usage":{"output_tokens":42}}\n\n',
      ],
      whole: '{"type":"message","usage":{"input_tokens":7,"cache_read_input_tokens":3,"output_tokens":42}}',
    },
    glm: {
      events: [
        'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n',
        'data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":42,"prompt_tokens_details":{"cached_tokens":3}}}\n\n',
      ],
      whole:
        '{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":42,"prompt_tokens_details":{"cached_tokens":3}}}',
    },
    gpt: {
      events: [
        'data: {"type":"response.created","response":{"usage":null}}\n\n',
        'data: {"type":"response.completed","response":{"usage":{"input_tokens":10,"output_tokens":42,"input_tokens_details":{"cached_tokens":3}}}}\n\n',
      ],
      whole:
        '{"output":[],"usage":{"input_tokens":10,"output_tokens":42,"input_tokens_details":{"cached_tokens":3}}}',
    },
  };
  const counted = { inputTokens: 10, outputTokens: 42, cachedTokens: 3, lane: 'relay', status: 200 };
  const FORMS = RELAYED.flatMap((pair) => [
    { pair, type: 'text/event-stream', text: TOLD[pair.model]?.events.join('') ?? '' },
    {
      pair,
      type: 'text/event-stream; no-blank-line=at-the-end',
      text: (TOLD[pair.model]?.events.join('') ?? '').trimEnd(),
    },
    { pair, type: 'application/json', text: TOLD[pair.model]?.whole ?? '' },
  ]);

  it.each(FORMS)('is read on the side: $pair.path, $type', async ({ pair, type, text }) => {
    const gateway = await startGateway();
    const bytes = Buffer.from(text);
    const answer = await serve(gateway, pair, { type, bytes, offsets: [11, 60, 100] });
    expect(answer.text).toBe(text);
    expect(requestLines(gateway.logger)).toEqual([expect.objectContaining(counted)]);
  });

  it('is recorded as far as it was told when the answer is cut', async () => {
    const gateway = await startGateway();
    const chunks = TOLD['claude']?.events.slice(0, 1) ?? [];
    gateway.sandbox.script({ headers: { 'content-type': 'text/event-stream' }, chunks, ending: 'cut' });
    await post(`${gateway.url}/v1/messages`, JSON.stringify(questionOf(RELAYED[0], true)));
    expect(requestLines(gateway.logger)).toEqual([
      expect.objectContaining({ inputTokens: 10, outputTokens: 1, errorKind: 'stream-cut' }),
    ]);
  });
});
