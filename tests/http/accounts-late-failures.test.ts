import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { ANSWERED, UNTOUCHED, startAccountGateway } from '../support/account-gateway.ts';
import type { AccountGateway, Fate } from '../support/account-gateway.ts';
import { openPost, settle } from '../support/open-client.ts';
import type { OpenClient } from '../support/open-client.ts';
import { askPair, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';

/** Streams of Messages and of Chat Completions, relayed and translated. */
const [MESSAGES, CHAT] = RELAYED;
const PAIRS = [MESSAGES, TRANSLATED[0], TRANSLATED[3], CHAT, TRANSLATED[7]].map((pair) => ({
  ...pair,
  stream: true,
}));

const SSE = { 'content-type': 'text/event-stream' };

/** The vendors' words, in which a stream tells of a failure. */
const FAILURES = {
  authentication: 'authentication_error',
  billing: 'billing_error',
  'rate-limit': 'rate_limit_error',
  overloaded: 'overloaded_error',
} as const;
type Failure = keyof typeof FAILURES;

const isMessages = (model: string): boolean => model === 'claude';

/** An event that tells of a failure, as the upstream of this model words it. */
function failureEvent(model: string, failure: Failure): string {
  const error = { type: FAILURES[failure], message: 'It resets in 1h 51min.' };
  return isMessages(model)
    ? `event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`
    : `data: ${JSON.stringify({ error })}\n\n`;
}

/** The beginning of a good stream of this model: a start and one word. */
function opening(model: string): readonly string[] {
  if (!isMessages(model)) {
    const chunk = (delta: object): string =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model, choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
    return [chunk({ role: 'assistant', content: '' }), chunk({ content: 'Begun' })];
  }
  return [
    { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', model, content: [] } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Begun' } },
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

const begun = (
  model: string,
  more: readonly string[],
  ending: 'finish' | 'cut' | 'hang' = 'finish',
): ScriptedAnswer => ({ headers: SSE, chunks: [...opening(model), ...more], ending });

const failed = (kind: string, more: Partial<Fate>): Fate => ({
  ...ANSWERED,
  failures: { [kind]: 1 },
  ...more,
});
const WEAKER = { health: 80 };

/** One error event in the client's dialect, and nothing that looks like success. */
function expectBroken(text: string, ends: RegExp): void {
  expect(text).toContain('Begun');
  expect(text.match(/"error":\{/g)).toHaveLength(1);
  expect(text).not.toMatch(ends);
}

describe.each(PAIRS)('a stream that fails after its first byte, $path for $model,', (pair) => {
  const { model } = pair;

  it('because it is cut, weakens the account, and is not asked again', async () => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(begun(model, [], 'cut'));
    const { status, text } = await askPair(gateway, pair);
    expect(status).toBe(200);
    expectBroken(text, pair.ends);
    expect(gateway.payers()).toEqual(['a']);
    expect(await gateway.fates()).toEqual([failed('stream-cut', WEAKER), UNTOUCHED, UNTOUCHED]);
  });

  it('because the upstream falls silent, weakens the account, and is not asked again', async () => {
    const gateway = await startAccountGateway({ config: { timeouts: { idle_ms: 5000 } } });
    const { sandbox, clock, url } = gateway;
    sandbox.script(begun(model, [], 'hang'));
    const client = openPost(url + pair.path, questionOf(pair, true));
    await client.seen((text) => text.includes('Begun'));
    clock.advance(6000);
    await client.over;
    expectBroken(client.text(), pair.ends);
    expect(gateway.payers()).toEqual(['a']);
    expect(await gateway.fates()).toEqual([failed('timeout', WEAKER), UNTOUCHED, UNTOUCHED]);
  });

  // What it says of the account counts, though the request cannot go on with another.
  it.each([
    ['overloaded', WEAKER],
    ['rate-limit', { parked: ['throttle of account for 60 s'] }],
    ['billing', { parked: ['quota of account for 6750 s'] }],
    ['authentication', { parked: ['login of account'] }],
  ] as const)('with %s, is not asked again; the account hears of it', async (failure, fate) => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(begun(model, [failureEvent(model, failure)]));
    const { status, text } = await askPair(gateway, pair);
    expect(status).toBe(200);
    expectBroken(text, pair.ends);
    expect(gateway.payers()).toEqual(['a']);
    expect(await gateway.fates()).toEqual([failed(failure, fate), UNTOUCHED, UNTOUCHED]);
  });
});

describe('a login that is refused in the middle of a translated stream', () => {
  it('does not send the client to a login screen', async () => {
    const gateway = await startAccountGateway();
    const pair = { ...TRANSLATED[7], stream: true };
    gateway.sandbox.script(begun(pair.model, [failureEvent(pair.model, 'authentication')]));
    const { text } = await askPair(gateway, pair);
    expect(text).toContain('"type":"api_error"');
    expect(text).not.toContain('authentication_error');
  });
});

describe.each(PAIRS)('a good status whose stream opens with an error, $path for $model,', (pair) => {
  const first = (failure: Failure): ScriptedAnswer => ({
    headers: SSE,
    chunks: [failureEvent(pair.model, failure)],
  });

  it.each([
    ['rate-limit', 'throttle of account for 60 s'],
    ['billing', 'quota of account for 6750 s'],
  ] as const)('%s: the next account answers', async (failure, parking) => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(first(failure));
    const { status, text } = await askPair(gateway, pair);
    expect(status).toBe(200);
    expect(text).toContain('Grüß');
    expect(text).toMatch(pair.ends);
    expect(gateway.payers()).toEqual(['a', 'b']);
    expect(await gateway.fates()).toEqual([failed(failure, { parked: [parking] }), ANSWERED, UNTOUCHED]);
  });

  it('authentication: the account gets a new token, and answers with that', async () => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(first('authentication'));
    const { status, text } = await askPair(gateway, pair);
    expect(status).toBe(200);
    expect(text).toMatch(pair.ends);
    expect(gateway.payers()).toEqual(['a', 'a']);
    expect(gateway.grants()).toBe(1);
    expect(await gateway.fates()).toEqual([ANSWERED, UNTOUCHED, UNTOUCHED]);
  });

  it('overloaded: the client is told so, and no other account is asked', async () => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(first('overloaded'));
    const { status } = await askPair(gateway, pair);
    expect(status).toBe(pair.path === '/v1/messages' ? 529 : 503);
    expect(gateway.payers()).toEqual(['a']);
    expect(await gateway.fates()).toEqual([failed('overloaded', WEAKER), UNTOUCHED, UNTOUCHED]);
  });

  it('billing, once the client has heard a heartbeat: it is told, and no other account is asked', async () => {
    const { gateway, client, speak } = await waitWithHeartbeat(pair);
    speak(200, SSE, failureEvent(pair.model, 'billing'));
    await client.over;
    expect(client.text().match(/"error":\{/g)).toHaveLength(1);
    expect(client.text()).toContain('It resets in 1h 51min.');
    expect(client.text()).not.toMatch(pair.ends);
    expect(gateway.payers()).toEqual(['a']);
    expect((await gateway.fates())[0]).toMatchObject({ parked: ['quota of account for 6750 s'] });
  });
});

describe.each(PAIRS)('a refusal after a heartbeat, $path for $model,', (pair) => {
  it('still moves the request: nothing of an answer has gone to the client', async () => {
    const { gateway, client, speak } = await waitWithHeartbeat(pair);
    speak(402, { 'content-type': 'application/json' }, '{"detail":"It resets in 1h 51min."}');
    await client.over;
    expect(client.text()).toContain('Grüß');
    expect(client.text()).toMatch(pair.ends);
    expect(gateway.payers()).toEqual(['a', 'b']);
  });
});

interface Waiting {
  readonly gateway: AccountGateway;
  readonly client: OpenClient;
  /** Has the upstream answer the first request at last. */
  readonly speak: (status: number, headers: Readonly<Record<string, string>>, body: string) => void;
}

/** A client that has heard a heartbeat, while its upstream is still silent. */
async function waitWithHeartbeat(pair: (typeof PAIRS)[number]): Promise<Waiting> {
  const gateway = await startAccountGateway();
  const { sandbox, clock, url } = gateway;
  let speak: Waiting['speak'] = () => undefined;
  sandbox.script({
    handler: (_request, response) => {
      speak = (status, headers, body) => response.writeHead(status, headers).end(body);
    },
  });
  const client = openPost(url + pair.path, questionOf(pair, true));
  await sandbox.waitFor(() => sandbox.requests.length === 1);
  clock.advance(15_000);
  await client.seen((text) => text.includes('ping'));
  await settle();
  return { gateway, client, speak: (...said) => speak(...said) };
}
