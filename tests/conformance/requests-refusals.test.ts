import { describe, expect, it } from 'vitest';
import { dig, listAt, readBody, readEvents, startStage } from './support/stage.ts';
import type { Client, Upstream } from './support/stage.ts';

const HI = [{ role: 'user', content: 'Hi' }];
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Asks for what cannot be given: the refusal, and how many requests went upstream all the same. */
async function refusalOf(client: Client, upstream: Upstream, body: object) {
  const { ask, gateway } = await startStage(upstream);
  const answer = await ask(client, body);
  return {
    status: answer.status,
    error: dig(readBody(answer), 'error'),
    sent: gateway.sandbox.requests.length,
  };
}

describe('what a Responses service remembers between requests', () => {
  it.each(['anthropic', 'common', 'google'] as const)(
    'C107 cannot be taken up by another service: previous_response_id, %s',
    async (upstream) => {
      const body = { input: 'Hi', previous_response_id: 'resp_1' };
      expect(await refusalOf('responses', upstream, body)).toMatchObject({
        status: 400,
        error: {
          type: 'invalid_request_error',
          param: 'previous_response_id',
          code: 'unsupported_parameter',
        },
        sent: 0,
      });
    },
  );

  it.each([
    ['background', true],
    ['conversation', 'conv_1'],
    ['conversation', { id: 'conv_1' }],
    ['prompt', { id: 'pmpt_1' }],
  ])('C108 cannot be taken up by another service: %s', async (field, value) => {
    expect(await refusalOf('responses', 'common', { input: 'Hi', [field]: value })).toMatchObject({
      status: 400,
      error: { type: 'invalid_request_error', param: field },
      sent: 0,
    });
  });

  it('C109 is nothing where another service answers: store is false in the answer', async () => {
    const { ask, sent } = await startStage('common');
    const answer = await ask('responses', { input: 'Hi', store: true });
    expect(answer.status).toBe(200);
    expect(readBody(answer)).toMatchObject({ object: 'response', status: 'completed', store: false });
    expect(sent()).not.toHaveProperty('store');
  });

  it('C109 is nothing where another service answers: store is false in every event that tells of it', async () => {
    const { ask } = await startStage('common');
    const answer = await ask('responses', { input: 'Hi', store: true, stream: true });
    const told = readEvents(answer)
      .map(({ data }) => dig(data, 'response', 'store'))
      .filter((store) => store !== undefined);
    expect(told).toEqual([false, false, false]);
  });

  it.each([
    [{}, false],
    [{ store: null }, false],
    [{ store: false }, false],
    [{ store: true }, true],
  ])('C110 is nothing unless the Chat client said so: %j', async (said, store) => {
    const { ask, sent } = await startStage('openai');
    expect((await ask('chat', { messages: HI, ...said })).status).toBe(200);
    expect(sent()).toHaveProperty('store', store);
    expect(listAt(sent(), 'include')).toContain('reasoning.encrypted_content');
  });
});

describe('what no translated answer can hold', () => {
  it('C111 is refused: more than one answer', async () => {
    expect(await refusalOf('chat', 'anthropic', { messages: HI, n: 2 })).toMatchObject({
      status: 400,
      error: { type: 'invalid_request_error', param: 'n' },
      sent: 0,
    });
  });

  it('C111 is not refused where it asks for the one answer there is', async () => {
    const { ask } = await startStage('anthropic');
    expect((await ask('chat', { messages: HI, n: 1 })).status).toBe(200);
  });

  it('C112 is refused: probabilities that Claude does not tell', async () => {
    expect(await refusalOf('chat', 'anthropic', { messages: HI, logprobs: true })).toMatchObject({
      status: 400,
      error: { type: 'invalid_request_error', param: 'logprobs' },
      sent: 0,
    });
  });

  it('C114 is refused: an image that only Anthropic can open, naming its block', async () => {
    const image = { type: 'image', source: { type: 'file', file_id: 'file_1' } };
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, image] }];
    expect(await refusalOf('messages', 'common', { messages })).toMatchObject({
      status: 400,
      error: {
        type: 'invalid_request_error',
        message: expect.stringMatching(/^messages\[0\]\.content\[1\]/) as string,
      },
      sent: 0,
    });
  });

  it('C115 is refused: sound, which Claude cannot hear', async () => {
    const audio = { type: 'input_audio', input_audio: { data: PNG, format: 'wav' } };
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'Listen!' }, audio] }];
    expect(await refusalOf('chat', 'anthropic', { messages })).toMatchObject({
      status: 400,
      error: {
        type: 'invalid_request_error',
        param: expect.stringMatching(/^messages\[0\]\.content\[1\]/) as string,
      },
      sent: 0,
    });
  });
});
