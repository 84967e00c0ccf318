import { describe, expect, it } from 'vitest';
import type { RawAnswer } from '../support/gateway.ts';
import { dig, joinAt, listAt, readBody, readEvents, startStage } from './support/stage.ts';
import { messageStream, textBlock, toolUseBlock } from './support/wire-messages.ts';

const HI = [{ role: 'user', content: 'Hi' }];
const tools = [
  { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } },
];

describe.each([{ stream: true }, { stream: false }])(
  'why an answer of Claude ended, as Chat Completions says it, streamed: $stream',
  ({ stream }) => {
    const finish = (answer: RawAnswer): readonly unknown[] =>
      stream
        ? readEvents(answer)
            .map(({ data }) => dig(data, 'choices', 0, 'finish_reason'))
            .filter((reason) => reason !== undefined && reason !== null)
        : [dig(readBody(answer), 'choices', 0, 'finish_reason')];

    it.each([
      ['end_turn', 'stop'],
      ['stop_sequence', 'stop'],
      ['max_tokens', 'length'],
      ['model_context_window_exceeded', 'length'],
      ['refusal', 'content_filter'],
      ['pause_turn', 'length'],
      ['compaction', 'length'],
      ['a_word_of_next_year', 'stop'],
    ])('C128 %s is %s', async (word, told) => {
      const { ask, script } = await startStage('anthropic');
      script(messageStream([textBlock(0, 'Hello.')], word));
      const answer = await ask('chat', { stream, messages: HI });
      expect(answer.status).toBe(200);
      expect(finish(answer)).toEqual([told]);
    });

    it.each([
      ['tool_use', 'tool_calls'],
      ['end_turn', 'tool_calls'],
      ['max_tokens', 'length'],
      ['a_word_of_next_year', 'tool_calls'],
    ])('C128 %s behind a call is %s', async (word, told) => {
      const { ask, script } = await startStage('anthropic');
      script(messageStream([toolUseBlock(0, 'toolu_1', 'look', '{"at":', '"sea"}')], word));
      const answer = await ask('chat', { stream, tools, messages: HI });
      expect(finish(answer)).toEqual([told]);
    });

    it('C128 a refusal is told in the words in which Claude explains it', async () => {
      const { ask, script } = await startStage('anthropic');
      const stop_details = { type: 'refusal', category: 'cyber', explanation: 'I will not.' };
      script(messageStream([textBlock(0, 'Well')], 'refusal', { stop_details }));
      const answer = await ask('chat', { stream, messages: HI });
      const refusal = stream
        ? joinAt(readEvents(answer), 'choices', 0, 'delta', 'refusal')
        : dig(readBody(answer), 'choices', 0, 'message', 'refusal');
      expect(refusal).toBe('I will not.');
      expect(finish(answer)).toEqual(['content_filter']);
    });

    it('C128 a word that nobody knows behind nothing at all is a failure', async () => {
      const { ask, script } = await startStage('anthropic');
      script(messageStream([], 'a_word_of_next_year'));
      const answer = await ask('chat', { stream, messages: HI });
      expect(answer.status).toBe(502);
      expect(readBody(answer)).toMatchObject({ error: { type: 'server_error', code: 'upstream_error' } });
    });
  },
);

describe('an answer of Claude that max_tokens cut', () => {
  const cut = messageStream(
    [textBlock(0, 'Let me'), toolUseBlock(1, 'toolu_1', 'look', '{"at":"se')],
    'max_tokens',
  );
  const itemsThatWereCut = [
    { type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'Let me' }] },
    { type: 'function_call', status: 'incomplete', call_id: 'toolu_1', arguments: '{"at":"se' },
  ];
  const ended = {
    object: 'response',
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    error: null,
  };
  const body = {
    input: 'Hi',
    tools: [
      { type: 'function', name: 'look', parameters: { type: 'object', properties: {} }, strict: false },
    ],
  };

  it('C130 is an incomplete response, and so is the item that was cut', async () => {
    const { ask, script } = await startStage('anthropic');
    script(cut);
    const answer = await ask('responses', body);
    expect(answer.status).toBe(200);
    expect(readBody(answer)).toMatchObject({ ...ended, output: itemsThatWereCut });
  });

  it('C130 ends its stream by response.incomplete, with the items as they were told', async () => {
    const { ask, script } = await startStage('anthropic');
    script(cut);
    const events = readEvents(await ask('responses', { ...body, stream: true })).map(({ data }) => data);
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { ...ended, output: itemsThatWereCut },
    });
    const done = events.filter((event) => dig(event, 'type') === 'response.output_item.done');
    expect(done.map((event) => dig(event, 'item'))).toEqual(listAt(events.at(-1), 'response', 'output'));
    expect(events.map((event) => dig(event, 'type'))).not.toContain('response.completed');
  });

  it.each([{ stream: true }, { stream: false }])(
    'C130 in the middle of a text has an incomplete message, streamed: $stream',
    async ({ stream }) => {
      const { ask, script } = await startStage('anthropic');
      script(messageStream([textBlock(0, 'Hello, I')], 'max_tokens'));
      const answer = await ask('responses', { input: 'Hi', stream });
      const response = stream ? dig(readEvents(answer).at(-1)?.data, 'response') : readBody(answer);
      expect(response).toMatchObject({
        ...ended,
        output: [{ type: 'message', status: 'incomplete', content: [{ text: 'Hello, I' }] }],
      });
    },
  );

  it('C130 is taken by the official SDK', async () => {
    const { script, openai, model } = await startStage('anthropic');
    script(messageStream([textBlock(0, 'Hello, I')], 'max_tokens'));
    const response = await openai.responses.stream({ model, input: 'Hi' }).finalResponse();
    expect(response.status).toBe('incomplete');
    expect(response.incomplete_details).toEqual({ reason: 'max_output_tokens' });
    expect(response.output_text).toBe('Hello, I');
  });
});
