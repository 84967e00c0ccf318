import { describe, expect, it } from 'vitest';
import { dig, readBody, readEvents, startStage } from './support/stage.ts';
import { responsesStream } from './support/wire-responses.ts';

const HI = [{ role: 'user', content: 'Hi' }];
const nothing = responsesStream([], {
  status: 'incomplete',
  incomplete_details: { reason: 'max_output_tokens' },
});

describe('a response that came to its limit before it had said a word', () => {
  it('C129 is an empty Chat answer that was cut, not a failure', async () => {
    const { ask, script } = await startStage('openai');
    script(nothing);
    const answer = await ask('chat', { messages: HI });
    expect(answer.status).toBe(200);
    expect(readBody(answer)).toMatchObject({
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    });
    expect(dig(readBody(answer), 'choices', 0, 'message')).not.toHaveProperty('tool_calls');
  });

  it('C129 is a Chat stream without a word', async () => {
    const { ask, script } = await startStage('openai');
    script(nothing);
    const body = { messages: HI, stream: true, stream_options: { include_usage: true } };
    const answer = await ask('chat', body);
    expect(answer.status).toBe(200);
    const chunks = readEvents(answer).map(({ data }) => data);
    expect(chunks).toHaveLength(4);
    expect(dig(chunks[0], 'choices', 0, 'delta')).toEqual({ role: 'assistant', content: '' });
    expect(dig(chunks[1], 'choices', 0)).toMatchObject({ delta: {}, finish_reason: 'length' });
    expect(chunks[2]).toMatchObject({ choices: [], usage: { total_tokens: 15 } });
    expect(chunks[3]).toBe('[DONE]');
  });
});
