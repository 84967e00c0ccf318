import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { ANSWERED, UNTOUCHED, startAccountGateway } from '../support/account-gateway.ts';
import type { Fate } from '../support/account-gateway.ts';
import { MODELS } from '../support/gateway.ts';
import { freePort } from '../support/loopback.ts';
import { openPost } from '../support/open-client.ts';
import { askPair, inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import type { Pair } from '../support/pairs.ts';

const [, , CHAT_GEMINI, RESPONSES_CLAUDE, , , , MESSAGES_GLM] = TRANSLATED;
/** Every client and every upstream, on both lanes. */
const PAIRS = inBothForms([...RELAYED, CHAT_GEMINI, RESPONSES_CLAUDE, MESSAGES_GLM]);

type Answer = Pick<Extract<ScriptedAnswer, { readonly body: unknown }>, 'status' | 'headers' | 'body'>;

/** In the words of Factory. */
const factory = (status: number, detail: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ detail, status, title: 'Failure' }),
});

/** What the client is told: OpenAI's and Anthropic's status and `type`. */
interface Told {
  readonly openai: readonly [status: number, type: string];
  readonly anthropic: readonly [status: number, type: string];
  readonly retryAfter?: string;
  readonly shouldRetry?: string;
}

const told = (status: number, openai: string, anthropic = openai, more: Partial<Told> = {}): Told => ({
  openai: [status, openai],
  anthropic: [status, anthropic],
  ...more,
});
const BAD_REQUEST = told(400, 'invalid_request_error', 'invalid_request_error', { shouldRetry: 'false' });
const OVERLOADED: Told = { openai: [503, 'server_error'], anthropic: [529, 'overloaded_error'] };

interface Row {
  readonly when: string;
  /** What the first account hears; POOL stands for the allowance that the model draws on. */
  readonly says: Answer;
  /** Undefined when another account answers well. */
  readonly told?: Told;
  /** What becomes of the first account, over one request that left it as it was. */
  readonly fate: Partial<Fate>;
}

const WELL: Partial<Fate> = {};
const WEAKER = { health: 80 };
const parked = (...reasons: readonly string[]): Partial<Fate> => ({ parked: reasons });

// prettier-ignore
const ROWS: readonly Row[] = [
  { when: '400', says: factory(400, 'bad'), told: BAD_REQUEST, fate: WELL },
  { when: '403', says: factory(403, 'no'), told: told(403, 'permission_error'), fate: WELL },
  { when: '404', says: factory(404, 'none'), told: told(404, 'invalid_request_error', 'not_found_error'), fate: WELL },
  { when: '413', says: factory(413, 'big'), told: told(413, 'invalid_request_error', 'request_too_large'), fate: WELL },
  { when: '422', says: factory(422, 'odd'), told: { ...BAD_REQUEST, openai: [422, 'invalid_request_error'], anthropic: [422, 'invalid_request_error'] }, fate: WELL },
  { when: '402 that names pool and reset', says: factory(402, 'You have reached your 5-hour limit for the POOL pool. It resets in 1h 51min.'), fate: parked('quota of POOL for 6750 s') },
  { when: '402 that names a reset', says: factory(402, 'Your limit is reached. It resets in 6 days.'), fate: parked('quota of account for 518490 s') },
  { when: '402 without a reset', says: factory(402, 'No active subscription found.'), fate: parked('quota of account') },
  { when: '429 with Retry-After', says: factory(429, 'slow', { 'retry-after': '7' }), fate: parked('throttle of account for 7 s') },
  { when: '429 without', says: factory(429, 'slow'), fate: parked('throttle of account for 60 s') },
  { when: '500', says: factory(500, 'oops'), told: told(500, 'server_error', 'api_error'), fate: WEAKER },
  { when: '502', says: factory(502, 'oops'), told: told(502, 'server_error', 'api_error'), fate: WEAKER },
  { when: '503', says: factory(503, 'busy'), told: OVERLOADED, fate: WEAKER },
  { when: '529', says: factory(529, 'busy'), told: OVERLOADED, fate: WEAKER },
];

const poolOf = ({ model }: Pair): string => (model === 'glm' ? 'core' : 'standard');

/** Answers and fates as they are for the model of this pair. */
const forPair = <T>(pair: Pair, value: T): T =>
  JSON.parse(JSON.stringify(value).replaceAll('POOL', poolOf(pair))) as T;

/** What ends a good answer, streamed or not. */
const endOf = ({ ends, stream }: Pair & { readonly stream: boolean }): RegExp => (stream ? ends : /\}\s*$/);

/** After one failed request, whatever its kind. */
const failed = (fate: Partial<Fate>): unknown => ({
  ...ANSWERED,
  ...fate,
  failures: expect.toSatisfy(
    (counts: object) => Object.values(counts).join() === '1',
    'one failure',
  ) as unknown,
});

const toldOf = (pair: Pair, { openai, anthropic }: Told): readonly [number, string] =>
  pair.path === '/v1/messages' ? anthropic : openai;

const typeIn = (text: string): string => (JSON.parse(text) as { error: { type: string } }).error.type;

describe.each(PAIRS)('$path for $model, stream: $stream, when an account is told', (pair) => {
  const refusals = ROWS.filter((row) => row.told !== undefined);
  it.each(refusals)('$when: the client is told so, and no other account is asked', async (row) => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(forPair(pair, row.says));
    const { status, headers, text } = await askPair(gateway, pair);
    const expected = row.told ?? BAD_REQUEST;
    expect([status, typeIn(text)]).toEqual(toldOf(pair, expected));
    expect([headers['retry-after'], headers['x-should-retry']]).toEqual([
      expected.retryAfter,
      expected.shouldRetry,
    ]);
    expect(gateway.payers()).toEqual(['a']);
    expect(await gateway.fates()).toEqual([failed(row.fate), UNTOUCHED, UNTOUCHED]);
  });

  const hops = ROWS.filter((row) => row.told === undefined);
  it.each(hops)('$when: it is parked, and the next account answers', async (row) => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(forPair(pair, row.says));
    const { status, text, complete } = await askPair(gateway, pair);
    expect([status, complete]).toEqual([200, true]);
    expect(text).toContain('Grüß');
    expect(text).toMatch(endOf(pair));
    expect(gateway.payers()).toEqual(['a', 'b']);
    const [first, second] = gateway.sandbox.requests;
    expect(second?.body).toBe(first?.body);
    expect(await gateway.fates()).toEqual([failed(forPair(pair, row.fate)), ANSWERED, UNTOUCHED]);
  });

  it('401: it gets a new token, and answers with that', async () => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(factory(401, 'expired'));
    const { status, text } = await askPair(gateway, pair);
    expect(status).toBe(200);
    expect(text).toContain('Grüß');
    expect(gateway.payers()).toEqual(['a', 'a']);
    expect(gateway.grants()).toBe(1);
    expect(await gateway.fates()).toEqual([ANSWERED, UNTOUCHED, UNTOUCHED]);
  });

  it('nothing, the connection being reset: the client is told 502, and no other is asked', async () => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script({ failure: 'reset-on-connect' });
    const { status } = await askPair(gateway, pair);
    expect(status).toBe(502);
    expect(gateway.payers()).toEqual(['a']);
    expect(await gateway.fates()).toEqual([failed(WEAKER), UNTOUCHED, UNTOUCHED]);
  });

  it('nothing, nobody listening there: the client is told 502, and one account is weaker', async () => {
    const base_url = `http://127.0.0.1:${await freePort()}/x`;
    const endpoint = ['anthropic', 'openai', 'common', 'google'].map((name) => ({ name, base_url }));
    const gateway = await startAccountGateway({ config: { models: MODELS, endpoint } });
    const { status } = await askPair(gateway, pair);
    expect(status).toBe(502);
    expect(await gateway.fates()).toEqual([failed(WEAKER), UNTOUCHED, UNTOUCHED]);
  });

  it('nothing in time: the client is told 504, and no other is asked', async () => {
    const gateway = await startAccountGateway({ config: { timeouts: { first_byte_ms: 5000 } } });
    const { sandbox, clock, url } = gateway;
    sandbox.script({ failure: 'silent' });
    const client = openPost(url + pair.path, questionOf(pair, pair.stream));
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    clock.advance(5000);
    expect((await client.head).statusCode).toBe(504);
    await client.over;
    expect(gateway.payers()).toEqual(['a']);
    expect(await gateway.fates()).toEqual([failed(WEAKER), UNTOUCHED, UNTOUCHED]);
  });
});
