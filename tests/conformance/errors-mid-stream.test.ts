import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { dig, readBody, readEvents, startStage, TRANSLATED_PAIRS } from './support/stage.ts';
import type { Client, Upstream } from './support/stage.ts';
import { callDelta, chatChunk } from './support/wire-chat.ts';
import { googleChunk } from './support/wire-google.ts';
import { messageStart, textBlock, toolUseBlock } from './support/wire-messages.ts';
import type { MessageEvent } from './support/wire-messages.ts';
import { callItem, messageItem, responsesEvents } from './support/wire-responses.ts';
import { dataLines, namedEvents, streamOf } from './support/wire.ts';

const TEXT = 'Half a sent';
const ARGUMENTS = '{"town":"Rov';
const MESSAGE = 'The model is overloaded.';

const failure: MessageEvent = { type: 'error', error: { type: 'overloaded_error', message: MESSAGE } };
const halfCall = callItem(1, 'call_1', 'look', ARGUMENTS);

/** A text, half a call, and then the words of each service for an overload. */
const BREAKDOWNS: Readonly<Record<Upstream, ScriptedAnswer>> = {
  anthropic: streamOf(
    namedEvents(
      messageStart(),
      ...textBlock(0, TEXT),
      ...toolUseBlock(1, 'call_1', 'look', ARGUMENTS).slice(0, -1),
      failure,
    ),
  ),
  openai: streamOf(
    responsesEvents([...messageItem(0, TEXT).events, ...halfCall.events.slice(0, 2)], [], {
      status: 'failed',
      error: { code: 'server_is_overloaded', message: MESSAGE },
    }),
  ),
  common: streamOf(
    dataLines(
      chatChunk({ role: 'assistant', content: TEXT }),
      chatChunk(callDelta(0, { id: 'call_1', name: 'look', arguments: ARGUMENTS })),
      { error: { message: MESSAGE, type: 'server_error', param: null, code: '503' } },
    ),
  ),
  google: streamOf(
    dataLines(googleChunk([{ text: TEXT }]), {
      error: { code: 503, message: MESSAGE, status: 'UNAVAILABLE' },
    }),
  ),
};

const question = (client: Client, stream: boolean): object =>
  client === 'responses'
    ? { input: 'Hello', stream }
    : { messages: [{ role: 'user', content: 'Hello' }], stream };

/** A code of OpenAI's own service is kept for its clients. */
const codeFor = (upstream: Upstream): string =>
  upstream === 'openai' ? 'server_is_overloaded' : 'overloaded';

const errorFor = (client: Client, upstream: Upstream): object =>
  client === 'messages'
    ? { type: 'overloaded_error', message: MESSAGE }
    : { message: MESSAGE, type: 'server_error', param: null, code: codeFor(upstream) };

/** The last event of a stream that has broken down. */
function lastEvent(client: Client, upstream: Upstream): object {
  if (client !== 'responses') return { data: { error: errorFor(client, upstream) } };
  const error = { code: codeFor(upstream), message: MESSAGE };
  return { event: 'response.failed', data: { response: { status: 'failed', error } } };
}

const SUCCESS = /message_delta|message_stop|response\.(?:completed|incomplete)|\[DONE\]|"finish_reason":"/;

describe.each(TRANSLATED_PAIRS)(
  'an answer of $upstream that breaks down before $client',
  ({ client, upstream }) => {
    it('C137 C138 C140 keeps what had arrived and ends the stream in an error alone', async () => {
      const { ask, script } = await startStage(upstream);
      script(BREAKDOWNS[upstream]);
      const answer = await ask(client, question(client, true));
      expect(answer).toMatchObject({ status: 200, complete: true });
      expect(answer.text).toContain(TEXT);
      expect(readEvents(answer).at(-1)).toMatchObject(lastEvent(client, upstream));
      expect(answer.text).not.toMatch(SUCCESS);
    });

    it('C137 C138 C140 has its status where nothing of the answer was sent yet', async () => {
      const { ask, script } = await startStage(upstream);
      script(BREAKDOWNS[upstream]);
      const answer = await ask(client, question(client, false));
      expect(answer.status).toBe(client === 'messages' ? 529 : 503);
      expect(dig(readBody(answer), 'error')).toEqual(errorFor(client, upstream));
      expect(answer.text).not.toContain(TEXT);
    });
  },
);
