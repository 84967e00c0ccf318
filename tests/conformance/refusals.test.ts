import { describe, expect, it } from 'vitest';
import { heardAt, heardText, questionOf, typesOf } from './support/speech.ts';
import { dig, readBody, readEvents, startStage } from './support/stage.ts';
import { messageStream, textBlock } from './support/wire-messages.ts';
import { responsesStream } from './support/wire-responses.ts';
import type { ToldItem, WireEvent } from './support/wire-responses.ts';
import { dataLines, jsonOf, streamOf } from './support/wire.ts';

const asked = [{ role: 'user' as const, content: 'Hello' }];

describe('C036 Claude refuses and explains why', () => {
  const details = { stop_details: { type: 'refusal', category: 'cyber', explanation: 'Not this.' } };
  const told = messageStream([textBlock(0, 'I was going to')], 'refusal', details);

  it('is refusal text and the finish content_filter in a Chat stream', async () => {
    const { ask, script } = await startStage('anthropic');
    script(told);
    const answer = await ask('chat', questionOf('chat'));
    expect(heardText('chat', answer)).toBe('I was going to');
    expect(heardAt(answer, 'choices', 0, 'delta', 'refusal').join('')).toBe('Not this.');
    expect(heardAt(answer, 'choices', 0, 'finish_reason').at(-1)).toBe('content_filter');
  });

  it('is refusal text and the finish content_filter in a Chat body', async () => {
    const { ask, script } = await startStage('anthropic');
    script(told);
    expect(dig(readBody(await ask('chat', questionOf('chat', false))), 'choices', 0)).toMatchObject({
      message: { content: 'I was going to', refusal: 'Not this.' },
      finish_reason: 'content_filter',
    });
  });

  it('is only the finish content_filter when it does not explain', async () => {
    const { ask, script } = await startStage('anthropic');
    script(messageStream([], 'refusal'));
    expect(dig(readBody(await ask('chat', questionOf('chat', false))), 'choices', 0)).toMatchObject({
      message: { content: '', refusal: null },
      finish_reason: 'content_filter',
    });
  });

  it('is an incomplete answer for a Responses client', async () => {
    const { ask, script } = await startStage('anthropic');
    script(told);
    expect(readBody(await ask('responses', questionOf('responses', false)))).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    });
  });
});

const PIECES = ['I cannot ', 'do that.'];
const REFUSAL = PIECES.join('');

/** An answer that is a refusal part, whose deltas may be left out. */
function refusalItem(): ToldItem {
  const part = { type: 'refusal', refusal: REFUSAL };
  const item = { id: 'msg_0', type: 'message', role: 'assistant', status: 'completed', content: [part] };
  const at = { item_id: 'msg_0', output_index: 0, content_index: 0 };
  const deltas: readonly WireEvent[] = PIECES.map((delta) => ({
    type: 'response.refusal.delta',
    ...at,
    delta,
  }));
  return {
    item,
    events: [
      { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
      { type: 'response.content_part.added', ...at, part: { ...part, refusal: '' } },
      ...deltas,
      { type: 'response.refusal.done', ...at, refusal: REFUSAL },
      { type: 'response.content_part.done', ...at, part },
      { type: 'response.output_item.done', output_index: 0, item },
    ],
  };
}

describe('C037 a refusal part for a Messages client', () => {
  it('is a text block and the stop reason refusal in a stream', async () => {
    const { ask, script } = await startStage('openai');
    script(responsesStream([refusalItem()]));
    const answer = await ask('messages', questionOf('messages'));
    expect(heardAt(answer, 'content_block')).toEqual([{ type: 'text', text: '' }]);
    expect(heardText('messages', answer)).toBe(REFUSAL);
    expect(heardAt(answer, 'delta', 'stop_reason')).toEqual(['refusal']);
  });

  it('is a text block and the stop reason refusal in one body', async () => {
    const { ask, script } = await startStage('openai');
    script(responsesStream([refusalItem()]));
    expect(readBody(await ask('messages', questionOf('messages', false)))).toMatchObject({
      content: [{ type: 'text', text: REFUSAL }],
      stop_reason: 'refusal',
    });
  });
});

describe('C038 a prompt that Gemini blocks', () => {
  const BLOCKED = {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: 'Not this.' },
    usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 },
    modelVersion: 'upstream-model',
  };
  const FORMS = [
    ['a stream', streamOf(dataLines(BLOCKED))],
    ['JSON', jsonOf(BLOCKED)],
    ['a JSON array', { ...jsonOf({}), body: JSON.stringify([BLOCKED]) }],
  ] as const;

  it.each(FORMS)(
    'is an empty answer with the stop reason refusal, as one body (told as %s)',
    async (_form, told) => {
      const { ask, script } = await startStage('google');
      script(told);
      const answer = await ask('messages', questionOf('messages', false));
      expect(answer.status).toBe(200);
      expect(readBody(answer)).toMatchObject({
        content: [],
        stop_reason: 'refusal',
        stop_details: { type: 'refusal' },
        usage: { input_tokens: 10, output_tokens: 0 },
      });
    },
  );

  it.each(FORMS)('is a stream without blocks (told as %s)', async (_form, told) => {
    const { ask, script } = await startStage('google');
    script(told);
    const answer = await ask('messages', questionOf('messages'));
    expect(answer.status).toBe(200);
    expect(typesOf(answer)).toEqual(['message_start', 'ping', 'message_delta', 'message_stop']);
    expect(heardAt(answer, 'delta', 'stop_reason')).toEqual(['refusal']);
  });

  it('is read by the official Messages client', async () => {
    const { anthropic, script, model } = await startStage('google');
    script(FORMS[0][1]);
    const stream = anthropic.messages.stream({ model, max_tokens: 100, messages: asked });
    expect(await stream.finalMessage()).toMatchObject({ content: [], stop_reason: 'refusal' });
  });
});

describe('C040 refusal deltas for a Chat client', () => {
  it('are refusal deltas, with the finish stop', async () => {
    const { ask, script } = await startStage('openai');
    script(responsesStream([refusalItem()]));
    const answer = await ask('chat', questionOf('chat'));
    expect(heardAt(answer, 'choices', 0, 'delta', 'refusal')).toEqual(PIECES);
    expect(heardText('chat', answer)).toBe('');
    expect(heardAt(answer, 'choices', 0, 'finish_reason').at(-1)).toBe('stop');
    expect(readEvents(answer).at(-1)?.data).toBe('[DONE]');
  });

  it('are read by the official Chat client', async () => {
    const { openai, script, model } = await startStage('openai');
    script(responsesStream([refusalItem()]));
    const read = await openai.chat.completions.stream({ model, messages: asked }).finalChatCompletion();
    expect(read.choices).toMatchObject([{ finish_reason: 'stop', message: { refusal: REFUSAL } }]);
  });
});
