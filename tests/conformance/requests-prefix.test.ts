import { describe, expect, it } from 'vitest';
import { post } from '../support/gateway.ts';
import { dig, PATH, startStage } from './support/stage.ts';
import { messageItem, responsesStream } from './support/wire-responses.ts';

const PREFIX = 'You are Droid.';
const config = { system_prompt: PREFIX };
const HI = [{ role: 'user', content: 'Hi' }];

describe('the operator’s prefix in front of Messages on both sides', () => {
  it('C120 makes two text blocks of a string', async () => {
    const { ask, sent } = await startStage('anthropic', { config });
    expect((await ask('messages', { system: 'Be kind.', messages: HI })).status).toBe(200);
    expect(dig(sent(), 'system')).toEqual([
      { type: 'text', text: PREFIX },
      { type: 'text', text: 'Be kind.' },
    ]);
  });

  it('C120 stands in front of four cached blocks, which stay to the byte, and marks nothing itself', async () => {
    const { gateway, sent, model } = await startStage('anthropic', { config });
    const block = (text: string): string =>
      `{ "type" : "text","text":"${text}",  "cache_control":{"ttl":"1h" ,"type":"ephemeral"} }`;
    const blocks = ['\\u00fcber', 'two', 'three', '1.0'].map(block).join(' ,\n');
    const body = `{"model":"${model}","max_tokens":100,"system":[${blocks}],"messages":${JSON.stringify(HI)}}`;
    expect((await post(gateway.url + PATH.messages, body)).status).toBe(200);
    expect(gateway.sandbox.requests.at(-1)?.body).toContain(blocks);
    expect(dig(sent(), 'system', 0)).toEqual({ type: 'text', text: PREFIX });
    expect(dig(sent(), 'system')).toHaveLength(5);
  });

  it('C120 is the whole system text where the client has none', async () => {
    const { ask, sent } = await startStage('anthropic', { config });
    expect((await ask('messages', { messages: HI })).status).toBe(200);
    expect(dig(sent(), 'system')).toBe(PREFIX);
  });
});

describe('the operator’s prefix in front of Responses on both sides', () => {
  it.each([
    ['the client’s own instructions', { instructions: 'Be kind.' }, `${PREFIX}\n\nBe kind.`],
    ['nothing', {}, PREFIX],
  ])('C121 stands in front of %s, also when the request goes on from another', async (_own, own, told) => {
    const { ask, sent, script } = await startStage('openai', { config });
    script(responsesStream([messageItem(0, 'Hello.')]));
    const body = { ...own, previous_response_id: 'resp_1', input: 'Hi', stream: true };
    expect((await ask('responses', body)).status).toBe(200);
    expect(sent()).toMatchObject({ instructions: told, previous_response_id: 'resp_1', input: 'Hi' });
  });
});
