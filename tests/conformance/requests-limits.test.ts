import { describe, expect, it } from 'vitest';
import { joinAt, listAt, notesOf, readBody, readEvents, startStage } from './support/stage.ts';
import { messageItem } from './support/wire-responses.ts';
import { namedEvents } from './support/wire.ts';

const HI = [{ role: 'user', content: 'Hi' }];

describe('how long an answer may be', () => {
  it.each([
    ['claude-opus-4-5-20251101', 64_000],
    ['claude-opus-4-7', 128_000],
    ['claude-3-5-haiku-20241022', 8192],
  ])(
    'C093 is told to %s even if the Chat client left it open: the most that it writes',
    async (model, most) => {
      const { ask, sent } = await startStage('anthropic', { model });
      expect((await ask('chat', { messages: HI })).status).toBe(200);
      expect(sent()).toMatchObject({ max_tokens: most });
    },
  );

  it.each([
    [1, 16, ['max_tokens=raised']],
    [15, 16, ['max_tokens=raised']],
    [16, 16, []],
    [500, 500, []],
  ])('C094 of %i tokens is %i for Responses, which takes no less than 16', async (asked, told, notes) => {
    const { ask, sent } = await startStage('openai');
    const answer = await ask('messages', { max_tokens: asked, messages: HI });
    expect(answer.status).toBe(200);
    expect(sent()).toMatchObject({ max_output_tokens: told });
    expect(sent()).not.toHaveProperty('max_tokens');
    expect(notesOf(answer)).toEqual(notes);
  });

  it.each([
    ['OpenAI', { issuer: 'openai' }, 'max_completion_tokens', 'max_tokens'],
    [
      'a vendor that says so',
      { maxTokensField: 'max_completion_tokens' },
      'max_completion_tokens',
      'max_tokens',
    ],
    ['every other vendor', {}, 'max_tokens', 'max_completion_tokens'],
  ])('C095 is told to %s by the one name it knows', async (_vendor, capabilities, name, other) => {
    const { ask, sent } = await startStage('common', { capabilities });
    expect((await ask('messages', { max_tokens: 300, messages: HI })).status).toBe(200);
    expect(sent()).toHaveProperty(name, 300);
    expect(sent()).not.toHaveProperty(other);
  });
});

describe('a temperature', () => {
  it('C096 above 1 is 1 for a Claude that can be sampled', async () => {
    const { ask, sent } = await startStage('anthropic', { model: 'claude-opus-4-5-20251101' });
    const answer = await ask('chat', { temperature: 1.7, messages: HI });
    expect(answer.status).toBe(200);
    expect(sent()).toHaveProperty('temperature', 1);
    expect(notesOf(answer)).toEqual(['temperature=clamped']);
  });

  it.each(['claude-opus-4-7', 'claude-opus-5', 'claude-something-newer-than-the-table'])(
    'C096 is not sent at all to %s, which refuses it',
    async (model) => {
      const { ask, sent } = await startStage('anthropic', { model });
      const answer = await ask('chat', { temperature: 1.7, messages: HI });
      expect(answer.status).toBe(200);
      expect(sent()).not.toHaveProperty('temperature');
      expect(notesOf(answer)).toEqual(['temperature=dropped']);
    },
  );
});

describe('a stop sequence that Responses has no word for', () => {
  const opened = messageItem(0, '').events.slice(0, 2);
  const delta = (text: string) => ({
    type: 'response.output_text.delta',
    item_id: 'msg_0',
    output_index: 0,
    content_index: 0,
    delta: text,
  });
  const created = {
    type: 'response.created',
    response: { id: 'resp_up', model: 'upstream-model', created_at: 1764000000, output: [] },
  };
  const endless = {
    headers: { 'content-type': 'text/event-stream' },
    chunks: [
      namedEvents(created, ...opened),
      namedEvents(delta('one two E')),
      namedEvents(delta('N')),
      namedEvents(delta('D three')),
    ],
    ending: 'hang',
  } as const;
  const body = { messages: HI, stop_sequences: ['STOP', 'END'] };

  it('C097 ends a stream in front of the match, says which one it was, and lets the upstream go', async () => {
    const { ask, script, sent, gateway } = await startStage('openai');
    script(endless);
    const answer = await ask('messages', { ...body, stream: true });
    const events = readEvents(answer);
    expect(joinAt(events, 'delta', 'text')).toBe('one two ');
    expect(events.at(-2)?.data).toMatchObject({
      type: 'message_delta',
      delta: { stop_reason: 'stop_sequence', stop_sequence: 'END' },
    });
    expect(events.at(-1)?.data).toEqual({ type: 'message_stop' });
    expect(sent()).not.toHaveProperty('stop');
    expect(notesOf(answer)).toEqual(['stop_sequences=emulated']);
    await gateway.sandbox.waitFor(() => gateway.sandbox.open() === 0);
    expect(gateway.sandbox.requests[0]?.closed).toBe(true);
  });

  it('C097 ends a body in front of the match, says which one it was, and lets the upstream go', async () => {
    const { ask, script, gateway } = await startStage('openai');
    script(endless);
    const message = readBody(await ask('messages', body));
    expect(listAt(message, 'content')).toEqual([{ type: 'text', text: 'one two ' }]);
    expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' });
    await gateway.sandbox.waitFor(() => gateway.sandbox.open() === 0);
    expect(gateway.sandbox.requests[0]?.closed).toBe(true);
  });
});
