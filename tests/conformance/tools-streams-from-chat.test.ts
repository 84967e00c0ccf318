import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/kernel/ids.ts';
import { createBodyDecoder } from '../../src/pipeline/body-decoder.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { bytesOf } from '../support/chunks.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';
import { dig, listAt, readEvents, startStage } from './support/stage.ts';
import type { Client, ReadEvent } from './support/stage.ts';
import {
  blockOrder,
  chatStreamCalls,
  finishReasons,
  lastOf,
  messagesCalls,
  messagesTool,
  responsesTool,
  user,
} from './support/tools.ts';
import { callDelta, CHAT_USAGE, chatChunk, chatStream } from './support/wire-chat.ts';
import { dataLines, streamOf } from './support/wire.ts';

const MESSAGES = {
  stream: true,
  messages: [user('Weather and time, please.')],
  tools: [messagesTool('get_weather'), messagesTool('get_time')],
};
const RESPONSES = {
  stream: true,
  input: 'Weather and time, please.',
  tools: [responsesTool('get_weather'), responsesTool('get_time')],
};
const TWO = [
  { id: 'call_a', name: 'get_weather', args: '{"city":"Paris"}' },
  { id: 'call_b', name: 'get_time', args: '{"city":"Rome"}' },
];
const TWO_ONE_BY_ONE = ['start 0', 'delta 0', 'stop 0', 'start 1', 'delta 1', 'stop 1'];

/** What a client of this body is told of what an upstream of Chat Completions says in these deltas. */
async function told(deltas: readonly object[], client: Client = 'messages'): Promise<readonly ReadEvent[]> {
  const stage = await startStage('common');
  stage.script(chatStream(deltas, 'tool_calls'));
  return readEvents(await stage.ask(client, client === 'messages' ? MESSAGES : RESPONSES));
}

describe('calls that a Chat upstream tells', () => {
  it('C044 one behind the other become blocks that each start and stop once', async () => {
    const events = await told([
      { content: 'Let me look.' },
      callDelta(0, { id: 'call_a', name: 'get_weather', arguments: '' }),
      callDelta(0, { arguments: '{"city":' }),
      callDelta(0, { arguments: '"Paris"}' }),
      callDelta(1, { id: 'call_b', name: 'get_time', arguments: '{"city":"Rome"}' }),
    ]);
    expect(blockOrder(events)).toEqual([...TWO_ONE_BY_ONE, ...['start 2', 'delta 2', 'stop 2']]);
    expect(messagesCalls(events)).toEqual(TWO);
    expect(dig(lastOf(events, 'message_delta'), 'delta', 'stop_reason')).toBe('tool_use');
    expect(events.at(-1)?.event).toBe('message_stop');
  });

  it('C045 with arguments in turns become one block after the other, each with its own', async () => {
    const events = await told([
      callDelta(0, { id: 'call_a', name: 'get_weather', arguments: '{"ci' }),
      callDelta(1, { id: 'call_b', name: 'get_time', arguments: '{"ci' }),
      callDelta(0, { arguments: 'ty":"Pa' }),
      callDelta(1, { arguments: 'ty":"Ro' }),
      callDelta(0, { arguments: 'ris"}' }),
      callDelta(1, { arguments: 'me"}' }),
    ]);
    expect(blockOrder(events)).toEqual(TWO_ONE_BY_ONE);
    expect(messagesCalls(events)).toEqual(TWO);
  });

  it('C047 stay open while empty text comes between their arguments', async () => {
    const events = await told([
      { ...callDelta(0, { id: 'call_a', name: 'get_weather', arguments: '{"city"' }), content: '' },
      { content: '' },
      { content: null },
      callDelta(0, { arguments: ':"Paris"}' }),
    ]);
    expect(blockOrder(events)).toEqual(['start 0', 'delta 0', 'stop 0']);
    expect(messagesCalls(events)).toEqual(TWO.slice(0, 1));
  });

  it('C048 keep all of their arguments when each chunk tells the usage so far', async () => {
    const usageSoFar = (completion_tokens: number) => ({
      usage: { prompt_tokens: 10, completion_tokens, total_tokens: 10 + completion_tokens },
    });
    const stage = await startStage('common');
    stage.script(
      streamOf(
        dataLines(
          chatChunk(
            callDelta(0, { id: 'call_a', name: 'get_weather', arguments: '{"city"' }),
            null,
            usageSoFar(1),
          ),
          chatChunk(callDelta(0, { arguments: ':"Paris"}' }), null, usageSoFar(2)),
          chatChunk({}, 'tool_calls', usageSoFar(7)),
          '[DONE]',
        ),
      ),
    );
    const events = readEvents(await stage.ask('messages', MESSAGES));
    expect(messagesCalls(events)).toEqual(TWO.slice(0, 1));
    expect(dig(lastOf(events, 'message_delta'), 'usage')).toMatchObject({
      input_tokens: 10,
      output_tokens: 7,
    });
  });

  it('C050 keep arguments that came before the name', async () => {
    const events = await told([
      callDelta(0, { id: 'call_a', arguments: '{"ci' }),
      callDelta(0, { name: 'get_weather', arguments: 'ty":' }),
      callDelta(0, { arguments: '"Paris"}' }),
    ]);
    expect(messagesCalls(events)).toEqual(TWO.slice(0, 1));
  });

  it('C051 are one though every chunk repeats id and name', async () => {
    const again = { id: 'call_a', name: 'get_weather' };
    const events = await told([
      callDelta(0, { ...again, arguments: '{"city"' }),
      callDelta(0, { ...again, arguments: ':"Paris"' }),
      callDelta(0, { ...again, arguments: '}' }),
    ]);
    expect(blockOrder(events)).toEqual(['start 0', 'delta 0', 'stop 0']);
    expect(messagesCalls(events)).toEqual(TWO.slice(0, 1));
  });

  it('C052 without ids get legal ones of their own', async () => {
    const events = await told([
      callDelta(0, { name: 'get_weather', arguments: '{"city":"Paris"}' }),
      callDelta(1, { name: 'get_weather', arguments: '{"city":"Rome"}' }),
    ]);
    const ids = messagesCalls(events).map(({ id }) => id);
    expect(ids).toEqual([expect.stringMatching(/^[\w-]{8,}$/), expect.stringMatching(/^[\w-]{8,}$/)]);
    expect(new Set(ids).size).toBe(2);
  });

  it.each(['messages', 'responses'] as const)(
    'C053 of which one never gets a name end in an error: %s',
    async (client) => {
      const events = await told(
        [{ content: 'One moment.' }, callDelta(0, { id: 'call_a', arguments: '{"city":"Paris"}' })],
        client,
      );
      const names = events.map(({ event }) => event);
      expect(names.at(-1)).toBe(client === 'messages' ? 'error' : 'response.failed');
      expect(names).not.toContain('message_stop');
      expect(names).not.toContain('response.completed');
    },
  );
});

describe('C049 calls of a Chat upstream that leaves out `index`', () => {
  const piece = (call: object) => ({ tool_calls: [call] });
  const DELTAS = [
    piece({ id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":' } }),
    piece({ function: { arguments: '"Paris"}' } }),
    piece({ id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '{"city":"Rome"}' } }),
  ];

  it('are two blocks for Messages', async () => {
    const events = await told(DELTAS);
    expect(blockOrder(events)).toEqual(TWO_ONE_BY_ONE);
    expect(messagesCalls(events)).toEqual(TWO);
  });

  it('are two items for Responses', async () => {
    const events = await told(DELTAS, 'responses');
    expect(
      listAt(lastOf(events, 'response.completed'), 'response', 'output').map((item) => ({
        id: dig(item, 'call_id'),
        name: dig(item, 'name'),
        args: dig(item, 'arguments'),
      })),
    ).toEqual(TWO);
  });

  // Chat clients are given a Chat upstream's own bytes; where such a stream is decoded, it is written with indexes.
  it('have the indexes 0 and 1 where they are written as Chat again', () => {
    const { client, upstream } = protocols.byId('openai-chat');
    const ids = createIds(createRepeatableRandom());
    const encoder = client?.createStreamEncoder({
      model: 'test-model',
      request: undefined,
      native: true,
      estimatedInput: 0,
      ids,
      now: 0,
    });
    const pieces: string[] = [];
    const decoder = createBodyDecoder('sse', upstream, { capabilities: {}, ids }, (event) => {
      pieces.push(encoder?.push(event) ?? '');
    });
    const chunks = DELTAS.map((delta) => chatChunk(delta));
    decoder.push(bytesOf(dataLines(...chunks, chatChunk({}, 'tool_calls', { usage: CHAT_USAGE }), '[DONE]')));
    decoder.end();
    const events = readEvents({ text: pieces.join('') });
    expect(chatStreamCalls(events)).toEqual(TWO);
    expect(finishReasons(events)).toEqual(['tool_calls']);
  });
});
