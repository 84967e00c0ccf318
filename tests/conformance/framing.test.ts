import { describe, expect, it } from 'vitest';
import { bytesOf, chunksOf, cutAt } from '../support/chunks.ts';
import { eventsOf, heardText, questionOf, SPEECH, typesOf, wireOf } from './support/speech.ts';
import { readEvents, startStage, TRANSLATED_PAIRS } from './support/stage.ts';
import type { Client, Upstream } from './support/stage.ts';
import { chatChunk, chatUsage, CHAT_USAGE } from './support/wire-chat.ts';
import { streamOf } from './support/wire.ts';

const RELAYED_PAIRS: readonly { readonly client: Client; readonly upstream: Upstream }[] = [
  { client: 'messages', upstream: 'anthropic' },
  { client: 'responses', upstream: 'openai' },
  { client: 'chat', upstream: 'common' },
];

const TEXTS = ['Grüß ', 'Gott, ', 'wie geht’s?'];
const WHOLE = TEXTS.join('');

describe('line ends', () => {
  const CHAT = wireOf(SPEECH.common(...TEXTS));
  const [head = '', ...rest] = CHAT.split(/(?<=\n\n)/);
  const FORMS: readonly (readonly [string, string])[] = [
    ['LF', CHAT],
    ['CRLF', CHAT.replaceAll('\n', '\r\n')],
    ['CR', CHAT.replaceAll('\n', '\r')],
    ['all three', head.replaceAll('\n', '\r\n') + rest.join('').replace('\n\n', '\r\r')],
  ];
  const CASES = FORMS.flatMap(([name, text]) => [1, 2, 7, 64].map((size) => ({ name, text, size })));

  it.each(CASES)('C001 may be $name, however the stream is cut ($size bytes a packet)', async (form) => {
    const stage = await startStage('common');
    stage.script(streamOf(...chunksOf(bytesOf(form.text), form.size)));
    const answer = await stage.ask('messages', questionOf('messages'));
    expect(heardText('messages', answer)).toBe(WHOLE);
    expect(typesOf(answer).at(-1)).toBe('message_stop');
  });

  it('C001 may have CR in one packet and LF in the next', async () => {
    const stage = await startStage('common');
    const wire = CHAT.replaceAll('"choices":[{', '"choices":\ndata: [{'); // no line end ends its event too early
    stage.script(streamOf(...wire.replaceAll('\n', '\r\n').split(/(?<=\r)/)));
    const answer = await stage.ask('messages', questionOf('messages'));
    expect(heardText('messages', answer)).toBe(WHOLE);
    expect(eventsOf(answer, 'content_block_delta')).toHaveLength(TEXTS.length);
  });
});

describe('an emoji of four bytes', () => {
  const cutInside = (upstream: Upstream, offset: number): readonly Uint8Array[] => {
    const bytes = bytesOf(wireOf(SPEECH[upstream]('so ', 'a 🎉 b')));
    return cutAt(bytes, [Buffer.from(bytes).indexOf('🎉') + offset]);
  };
  const at = [1, 2, 3];

  it.each(TRANSLATED_PAIRS.flatMap((pair) => at.map((offset) => ({ ...pair, offset }))))(
    'C002 comes whole though it was cut at byte $offset: $client from $upstream',
    async ({ client, upstream, offset }) => {
      const stage = await startStage(upstream);
      stage.script(streamOf(...cutInside(upstream, offset)));
      const answer = await stage.ask(client, questionOf(client));
      expect(heardText(client, answer)).toBe('so a 🎉 b');
      expect(answer.text).not.toContain('\uFFFD');
    },
  );

  it.each(RELAYED_PAIRS.flatMap((pair) => at.map((offset) => ({ ...pair, offset }))))(
    'C002 is passed on though it was cut at byte $offset: $client from $upstream',
    async ({ client, upstream, offset }) => {
      const stage = await startStage(upstream);
      const pieces = cutInside(upstream, offset);
      stage.script(streamOf(...pieces));
      const answer = await stage.ask(client, questionOf(client));
      expect(answer.bytes.equals(Buffer.concat(pieces))).toBe(true);
    },
  );
});

it.each(['\u2028', '\u2029', '\u0085'])(
  'C003 a raw %j in a delta ends no line: one event, the text intact',
  async (separator) => {
    const stage = await startStage('openai');
    const text = `one${separator}two`;
    const wire = wireOf(SPEECH.openai(text));
    expect(wire).toContain(text);
    stage.script(streamOf(wire));
    const answer = await stage.ask('chat', questionOf('chat'));
    const contents = readEvents(answer).filter(({ data }) => JSON.stringify(data).includes('two'));
    expect(contents).toHaveLength(1);
    expect(heardText('chat', answer)).toBe(text);
  },
);

it('C004 fields without a space, comments and blank lines are read', async () => {
  const stage = await startStage('common');
  const wire = wireOf(SPEECH.common(...TEXTS))
    .replaceAll('data: ', 'data:')
    .replaceAll('\n\n', '\n\n: OPENROUTER PROCESSING\n\n\n\n:\n');
  stage.script(streamOf(': hello\n\n', wire));
  const answer = await stage.ask('messages', questionOf('messages'));
  expect(heardText('messages', answer)).toBe(WHOLE);
  expect(typesOf(answer).at(-1)).toBe('message_stop');
});

it('C004 an event may spread its JSON over several data lines', async () => {
  const stage = await startStage('common');
  const wire = wireOf(SPEECH.common(...TEXTS)).replaceAll('"choices":[{', '"choices":\ndata: [{');
  stage.script(streamOf(wire));
  const answer = await stage.ask('messages', questionOf('messages'));
  expect(heardText('messages', answer)).toBe(WHOLE);
});

it.each(TRANSLATED_PAIRS)(
  'C005 the last event counts though no blank line follows it: $client from $upstream',
  async ({ client, upstream }) => {
    const stage = await startStage(upstream);
    stage.script(streamOf(wireOf(SPEECH[upstream](...TEXTS)).trimEnd()));
    const answer = await stage.ask(client, questionOf(client));
    expect(heardText(client, answer)).toBe(WHOLE);
    expect(['message_stop', 'response.completed', '[DONE]']).toContain(typesOf(answer).at(-1));
  },
);

it('C006 three events in one packet and one in two come in their order', async () => {
  const stage = await startStage('common');
  const delta = (content: string): string => `data: ${JSON.stringify(chatChunk({ content }))}\n\n`;
  const three = [delta('one '), delta('two '), delta('three ')].join('');
  const four = delta('four ');
  const end = [chatChunk({ content: 'five' }, 'stop'), chatUsage(CHAT_USAGE)];
  stage.script(
    streamOf(
      three,
      four.slice(0, 40),
      four.slice(40) + end.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''),
      'data: [DONE]\n\n',
    ),
  );
  const answer = await stage.ask('messages', questionOf('messages'));
  const texts = readEvents(answer).flatMap(({ data }) =>
    JSON.stringify(data).includes('text_delta') ? [data] : [],
  );
  expect(texts).toMatchObject(
    ['one ', 'two ', 'three ', 'four ', 'five'].map((text) => ({ index: 0, delta: { text } })),
  );
});
