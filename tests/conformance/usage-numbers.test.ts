import { describe, expect, it } from 'vitest';
import { dig, readBody, readEvents, startStage } from './support/stage.ts';
import type { RawAnswer } from '../support/gateway.ts';
import { chatStream } from './support/wire-chat.ts';
import { googleChunk } from './support/wire-google.ts';
import { messageEnd, messageStart, textBlock } from './support/wire-messages.ts';
import { dataLines, namedEvents, streamOf } from './support/wire.ts';

const HI = [{ role: 'user', content: 'Hi' }];
const STREAMED = [{ stream: true }, { stream: false }];

/** The usage with which an answer ends, whichever form and dialect it has. */
function finalUsage(answer: RawAnswer, stream: boolean): unknown {
  if (!stream) return dig(readBody(answer), 'usage');
  return readEvents(answer)
    .map(({ data }) => dig(data, 'usage') ?? dig(data, 'response', 'usage'))
    .findLast((usage) => typeof usage === 'object' && usage !== null);
}

describe.each(STREAMED)('the tokens of an answer, streamed: $stream', ({ stream }) => {
  it('C122 leave what was cached out of the input of Messages', async () => {
    const { ask, script } = await startStage('common');
    script(
      chatStream([{ content: 'Hello.' }], 'stop', {
        prompt_tokens: 1000,
        prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 100 },
        completion_tokens: 7,
        total_tokens: 1007,
      }),
    );
    const answer = await ask('messages', { stream, messages: HI });
    expect(finalUsage(answer, stream)).toEqual({
      input_tokens: 500,
      cache_read_input_tokens: 400,
      cache_creation_input_tokens: 100,
      output_tokens: 7,
    });
  });

  it('C122 never make the input of Messages less than nothing', async () => {
    const { ask, script } = await startStage('common');
    const usage = { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 400 }, completion_tokens: 7 };
    script(chatStream([{ content: 'Hello.' }], 'stop', usage));
    const answer = await ask('messages', { stream, messages: HI });
    expect(finalUsage(answer, stream)).toMatchObject({ input_tokens: 0, cache_read_input_tokens: 400 });
  });

  it('C123 count what was cached into the prompt of Chat Completions, once', async () => {
    const { ask, script } = await startStage('anthropic');
    const told = {
      input_tokens: 5,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      output_tokens: 1,
    };
    const end = messageEnd('end_turn', {}, { ...told, output_tokens: 30 });
    script(streamOf(namedEvents(messageStart(told), ...textBlock(0, 'Hello.'), ...end)));
    const answer = await ask('chat', { stream, stream_options: { include_usage: true }, messages: HI });
    expect(finalUsage(answer, stream)).toEqual({
      prompt_tokens: 125,
      completion_tokens: 30,
      total_tokens: 155,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 0 },
    });
  });

  it('C124 of Gemini’s thoughts are part of the output', async () => {
    const { ask, script } = await startStage('google');
    script(
      streamOf(
        dataLines({
          ...googleChunk([{ text: 'Hello.' }], { finishReason: 'STOP' }),
          usageMetadata: {
            promptTokenCount: 15,
            candidatesTokenCount: 359,
            thoughtsTokenCount: 661,
            totalTokenCount: 1035,
          },
        }),
      ),
    );
    const answer = await ask('responses', { stream, input: 'Hi' });
    expect(finalUsage(answer, stream)).toEqual({
      input_tokens: 15,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 1020,
      output_tokens_details: { reasoning_tokens: 661 },
      total_tokens: 1035,
    });
  });
});

describe('when usage is told', () => {
  it('C125 all of it stands in message_delta, although the upstream told it behind the end', async () => {
    const { ask, script } = await startStage('common');
    script(chatStream([{ content: 'Hello.' }], 'stop', { prompt_tokens: 11, completion_tokens: 7 }));
    const events = readEvents(await ask('messages', { stream: true, messages: HI }));
    expect(events.map(({ event }) => event).slice(-2)).toEqual(['message_delta', 'message_stop']);
    expect(dig(events.at(-2)?.data, 'usage')).toEqual({
      input_tokens: 11,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
      output_tokens: 7,
    });
  });

  it('C125 the official SDK adds it up to the same', async () => {
    const { script, anthropic, model } = await startStage('common');
    script(chatStream([{ content: 'Hello.' }], 'stop', { prompt_tokens: 11, completion_tokens: 7 }));
    const stream = anthropic.messages.stream({
      model,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect((await stream.finalMessage()).usage).toMatchObject({ input_tokens: 11, output_tokens: 7 });
  });

  it('C126 a Chat stream that was not asked for it holds none', async () => {
    const { ask } = await startStage('anthropic');
    const { text } = await ask('chat', { stream: true, messages: HI });
    expect(text).toMatch(/"finish_reason":"stop"/);
    expect(text).not.toContain('"usage"');
    expect(text).not.toContain('"choices":[]');
  });

  it('C126 a Chat stream that was asked for it holds one chunk of it before [DONE], and null in every other', async () => {
    const { ask } = await startStage('anthropic');
    const body = { stream: true, stream_options: { include_usage: true }, messages: HI };
    const chunks = readEvents(await ask('chat', body)).map(({ data }) => data);
    expect(chunks.at(-1)).toBe('[DONE]');
    expect(chunks.at(-2)).toMatchObject({
      choices: [],
      usage: { total_tokens: expect.any(Number) as number },
    });
    expect(dig(chunks.at(-3), 'choices', 0, 'finish_reason')).toBe('stop');
    const others = chunks.slice(0, -2).map((chunk) => dig(chunk, 'usage'));
    expect(others).toEqual(others.map(() => null));
  });
});
