import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { readBody, readEvents, startStage } from './support/stage.ts';
import { messageStart, textBlock } from './support/wire-messages.ts';
import type { MessageEvent } from './support/wire-messages.ts';
import { responsesEvents } from './support/wire-responses.ts';
import { jsonOf, namedEvents, streamOf } from './support/wire.ts';

const ASKED = [{ role: 'user', content: 'Hello' }];

describe('a prompt that is too long for a Responses model', () => {
  const code = 'context_length_exceeded';
  const counted =
    "This model's maximum context length is 272000 tokens. However, your messages resulted in 300123 tokens.";
  const uncounted =
    'Your input exceeds the context window of this model. Please adjust your input and try again.';
  const refused = (message: string): ScriptedAnswer =>
    jsonOf({ error: { message, type: 'invalid_request_error', param: 'input', code } }, 400);
  const failed = (message: string): ScriptedAnswer =>
    streamOf(responsesEvents([], [], { status: 'failed', error: { code, message } }));

  const cases = [refused, failed].flatMap((told) =>
    [true, false].flatMap((stream) => [
      {
        how: told.name,
        told: told(counted),
        stream,
        message: 'prompt is too long: 300123 tokens > 272000 maximum',
      },
      { how: told.name, told: told(uncounted), stream, message: `prompt is too long: ${uncounted}` },
    ]),
  );

  it.each(cases)(
    'C142 is a 400 in the words that Claude Code looks for: $how, stream: $stream, $message',
    async ({ told, stream, message }) => {
      const { ask, script } = await startStage('openai');
      script(told);
      const answer = await ask('messages', { messages: ASKED, stream });
      expect(answer.status).toBe(400);
      expect(answer.headers['x-should-retry']).toBe('false');
      expect(readBody(answer)).toEqual({
        type: 'error',
        error: { type: 'invalid_request_error', message },
        request_id: answer.headers['x-request-id'],
      });
    },
  );
});

describe('a prompt that is too long for an Anthropic model', () => {
  const message = 'prompt is too long: 210000 tokens > 200000 maximum';
  const error = { type: 'invalid_request_error', message };
  const event: MessageEvent = { type: 'error', error };
  const toldAs = { message, type: 'invalid_request_error', param: null, code: 'context_length_exceeded' };

  it.each([true, false])('C143 is a 400 with the code that Codex looks for, stream: %s', async (stream) => {
    const { ask, script } = await startStage('anthropic');
    script(jsonOf({ type: 'error', error, request_id: 'req_up' }, 400));
    const answer = await ask('responses', { input: 'Hello', stream });
    expect(answer.status).toBe(400);
    expect(readBody(answer)).toEqual({ error: toldAs });
  });

  it('C143 is the same when it opens a stream', async () => {
    const { ask, script } = await startStage('anthropic');
    script(streamOf(namedEvents(event)));
    const answer = await ask('responses', { input: 'Hello', stream: true });
    expect(answer.status).toBe(400);
    expect(readBody(answer)).toEqual({ error: toldAs });
  });

  it('C143 keeps its code in a response that fails half way', async () => {
    const { ask, script } = await startStage('anthropic');
    script(streamOf(namedEvents(messageStart(), ...textBlock(0, 'Hel').slice(0, 2), event)));
    const answer = await ask('responses', { input: 'Hello', stream: true });
    const last = readEvents(answer).at(-1);
    expect(last?.event).toBe('response.failed');
    expect(last?.data).toMatchObject({ response: { error: { code: 'context_length_exceeded', message } } });
  });
});
