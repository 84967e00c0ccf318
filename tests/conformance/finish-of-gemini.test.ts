import { describe, expect, it } from 'vitest';
import { dig, joinAt, readBody, readEvents, startStage } from './support/stage.ts';
import type { RawAnswer } from '../support/gateway.ts';
import { googleChunk, googleStream } from './support/wire-google.ts';
import { dataLines, streamOf } from './support/wire.ts';

const HI = [{ role: 'user', content: 'Hi' }];
const tools = [{ name: 'look', input_schema: { type: 'object', properties: {} } }];
const TEXT = { text: 'Hello.' };
const CALL = { functionCall: { name: 'look', args: { at: 'sea' } } };

const FILTERED = [
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
];
const FAILED = [
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MALFORMED_RESPONSE',
  'NO_IMAGE',
  'IMAGE_OTHER',
  'OTHER',
  'FINISH_REASON_UNSPECIFIED',
];

describe.each([{ stream: true }, { stream: false }])(
  'why an answer of Gemini ended, as Messages says it, streamed: $stream',
  ({ stream }) => {
    /** The members that tell why. */
    const end = (answer: RawAnswer): unknown =>
      stream ? dig(readEvents(answer).at(-2)?.data, 'delta') : readBody(answer);

    it.each([
      ['STOP', 'end_turn'],
      ['MAX_TOKENS', 'max_tokens'],
      ['CONTINUATION', 'max_tokens'], // without the token with which it could be continued
      ['A_WORD_OF_NEXT_YEAR', 'end_turn'],
    ])('C131 %s is %s', async (word, told) => {
      const { ask, script } = await startStage('google');
      script(googleStream([[TEXT]], word));
      const answer = await ask('messages', { stream, messages: HI });
      expect(answer.status).toBe(200);
      expect(end(answer)).toMatchObject({ stop_reason: told, stop_sequence: null });
    });

    it.each([
      ['in the same chunk', [[CALL]]],
      ['after the chunk with the call', [[CALL], []]],
    ])('C131 STOP behind a call is tool_use, also %s', async (_when, chunks) => {
      const { ask, script } = await startStage('google');
      script(googleStream(chunks));
      const answer = await ask('messages', { stream, tools, messages: HI });
      expect(end(answer)).toMatchObject({ stop_reason: 'tool_use' });
    });

    it.each(FILTERED)('C131 %s is a refusal', async (word) => {
      const { ask, script } = await startStage('google');
      script(googleStream([[TEXT]], word, { finishMessage: 'Not this.' }));
      const answer = await ask('messages', { stream, messages: HI });
      expect(answer.status).toBe(200);
      expect(end(answer)).toMatchObject({
        stop_reason: 'refusal',
        stop_details: { type: 'refusal', category: null, explanation: 'Not this.' },
      });
    });

    it('C131 a prompt that was refused is a refusal without a word', async () => {
      const { ask, script } = await startStage('google');
      const blocked = {
        promptFeedback: { blockReason: 'SAFETY' },
        usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
      };
      script(streamOf(dataLines(blocked)));
      const answer = await ask('messages', { stream, messages: HI });
      expect(answer.status).toBe(200);
      expect(end(answer)).toMatchObject({ stop_reason: 'refusal' });
      expect(answer.text).not.toContain('content_block_start');
    });

    it.each([...FAILED, 'A_WORD_OF_NEXT_YEAR'])('C131 %s behind nothing is a failure', async (word) => {
      const { ask, script } = await startStage('google');
      const failed = googleStream([[]], word);
      script(failed, failed);
      const answer = await ask('messages', { stream, messages: HI });
      expect(answer.status).toBe(502);
      expect(readBody(answer)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    });
  },
);

describe('a call that Gemini fumbled before it said anything', () => {
  it.each([true, false])('C131 is asked for once more, streaming: %s', async (stream) => {
    const { ask, script, gateway } = await startStage('google');
    script(googleStream([[]], 'MALFORMED_FUNCTION_CALL'), googleStream([[TEXT]]));
    const answer = await ask('messages', { stream, messages: HI });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"end_turn"');
    expect(gateway.sandbox.requests.map(({ body }) => body)).toEqual([
      gateway.sandbox.requests[0]?.body,
      gateway.sandbox.requests[0]?.body,
    ]);
  });
});

describe('an answer of Gemini that failed when it had begun', () => {
  it.each(FAILED)('C131 %s ends the stream by an error and nothing else', async (word) => {
    const { ask, script } = await startStage('google');
    script(googleStream([[TEXT], []], word));
    const answer = await ask('messages', { stream: true, messages: HI });
    const events = readEvents(answer);
    expect(answer.status).toBe(200);
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { error: { type: 'api_error' } } });
    expect(answer.text).not.toMatch(/message_delta|message_stop/);
  });

  it.each(FAILED)('C131 %s is a status for a client that wants one body', async (word) => {
    const { ask, script } = await startStage('google');
    script(googleStream([[TEXT], []], word));
    const answer = await ask('messages', { messages: HI });
    expect(answer.status).toBe(502);
    expect(readBody(answer)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });
});

describe('an answer that Gemini breaks off to go on when asked again', () => {
  const hop = (text: string, usage: object, token?: string) =>
    streamOf(
      dataLines({
        ...googleChunk(
          [{ text }],
          token === undefined
            ? { finishReason: 'STOP' }
            : { finishReason: 'CONTINUATION', continuationToken: token },
        ),
        usageMetadata: usage,
      }),
    );
  const usage = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };
  const body = { messages: HI, stream: true, stream_options: { include_usage: true }, temperature: 0.5 };

  it('C132 is one stream with all that was used', async () => {
    const { ask, script, gateway, sent } = await startStage('google');
    script(hop('One, ', usage, 'dG9rMQ=='), hop('two, ', usage, 'dG9rMg=='), hop('three.', usage));
    const answer = await ask('chat', body);
    expect(joinAt(readEvents(answer), 'choices', 0, 'delta', 'content')).toBe('One, two, three.');
    const chunks = readEvents(answer).map(({ data }) => data);
    const reasons = chunks.map((chunk) => dig(chunk, 'choices', 0, 'finish_reason')).filter(Boolean);
    expect(reasons).toEqual(['stop']);
    expect(chunks.filter((chunk) => dig(chunk, 'choices', 0, 'delta', 'role') === 'assistant')).toHaveLength(
      1,
    );
    expect(chunks.at(-2)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 30, completion_tokens: 15, total_tokens: 45 },
    });
    expect(chunks.at(-1)).toBe('[DONE]');
    expect(gateway.sandbox.requests).toHaveLength(3);
    expect(sent(0)).not.toHaveProperty('continuationToken');
    expect(sent(1)).toEqual({ ...(sent(0) as object), continuationToken: 'dG9rMQ==' });
    expect(sent(2)).toEqual({ ...(sent(0) as object), continuationToken: 'dG9rMg==' });
  });

  it('C132 is one body', async () => {
    const { ask, script } = await startStage('google');
    script(hop('One, ', usage, 'dG9rMQ=='), hop('two.', usage));
    expect(readBody(await ask('chat', { messages: HI }))).toMatchObject({
      choices: [{ message: { content: 'One, two.' }, finish_reason: 'stop' }],
      usage: { total_tokens: 30 },
    });
  });

  it('C132 counts as cut when it has been asked for five times more', async () => {
    const { ask, script, gateway } = await startStage('google');
    script(...Array.from({ length: 7 }, (_, index) => hop(`${index}`, usage, 'dG9r')));
    const answer = readBody(await ask('chat', { messages: HI }));
    expect(answer).toMatchObject({ choices: [{ message: { content: '012345' }, finish_reason: 'length' }] });
    expect(gateway.sandbox.requests).toHaveLength(6);
  });
});
