import { describe, expect, it } from 'vitest';
import { eventsOf, heardAt, heardText, questionOf, SPEECH, typesOf, wireOf } from './support/speech.ts';
import { dig, readBody, readEvents, startStage } from './support/stage.ts';
import { CHAT_USAGE, chatChunk, chatUsage } from './support/wire-chat.ts';
import { messageItem, responsesEvents } from './support/wire-responses.ts';
import { dataLines, jsonOf, namedEvents, streamOf } from './support/wire.ts';

const asked = [{ role: 'user' as const, content: 'Hello' }];

describe('ordinary text', () => {
  it('C007 is told to Chat by a role chunk, deltas, one finish chunk and [DONE]', async () => {
    const stage = await startStage('anthropic');
    stage.script(SPEECH.anthropic('Grüß ', 'Gott'));
    const answer = await stage.ask('chat', questionOf('chat'));
    expect(answer.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(readEvents(answer).at(-1)?.data).toBe('[DONE]');
    expect(heardAt(answer, 'choices', 0)).toMatchObject([
      { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null },
      { index: 0, delta: { content: 'Grüß ' }, finish_reason: null },
      { index: 0, delta: { content: 'Gott' }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: 'stop' },
    ]);
    expect(new Set(heardAt(answer, 'id')).size).toBe(1);
    expect(new Set(heardAt(answer, 'object'))).toEqual(new Set(['chat.completion.chunk']));
    expect(new Set(heardAt(answer, 'model'))).toEqual(new Set([stage.model]));
  });

  it('C007 is read by the official Chat client', async () => {
    const { script, openai, model } = await startStage('anthropic');
    script(SPEECH.anthropic('Grüß ', 'Gott'));
    const answer = await openai.chat.completions.stream({ model, messages: asked }).finalChatCompletion();
    expect(answer.choices).toMatchObject([
      { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Grüß Gott' } },
    ]);
  });

  it('C008 is told to Messages from message_start to message_stop, without [DONE]', async () => {
    const stage = await startStage('common');
    stage.script(SPEECH.common('Grüß ', 'Gott'));
    const answer = await stage.ask('messages', questionOf('messages'));
    const events = readEvents(answer);
    expect(typesOf(answer)).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(events.map(({ event }) => event)).toEqual(typesOf(answer));
    expect(answer.text).not.toContain('[DONE]');
    expect(heardText('messages', answer)).toBe('Grüß Gott');
  });

  it('C008 is read by the official Messages client', async () => {
    const { script, anthropic, model } = await startStage('common');
    script(SPEECH.common('Grüß ', 'Gott'));
    const answer = await anthropic.messages
      .stream({ model, max_tokens: 100, messages: asked })
      .finalMessage();
    expect(answer).toMatchObject({
      model,
      role: 'assistant',
      content: [{ type: 'text', text: 'Grüß Gott' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 5 },
    });
  });

  it('C009 is told to Responses event by event, numbered from 0, without [DONE]', async () => {
    const stage = await startStage('common');
    stage.script(SPEECH.common('Grüß ', 'Gott'));
    const answer = await stage.ask('responses', questionOf('responses'));
    expect(typesOf(answer)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const events = readEvents(answer);
    expect(events.map(({ event }) => event)).toEqual(typesOf(answer));
    expect(heardAt(answer, 'sequence_number')).toEqual(events.map((_, index) => index));
    expect(new Set(heardAt(answer, 'response', 'id')).size).toBe(1);
    expect(heardAt(answer, 'content_index')).toEqual([0, 0, 0, 0, 0]);
    expect(answer.text).not.toContain('[DONE]');
    expect(eventsOf(answer, 'response.output_text.done')).toMatchObject([{ text: 'Grüß Gott' }]);
    expect(dig(events.at(-1)?.data, 'response', 'output')).toEqual([
      dig(eventsOf(answer, 'response.output_item.done')[0], 'item'),
    ]);
  });

  it('C009 is read by the official Responses client', async () => {
    const { script, openai, model } = await startStage('common');
    script(SPEECH.common('Grüß ', 'Gott'));
    const answer = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
    expect(answer).toMatchObject({ model, status: 'completed', output_text: 'Grüß Gott' });
  });
});

describe('an event that nobody knows yet', () => {
  it('C010 is passed on to a Messages client byte by byte', async () => {
    const stage = await startStage('anthropic');
    const [start = '', ...rest] = wireOf(SPEECH.anthropic('Hello')).split(/(?<=\n\n)/);
    const news = 'event:  mood_swing\nid: 7\ndata: {"type":"mood_swing",\ndata:  "mood" : 1e2}\n\n';
    const wire = start + news + rest.join('');
    stage.script(streamOf(wire));
    expect((await stage.ask('messages', questionOf('messages'))).text).toBe(wire);
  });

  it('C011 is passed on to a Responses client byte by byte', async () => {
    const stage = await startStage('openai');
    const { events, item } = messageItem(0, 'Hello');
    const wire = responsesEvents([{ type: 'response.mood.swing', mood: 1 }, ...events], [item]);
    stage.script(streamOf(wire));
    expect((await stage.ask('responses', questionOf('responses'))).text).toBe(wire);
  });

  it('C012 does not disturb a translated answer', async () => {
    const stage = await startStage('openai');
    const { events, item } = messageItem(0, 'Grüß ', 'Gott');
    const news = { type: 'response.mood.swing', output_index: 0, delta: 'angry' };
    const told = [news, ...events.flatMap((event) => [event, news])];
    stage.script(streamOf(responsesEvents(told, [item])));
    const answer = await stage.ask('chat', questionOf('chat'));
    expect(heardText('chat', answer)).toBe('Grüß Gott');
    expect(heardAt(answer, 'choices', 0, 'finish_reason').at(-1)).toBe('stop');
    expect(answer.text).not.toContain('angry');
  });

  it('C012 does not disturb one though it has a name only', async () => {
    const stage = await startStage('openai');
    const wire = wireOf(SPEECH.openai('Grüß Gott')).replace(
      /(?=event: response\.output_text\.delta)/,
      'event: response.mood.swing\ndata: {}\n\n',
    );
    expect(wire).toContain('mood');
    stage.script(streamOf(wire));
    expect(heardText('chat', await stage.ask('chat', questionOf('chat')))).toBe('Grüß Gott');
  });
});

describe('an upstream that answers in the other form', () => {
  const COMPLETION = {
    id: 'chatcmpl-up',
    object: 'chat.completion',
    created: 1764000000,
    model: 'upstream-model',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Grüß Gott' }, finish_reason: 'stop' }],
    usage: CHAT_USAGE,
  };

  it('C018 by JSON is told as a stream to a Chat client that wants one', async () => {
    const { script, ask } = await startStage('common');
    script(jsonOf(COMPLETION));
    const answer = await ask('chat', questionOf('chat'));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(dig(readEvents(answer)[0]?.data, 'choices', 0, 'delta', 'role')).toBe('assistant');
    expect(heardText('chat', answer)).toBe('Grüß Gott');
    expect(heardAt(answer, 'choices', 0, 'finish_reason').at(-1)).toBe('stop');
    expect(readEvents(answer).at(-1)?.data).toBe('[DONE]');
  });

  it('C018 by JSON is read by the official client as a stream', async () => {
    const { script, openai, model } = await startStage('common');
    script(jsonOf(COMPLETION));
    const answer = await openai.chat.completions.stream({ model, messages: asked }).finalChatCompletion();
    expect(answer.choices).toMatchObject([{ finish_reason: 'stop', message: { content: 'Grüß Gott' } }]);
  });

  it('C018 by JSON is told as a stream to clients of the other dialects too', async () => {
    const { script, ask } = await startStage('common');
    script(jsonOf(COMPLETION), jsonOf(COMPLETION));
    const messages = await ask('messages', questionOf('messages'));
    expect(heardText('messages', messages)).toBe('Grüß Gott');
    expect(typesOf(messages).at(-1)).toBe('message_stop');
    const responses = await ask('responses', questionOf('responses'));
    expect(heardText('responses', responses)).toBe('Grüß Gott');
    expect(typesOf(responses).at(-1)).toBe('response.completed');
  });
});

it('C019 a Messages client that wants JSON gets one body, though the upstream streamed', async () => {
  const { script, ask, sent, model } = await startStage('common');
  script(SPEECH.common('Grüß ', 'Gott'));
  const answer = await ask('messages', questionOf('messages', false));
  expect(sent()).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(readBody(answer)).toMatchObject({
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: 'Grüß Gott' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5 },
  });
});

it('C020 a first chunk that comes twice starts one message', async () => {
  const { script, ask } = await startStage('common');
  const first = chatChunk({ role: 'assistant', content: '' });
  script(
    streamOf(
      dataLines(
        first,
        first,
        chatChunk({ role: 'assistant', content: 'Grüß Gott' }),
        chatChunk({}, 'stop'),
        chatUsage(CHAT_USAGE),
        '[DONE]',
      ),
    ),
  );
  const answer = await ask('messages', questionOf('messages'));
  expect(eventsOf(answer, 'message_start')).toHaveLength(1);
  expect(typesOf(answer)[0]).toBe('message_start');
  expect(eventsOf(answer, 'content_block_start')).toHaveLength(1);
  expect(heardText('messages', answer)).toBe('Grüß Gott');
});

it('C020 a message_start that comes twice starts one answer', async () => {
  const { script, ask } = await startStage('anthropic');
  const wire = wireOf(SPEECH.anthropic('Grüß Gott'));
  const [start = ''] = wire.split(/(?<=\n\n)/);
  script(streamOf(start + namedEvents({ type: 'ping' }) + wire));
  const answer = await ask('responses', questionOf('responses'));
  expect(eventsOf(answer, 'response.created')).toHaveLength(1);
  expect(heardText('responses', answer)).toBe('Grüß Gott');
});
