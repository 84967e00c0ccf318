import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText, numberText } from '../support/arbitrary-json.ts';
import { exactJson } from '../support/exact-json.ts';
import { MODELS, post, startGateway } from '../support/gateway.ts';
import type { GatewayOptions } from '../support/gateway.ts';
import { RELAYED } from '../support/pairs.ts';

const PREFIX = 'You are Droid.\n\n';
const PREFIXED = { config: { system_prompt: PREFIX } };
const ASIDE = '"messages":[{"role":"user","content":"Hi"}],"max_tokens":9';

/** What the upstream got, with its path, for what a client wrote. */
async function sent(path: string, body: string, options: GatewayOptions = {}) {
  const { url, sandbox } = await startGateway(options);
  sandbox.script({ body: {} });
  await post(url + path, body);
  const [request] = sandbox.requests;
  return { body: request?.body ?? '', path: request?.path, headers: request?.headers ?? {} };
}

describe('a request on the relay lane', () => {
  it.each(RELAYED)('goes upstream as the client’s own bytes: $path', async ({ path, model }) => {
    const { url, sandbox } = await startGateway();
    const member = fc.tuple(fc.constantFrom('metadata', 'x', 'é', '😀', '__proto__', '1'), jsonText);
    const written = fc.array(member, { maxLength: 6 }).chain((members) =>
      fc.nat(members.length).map((place) => {
        const texts = members.map(([key, value]) => `${JSON.stringify(key)} :${value}`);
        return `{ ${texts.toSpliced(place, 0, `"model":"${model}"`).join(' ,\n')}}\n`;
      }),
    );
    await fc.assert(
      fc.asyncProperty(written, async (body) => {
        sandbox.script({ body: {} });
        await post(url + path, body);
        expect(sandbox.requests.at(-1)?.body).toBe(body);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps numbers, escapes, order and doubled keys beside an edit', async () => {
    const { url, sandbox } = await startGateway({
      config: { ...PREFIXED.config, model_redirects: { alias: 'claude' } },
    });
    await fc.assert(
      fc.asyncProperty(numberText, jsonText, async (number, value) => {
        const rest = `"b":${number},"a":9007199254740993,"b":1.50,"t":"\\u00fc\\ud83c\\udf89\\/","v":${value}`;
        sandbox.script({ body: {} });
        await post(`${url}/v1/messages`, `{"model":"alias",${rest},"system":"\\u0041 b"}`);
        const system = `[{"type":"text","text":${JSON.stringify(PREFIX)}},{"type":"text","text":"\\u0041 b"}]`;
        const body = sandbox.requests.at(-1)?.body ?? '';
        expect(body).toBe(`{"model":"claude",${rest},"system":${system}}`);
        expect(exactJson(body)).toEqual(exactJson(`{"model":"claude",${rest},"system":${system}}`));
      }),
      { numRuns: 25 },
    );
  });

  it('takes the last of two models, and sends one', async () => {
    const { body } = await sent('/v1/messages', `{"model":"unknown",${ASIDE},"model":"claude"}`);
    expect(JSON.parse(body)).toMatchObject({ model: 'claude' });
    expect(body).not.toContain('unknown');
  });

  it.each([
    ['an exact name', 'old-claude'],
    ['a pattern', 'claude-3-5-haiku-20241022'],
  ])('has the model that %s redirects to, and nothing else changed', async (_what, id) => {
    const model_redirects = { 'old-claude': 'claude', 'claude-*-haiku-*': 'claude' };
    const { body } = await sent('/v1/messages', `{${ASIDE}, "model" : "${id}" }`, {
      config: { model_redirects },
    });
    expect(body).toBe(`{${ASIDE}, "model" : "claude" }`);
  });
});

const block = (text: string): string =>
  `{"type":"text","text":"${text}","cache_control":{"type":"ephemeral"}}`;
const FOUR = ['a', 'b', 'c', '\\u0064'].map(block).join(', ');
const MESSAGES_BODY = (system: string): string => `{"model":"claude",${ASIDE}${system}}`;
const PREFIX_TEXT = JSON.stringify(PREFIX);
const PREFIX_BLOCK = `{"type":"text","text":${PREFIX_TEXT}}`;

describe('the operator’s system prompt on the relay lane', () => {
  it.each([
    ['absent', '', `,"system":${PREFIX_TEXT}`],
    ['null', ',"system":null', `,"system":${PREFIX_TEXT}`],
    [
      'a string',
      ',"system":"Be \\u0062rief."',
      `,"system":[${PREFIX_BLOCK},{"type":"text","text":"Be \\u0062rief."}]`,
    ],
    ['four cached blocks', `,"system": [ ${FOUR} ]`, `,"system": [${PREFIX_BLOCK}, ${FOUR} ]`],
    ['an empty list', ',"system":[]', `,"system":[${PREFIX_BLOCK}]`],
    ['of a wrong type', ',"system":7', ',"system":7'],
  ])('C120 stands in front of a `system` that is %s', async (_what, given, expected) => {
    const { body } = await sent('/v1/messages', MESSAGES_BODY(given), PREFIXED);
    expect(exactJson(body)).toEqual(exactJson(MESSAGES_BODY(expected)));
    expect(body.startsWith(MESSAGES_BODY('').slice(0, -1))).toBe(true);
    expect(body.match(/cache_control/g)?.length).toBe(given.match(/cache_control/g)?.length);
  });

  it('C120 leaves the client’s cached blocks byte-equal', async () => {
    const { body } = await sent('/v1/messages', MESSAGES_BODY(`,"system": [ ${FOUR} ]`), PREFIXED);
    expect(body).toContain(FOUR);
  });

  it.each([
    ['absent', '', PREFIX],
    ['absent beside previous_response_id', ',"previous_response_id":"resp_1"', PREFIX],
    ['given', ',"instructions":"Be brief."', `${PREFIX}Be brief.`],
    [
      'given beside previous_response_id',
      ',"instructions":"Hi","previous_response_id":"resp_1"',
      `${PREFIX}Hi`,
    ],
    ['null', ',"instructions":null', PREFIX],
    ['empty', ',"instructions":""', PREFIX],
  ])('C121 stands in front of `instructions` that are %s', async (_what, given, instructions) => {
    const { body } = await sent('/v1/responses', `{"model":"gpt","input":"Hi"${given}}`, PREFIXED);
    const before = JSON.parse(`{"model":"gpt","input":"Hi"${given}}`) as object;
    expect(JSON.parse(body)).toEqual({ ...before, instructions });
  });

  const user = { role: 'user', content: 'Hi', n: 1 };
  it.each([
    ['without a system message', [user], [{ role: 'system', content: PREFIX }, user]],
    [
      'with one',
      [{ role: 'system', content: 'Be brief.' }, user],
      [{ role: 'system', content: `${PREFIX}Be brief.` }, user],
    ],
    [
      'with a developer message',
      [{ role: 'developer', content: 'B' }],
      [{ role: 'developer', content: `${PREFIX}B` }],
    ],
    [
      'with parts',
      [{ role: 'system', content: [{ type: 'text', text: 'B' }], name: 's' }, user],
      [{ role: 'system', content: [{ type: 'text', text: `${PREFIX}B` }], name: 's' }, user],
    ],
    [
      'with a later system message',
      [user, { role: 'system', content: 'B' }],
      [{ role: 'system', content: PREFIX }, user, { role: 'system', content: 'B' }],
    ],
  ])('leads a chat %s', async (_what, messages, expected) => {
    const { body } = await sent(
      '/v1/chat/completions',
      JSON.stringify({ model: 'glm', messages, seed: 1 }),
      PREFIXED,
    );
    expect(JSON.parse(body)).toEqual({ model: 'glm', messages: expected, seed: 1 });
  });
});

describe('what stands around a Messages body', () => {
  it.each(['2023-06-01', '2026-10-21'])(
    'C173 is kept: anthropic-version %s, anthropic-beta and ?beta=true',
    async (version) => {
      const { url, sandbox } = await startGateway();
      const betas = 'context-1m-2025-08-07,interleaved-thinking-2025-05-14';
      const headers = { 'anthropic-version': version, 'anthropic-beta': betas };
      await post(`${url}/v1/messages?beta=true&x=%20y`, MESSAGES_BODY(''), headers);
      expect(sandbox.requests[0]?.path).toBe('/api/llm/a/v1/messages?beta=true&x=%20y');
      expect(sandbox.requests[0]?.headers).toMatchObject(headers);
    },
  );
});

describe('/v1/messages/count_tokens', () => {
  const reasoner = { ...MODELS[0], reasoning: 'high', fast: true };
  const config = { ...PREFIXED.config, models: [reasoner], model_redirects: { alias: 'claude' } };

  it('is forwarded with model, system and thinking edited, and nothing else', async () => {
    const { url, sandbox } = await startGateway({ config, sandbox: { countTokens: true } });
    const body = '{"model":"alias","messages":[{"role":"user","content":"Hi"}],"temperature":1}';
    sandbox.script({ body: { input_tokens: 12 } });
    const answer = await post(`${url}/v1/messages/count_tokens?beta=true`, body);
    expect(answer).toMatchObject({ status: 200, text: '{"input_tokens":12}' });
    const [request] = sandbox.requests;
    expect(request?.path).toBe('/api/llm/a/v1/messages/count_tokens?beta=true');
    const { thinking, ...rest } = JSON.parse(request?.body ?? '{}') as Record<string, unknown>;
    expect(rest).toEqual({
      model: 'claude',
      messages: [{ role: 'user', content: 'Hi' }],
      temperature: 1,
      system: PREFIX,
    });
    expect(thinking).toMatchObject({ type: 'enabled' });
  });
});
