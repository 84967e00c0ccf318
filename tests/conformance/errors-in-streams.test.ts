import { APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { createGate } from '../support/gate.ts';
import { openPost } from '../support/open-client.ts';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { dig, PATH, readBody, readEvents, startStage } from './support/stage.ts';
import { chatChunk } from './support/wire-chat.ts';
import { messageStart, textBlock } from './support/wire-messages.ts';
import type { MessageEvent } from './support/wire-messages.ts';
import { messageItem, responsesEvents } from './support/wire-responses.ts';
import { dataLines, namedEvents, streamOf } from './support/wire.ts';

const ASKED = [{ role: 'user' as const, content: 'Hello' }];

describe('an Anthropic stream that breaks down', () => {
  const failure: MessageEvent = {
    type: 'error',
    error: { type: 'overloaded_error', message: 'Overloaded' },
  };
  const overloaded = streamOf(namedEvents(messageStart(), ...textBlock(0, 'Hel', 'lo').slice(0, 3), failure));

  it('C137 ends a Chat stream with an error chunk of code overloaded, and nothing behind it', async () => {
    const { ask, script } = await startStage('anthropic');
    script(overloaded);
    const answer = await ask('chat', { messages: ASKED, stream: true });
    expect(answer.status).toBe(200);
    const events = readEvents(answer).map(({ data }) => data);
    expect(events.map((data) => dig(data, 'choices', 0, 'delta', 'content'))).toEqual([
      '',
      'Hel',
      'lo',
      undefined,
    ]);
    expect(events.at(-1)).toEqual({
      error: { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded' },
    });
    expect(answer.text).not.toContain('[DONE]');
    expect(answer.text).not.toMatch(/"finish_reason":"/);
  });

  it('C137 makes the client of OpenAI throw what was said', async () => {
    const { openai, model, script } = await startStage('anthropic');
    script(overloaded);
    const failure: unknown = await openai.chat.completions
      .stream({ model, messages: ASKED })
      .finalChatCompletion()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ code: 'overloaded', type: 'server_error' });
  });
});

describe('a Responses stream that fails', () => {
  const item = messageItem(0, 'Hel', 'lo');
  const failed = streamOf(
    responsesEvents(item.events.slice(0, 4), [], {
      status: 'failed',
      error: { code: 'server_error', message: 'The model broke down.' },
    }),
  );

  it('C138 ends a Messages stream with an error event, never with end_turn', async () => {
    const { ask, script } = await startStage('openai');
    script(failed);
    const answer = await ask('messages', { messages: ASKED, stream: true });
    expect(answer.status).toBe(200);
    const events = readEvents(answer);
    expect(events.filter(({ event }) => event === 'content_block_delta')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({
      event: 'error',
      data: { type: 'error', error: { type: 'api_error', message: 'The model broke down.' } },
    });
    expect(answer.text).not.toMatch(/message_delta|message_stop|end_turn/);
  });

  it('C138 makes the client of Anthropic throw what was said', async () => {
    const { anthropic, model, script } = await startStage('openai');
    script(failed);
    const message = anthropic.messages.stream({ model, max_tokens: 99, messages: ASKED }).finalMessage();
    await expect(message).rejects.toThrow('The model broke down.');
  });
});

describe('a Chat stream that opens with an error', () => {
  const refused = (code: unknown): ScriptedAnswer =>
    streamOf(dataLines({ error: { code, message: 'messages: not today' } }));

  it.each([400, '400'])('C139 is an HTTP 400 in the words of Messages: code %j', async (code) => {
    const { ask, script } = await startStage('common');
    script(refused(code));
    const answer = await ask('messages', { messages: ASKED, stream: true });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(readBody(answer)).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'messages: not today' },
      request_id: answer.headers['x-request-id'],
    });
  });

  it('C139 is an HTTP 400 even when nothing but the code is said', async () => {
    const { ask, script } = await startStage('common');
    script(streamOf(dataLines({ error: { code: 400 } })));
    const answer = await ask('messages', { messages: ASKED, stream: true });
    expect(answer.status).toBe(400);
    expect(readBody(answer)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });

  it('C141 is told inside the stream once a heartbeat has gone out', async () => {
    const { gateway, model, script } = await startStage('common');
    const arrived = createGate();
    const spoken = createGate();
    script({
      handler: async (_request, response) => {
        void arrived.pass();
        await spoken.pass();
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(dataLines({ error: { code: 400, message: 'messages: not today' } }));
      },
    });
    const body = { model, max_tokens: 99, messages: ASKED, stream: true };
    const client = openPost(gateway.url + PATH.messages, body);
    await arrived.reached;
    gateway.clock.advance(15_000);
    await client.seen((text) => text !== '');
    spoken.open();
    expect(await client.over).toBe(true);
    expect((await client.head).statusCode).toBe(200);
    const [beat, ...told] = readEvents({ text: client.text() });
    expect(beat).toEqual({ event: 'ping', data: { type: 'ping' } });
    expect(told).toEqual([
      {
        event: 'error',
        data: expect.objectContaining({
          type: 'error',
          error: { type: 'invalid_request_error', message: 'messages: not today' },
        }) as unknown,
      },
    ]);
  });
});

describe('a Chat chunk with an error and no choices', () => {
  const error = { code: 502, message: 'Provider returned error', metadata: { provider_name: 'X' } };
  const failing = chatChunk({}, null, { choices: [], error });
  const afterText = streamOf(
    dataLines(
      chatChunk({ role: 'assistant', content: '' }),
      chatChunk({ content: 'Hel' }),
      failing,
      '[DONE]',
    ),
  );

  it('C140 fails a Responses stream that has begun, instead of completing it', async () => {
    const { ask, script } = await startStage('common');
    script(afterText);
    const answer = await ask('responses', { input: 'Hello', stream: true });
    expect(answer.status).toBe(200);
    const last = readEvents(answer).at(-1);
    expect(last?.event).toBe('response.failed');
    expect(last?.data).toMatchObject({
      response: { status: 'failed', error: { code: 'upstream_error', message: 'Provider returned error' } },
    });
    expect(answer.text).not.toContain('response.completed');
  });

  it('C140 is told by the client of OpenAI as a failed response', async () => {
    const { openai, model, script } = await startStage('common');
    script(afterText);
    const response = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
    expect(response).toMatchObject({ status: 'failed', error: { message: 'Provider returned error' } });
  });

  it('C140 is an HTTP error where nothing has been said yet', async () => {
    const { ask, script } = await startStage('common');
    script(streamOf(dataLines(failing, '[DONE]')));
    const answer = await ask('responses', { input: 'Hello', stream: true });
    expect(answer.status).toBe(502);
    expect(readBody(answer)).toMatchObject({
      error: { message: 'Provider returned error', type: 'server_error', code: 'upstream_error' },
    });
  });
});
