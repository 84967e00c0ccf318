import { describe, expect, it } from 'vitest';
import {
  RELAYED,
  TRANSLATED,
  TRANSLATED_CHAT,
  askPair,
  inBothForms,
  startStillGateway,
} from '../support/pairs.ts';
import { failedAnswer, failedWith } from '../support/told-error.ts';

const ALL = [...RELAYED, ...TRANSLATED];
const CUT = { openai: 'server_error', anthropic: 'api_error', code: 'stream_incomplete' };
const UNREADABLE = { openai: 'server_error', anthropic: 'api_error', code: 'upstream_error' };
const OVERLOADED = { openai: 'server_error', anthropic: 'overloaded_error', message: 'Overloaded' };

interface Said {
  readonly choices: readonly {
    readonly delta?: { readonly content?: string };
    readonly message?: object;
    readonly finish_reason: string | null;
  }[];
}

/** A chat answer without the way in which its text is cut into chunks. */
function saidIn(text: string): unknown {
  if (text.startsWith('{')) return JSON.parse(text);
  const [end, ...chunks] = text
    .trim()
    .split('\n\n')
    .map((event) => event.replace(/^data: /, ''))
    .reverse();
  const choices = chunks.reverse().flatMap((chunk) => (JSON.parse(chunk) as Said).choices);
  const content = choices.map(({ delta }) => delta?.content ?? '').join('');
  return { content, reasons: choices.map((choice) => choice.finish_reason).filter(Boolean), end };
}

describe.each(inBothForms(ALL))('$path for $model, stream: $stream', (pair) => {
  it('is a 502 when the upstream hangs up after its head', async () => {
    const gateway = await startStillGateway();
    gateway.sandbox.script({ failure: 'cut-before-first' });
    const answer = await askPair(gateway, pair);
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 502, {
        ...CUT,
        message: 'the upstream closed the connection in the middle of the answer',
      }),
    );
  });
});

describe.each(ALL.map((pair) => ({ ...pair, stream: true })))('a stream: $path for $model', (pair) => {
  it('C139 that opens with an error is a status instead', async () => {
    const gateway = await startStillGateway();
    gateway.sandbox.script({ failure: 'error-event-first' });
    const answer = await askPair(gateway, pair);
    const code = pair.model === 'gpt' ? 'server_is_overloaded' : 'overloaded';
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, pair.path === '/v1/messages' ? 529 : 503, { ...OVERLOADED, code }),
    );
  });

  it('is a 502 when JSON comes that ends in a string', async () => {
    const gateway = await startStillGateway();
    gateway.sandbox.script({ failure: 'json-not-json' });
    const answer = await askPair(gateway, pair);
    expect(failedAnswer(answer)).toEqual(failedWith(pair.path, 502, UNREADABLE));
  });

  it('C018 is told from an upstream that answers in JSON', async () => {
    const gateway = await startStillGateway();
    gateway.sandbox.script({ failure: 'json-for-stream' });
    const { status, headers, text, complete } = await askPair(gateway, pair);
    expect([status, complete, headers['content-type']]).toEqual([
      200,
      true,
      'text/event-stream; charset=utf-8',
    ]);
    expect(text).toContain('Grüß Gott 🎉');
    expect(text).toMatch(pair.ends);
  });
});

describe.each(ALL.map((pair) => ({ ...pair, stream: false })))('one body: $path for $model', (pair) => {
  it('C019 is collected from an upstream that streams', async () => {
    const gateway = await startStillGateway();
    gateway.sandbox.script({ failure: 'sse-for-json' });
    const { status, headers, text } = await askPair(gateway, pair);
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.stringify(JSON.parse(text))).toContain('Grüß Gott 🎉');
    expect(Number(headers['content-length'])).toBe(Buffer.byteLength(text));
  });
});

describe.each(TRANSLATED_CHAT.map((pair) => ({ ...pair, stream: true })))(
  'a translated stream for $model',
  (pair) => {
    it.each(['cut-middle', 'end-without-terminal'] as const)(
      'C135 C137 ends with an error and nothing that looks like success: %s',
      async (failure) => {
        const gateway = await startStillGateway();
        gateway.sandbox.script({ failure });
        const { status, text, complete } = await askPair(gateway, pair);
        expect([status, complete]).toEqual([200, true]);
        const events = text.split('\n\n').filter((event) => event.startsWith('data: '));
        expect(JSON.parse(events.at(-1)?.slice(6) ?? '')).toEqual({
          error: {
            message: expect.any(String) as unknown,
            type: 'server_error',
            param: null,
            code: CUT.code,
          },
        });
        expect(text.match(/"error":/g)).toHaveLength(1);
        expect(text).not.toMatch(pair.ends);
        expect(gateway.logger.lines.at(-1)).toMatchObject({ fields: { errorKind: 'stream-cut' } });
      },
    );
  },
);

describe.each(TRANSLATED_CHAT.map((pair) => ({ ...pair, stream: false })))(
  'a translated body for $model',
  (pair) => {
    it.each(['cut-middle', 'end-without-terminal'] as const)(
      'is a 502 and no half answer: %s',
      async (failure) => {
        const gateway = await startStillGateway();
        gateway.sandbox.script({ failure });
        const answer = await askPair(gateway, pair);
        expect(failedAnswer(answer)).toEqual(failedWith(pair.path, 502, CUT));
      },
    );

    it.each(['json-not-json', 'error-event-first'] as const)(
      'is an error, not an empty answer: %s',
      async (failure) => {
        const gateway = await startStillGateway();
        gateway.sandbox.script({ failure });
        const { status, text } = await askPair(gateway, pair);
        expect(status).toBe(failure === 'json-not-json' ? 502 : 503);
        expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error' } });
      },
    );
  },
);

describe.each(inBothForms(TRANSLATED_CHAT))('a translated answer of $model, stream: $stream', (pair) => {
  it.each(['unknown-events', 'crlf', 'byte-by-byte', 'gzip'] as const)(
    'C001 C002 C012 is the same to the letter however it comes: %s',
    async (failure) => {
      const plain = await askPair(await startStillGateway(), pair);
      const gateway = await startStillGateway();
      gateway.sandbox.script({ failure });
      const answer = await askPair(gateway, pair);
      expect([answer.status, answer.complete]).toEqual([200, true]);
      expect(JSON.stringify(saidIn(answer.text))).toContain('Grüß Gott 🎉');
      expect(saidIn(answer.text)).toEqual(saidIn(plain.text));
      expect(answer.headers).not.toHaveProperty('content-encoding');
    },
  );
});
