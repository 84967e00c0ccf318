import { describe, expect, it } from 'vitest';
import { startStage } from '../conformance/support/stage.ts';
import type { Client, Upstream } from '../conformance/support/stage.ts';
import { IMAGE, namedCalls, SPEAKERS } from './clients.ts';
import type { Say, Spent } from './clients.ts';
import { startNative } from './native.ts';
import { meaningOf } from './normalize.ts';
import { KINDS_OF_QUESTION, MODEL, PAIRS, QUESTIONS } from './scenarios.ts';
import type { Pair } from './scenarios.ts';

type Kind = keyof typeof QUESTIONS;

/** Each client's words for an answer that is complete, one that calls tools and one that was cut. */
const STOPS: Readonly<Record<Client, readonly [end: string, calls: string, cut: string]>> = {
  chat: ['stop', 'tool_calls', 'length'],
  responses: ['completed', 'completed', 'incomplete: max_output_tokens'],
  messages: ['end_turn', 'tool_use', 'max_tokens'],
};

function stopFor(client: Client, kind: Kind): string {
  const [end, calls, cut] = STOPS[client];
  if (kind === 'an answer that is cut') return cut;
  return kind.includes('tool') ? calls : end;
}

/** One question through the gateway and without it. */
async function askBoth({ client, upstream, stream }: Pair, kind: Kind) {
  const model = MODEL[upstream];
  const stage = await startStage(upstream, { model });
  const native = await startNative(upstream, model);
  const say: Say = { ask: QUESTIONS[kind], before: [], stream, carries: true };
  const heard = await SPEAKERS[client](stage, say);
  const own = await native.speak(say);
  return { heard, own, sent: stage.gateway.sandbox.requests.at(-1)?.body ?? '', ownBody: native.sent() };
}

/**
 * What the sandbox counts for a body: four characters are a token, half of the input is read from the cache and an
 * eighth written to it, which Gemini does not tell.
 */
function inputOf(body: string, upstream: Upstream): Pick<Spent, 'input' | 'cacheRead' | 'cacheWrite'> {
  const input = Math.ceil(body.length / 4);
  const cacheWrite = upstream === 'google' ? 0 : Math.floor(input / 8);
  return { input, cacheRead: Math.floor(input / 2), cacheWrite };
}

const CASES = KINDS_OF_QUESTION.flatMap((kind) => PAIRS.map((pair) => ({ ...pair, kind })));

describe.each(CASES)('$kind, from $upstream to $client, streaming: $stream', ({ kind, ...pair }) => {
  const { client, upstream } = pair;

  it('C169 is asked and answered as by the own client of the service', async () => {
    const { heard, own, sent, ownBody } = await askBoth(pair, kind);
    expect(meaningOf(upstream, sent)).toEqual(meaningOf(upstream, ownBody));
    expect(heard.text).toBe(own.text);
    expect(heard.reasoning).toBe(own.reasoning);
    expect(namedCalls(heard)).toEqual(namedCalls(own));
    expect(heard.refusal).toBe('');
    expect(heard.stop).toBe(stopFor(client, kind));
    const { output, reasoning } = own.usage;
    const input = inputOf(sent, upstream);
    expect(heard.usage).toEqual({
      ...input,
      output,
      reasoning,
      ...(client !== 'messages' && { total: input.input + output }),
    });
  });
});

describe('the questions of the matrix', () => {
  it.each(Object.keys(MODEL) as Upstream[])(
    'C169 bring from %s what they are there for',
    async (upstream) => {
      const pair = { client: 'chat', upstream, stream: false } as const;
      const [thought, calls, seen, structured, cut] = await Promise.all([
        askBoth(pair, 'reasoning and text'),
        askBoth(pair, 'two tools at once'),
        askBoth(pair, 'an image'),
        askBoth(pair, 'structured output'),
        askBoth(pair, 'an answer that is cut'),
      ]);
      expect(thought.own.reasoning).not.toBe('');
      expect(thought.own.usage.reasoning).toBeGreaterThan(0);
      expect(calls.own.calls).toHaveLength(2);
      expect(seen.own.text).toContain('I see 1 image');
      expect(seen.sent).toContain(IMAGE);
      expect(JSON.parse(structured.own.text)).toEqual({ city: 'example-1', degrees: 1 });
      expect(cut.own.usage.output).toBe(17);
    },
  );
});
