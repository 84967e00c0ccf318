import { describe, expect, it } from 'vitest';
import { joinAt, readEvents, startStage } from './support/stage.ts';
import { callDelta, chatChunk } from './support/wire-chat.ts';
import { messageItem, responsesEvents } from './support/wire-responses.ts';
import { dataLines, streamOf } from './support/wire.ts';

const HI = [{ role: 'user' as const, content: 'Hi' }];
const start = chatChunk({ role: 'assistant', content: '' });
const half = streamOf(dataLines(start, chatChunk({ content: 'Hello, ' }), chatChunk({ content: 'I am' })));

describe('a Chat stream that closes in the middle', () => {
  it('C133 ends a Messages stream by an error', async () => {
    const { ask, script } = await startStage('common');
    script(half);
    const answer = await ask('messages', { stream: true, messages: HI });
    const events = readEvents(answer);
    expect(joinAt(events, 'delta', 'text')).toBe('Hello, I am');
    expect(events.at(-1)).toMatchObject({
      event: 'error',
      data: { type: 'error', error: { type: 'api_error' } },
    });
    expect(answer.text).not.toMatch(/message_delta|message_stop/);
  });

  it('C133 makes the official SDK throw', async () => {
    const { script, anthropic, model } = await startStage('common');
    script(half);
    const stream = anthropic.messages.stream({ model, max_tokens: 100, messages: HI });
    await expect(stream.finalMessage()).rejects.toThrow(/closed|cut|ended|incomplete/i);
  });

  it('C134 ends a Responses stream by response.failed, with what had arrived', async () => {
    const { ask, script } = await startStage('common');
    script(half);
    const answer = await ask('responses', { stream: true, input: 'Hi' });
    const events = readEvents(answer).map(({ data }) => data);
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'stream_incomplete', message: expect.any(String) as string },
        output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hello, I am' }] }],
      },
    });
    expect(answer.text).not.toMatch(/response\.completed|response\.incomplete|event: error/);
  });

  it.each([
    ['messages', { messages: HI }, { type: 'error', error: { type: 'api_error' } }],
    ['responses', { input: 'Hi' }, { error: { type: 'server_error', code: 'stream_incomplete' } }],
  ] as const)('C133 C134 is a status for a %s client that wants one body', async (client, body, error) => {
    const { ask, script } = await startStage('common');
    script(half);
    const answer = await ask(client, body);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.text)).toMatchObject(error);
  });
});

describe('a Responses stream that closes in the middle', () => {
  const whole = responsesEvents(messageItem(0, 'Hello, I am').events, []);
  const cut = streamOf(whole.slice(0, whole.indexOf('event: response.completed')));

  it('C135 ends a Chat stream by an error chunk, without [DONE]', async () => {
    const { ask, script } = await startStage('openai');
    script(cut);
    const answer = await ask('chat', { stream: true, messages: HI });
    const events = readEvents(answer);
    expect(joinAt(events, 'choices', 0, 'delta', 'content')).toBe('Hello, I am');
    expect(events.at(-1)?.data).toMatchObject({ error: { type: 'server_error', code: 'stream_incomplete' } });
    expect(answer.text).not.toContain('[DONE]');
    expect(answer.text).not.toMatch(/"finish_reason":"/);
  });

  it('C135 makes the official SDK throw', async () => {
    const { script, openai, model } = await startStage('openai');
    script(cut);
    const stream = openai.chat.completions.stream({ model, messages: HI });
    await expect(stream.finalChatCompletion()).rejects.toThrow(/closed|cut|ended|incomplete/i);
  });
});

describe('a Chat stream that is done without saying why', () => {
  const done = streamOf(
    dataLines(
      start,
      chatChunk(callDelta(0, { id: 'call_1', name: 'look', arguments: '{"at":' })),
      chatChunk(callDelta(0, { arguments: '"sea"}' })),
      chatChunk(callDelta(1, { id: 'call_2', name: 'look', arguments: '{"at":"sky"}' })),
      '[DONE]',
    ),
  );
  const tools = [{ name: 'look', input_schema: { type: 'object' as const, properties: {} } }];

  it('C136 with whole calls has ended to have them run', async () => {
    const { ask, script } = await startStage('common');
    script(done);
    const events = readEvents(await ask('messages', { stream: true, tools, messages: HI }));
    expect(events.at(-2)).toMatchObject({
      data: { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    });
    expect(events.at(-1)).toMatchObject({ data: { type: 'message_stop' } });
  });

  it('C136 gives the official SDK its calls', async () => {
    const { script, anthropic, model } = await startStage('common');
    script(done);
    const stream = anthropic.messages.stream({ model, max_tokens: 100, tools, messages: HI });
    const message = await stream.finalMessage();
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([
      { type: 'tool_use', id: 'call_1', name: 'look', input: { at: 'sea' } },
      { type: 'tool_use', id: 'call_2', name: 'look', input: { at: 'sky' } },
    ]);
  });

  it('C136 with a call that was cut has failed', async () => {
    const { ask, script } = await startStage('common');
    const piece = callDelta(0, { id: 'call_1', name: 'look', arguments: '{"at":' });
    script(streamOf(dataLines(start, chatChunk(piece), '[DONE]')));
    const answer = await ask('messages', { stream: true, tools, messages: HI });
    expect(readEvents(answer).at(-1)).toMatchObject({ event: 'error' });
    expect(answer.text).not.toMatch(/message_delta|message_stop/);
  });
});
