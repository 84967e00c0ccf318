import type { RawAnswer } from '../../support/gateway.ts';
import type { ScriptedAnswer } from '../../../src/sandbox/serving/script.ts';
import { dig, readEvents } from './stage.ts';
import type { Client, Upstream } from './stage.ts';
import { chatStream } from './wire-chat.ts';
import { googleStream } from './wire-google.ts';
import { messageStream, textBlock } from './wire-messages.ts';
import { messageItem, responsesStream } from './wire-responses.ts';

const HELLO = 'Hello';

/** A small question in the words of a client, to be streamed unless told. */
export const questionOf = (client: Client, stream = true, text = HELLO): object =>
  client === 'responses' ? { stream, input: text } : { stream, messages: [{ role: 'user', content: text }] };

/** A whole stream that says these pieces of text, in the words of an upstream. */
export const SPEECH: Readonly<Record<Upstream, (...texts: readonly string[]) => ScriptedAnswer>> = {
  anthropic: (...texts) => messageStream([textBlock(0, ...texts)]),
  openai: (...texts) => responsesStream([messageItem(0, ...texts)]),
  common: (...texts) => chatStream(texts.map((content) => ({ content }))),
  google: (...texts) => googleStream(texts.map((text) => [{ text }])),
};

/** The wire text of a scripted stream. */
export function wireOf(answer: ScriptedAnswer): string {
  if (!('chunks' in answer)) throw new Error('the answer is no stream');
  return answer.chunks.map((chunk) => (typeof chunk === 'string' ? chunk : '')).join('');
}

/** The type of every event that a stream brought, `[DONE]` included. */
export const typesOf = (answer: Pick<RawAnswer, 'text'>): readonly unknown[] =>
  readEvents(answer).map(({ data }) => (data === '[DONE]' ? data : dig(data, 'type')));

/** What stands at a path in every event that has it there. */
export const heardAt = (
  answer: Pick<RawAnswer, 'text'>,
  ...path: readonly (string | number)[]
): readonly unknown[] =>
  readEvents(answer)
    .map(({ data }) => dig(data, ...path))
    .filter((value) => value !== undefined);

/** The events of one type. */
export const eventsOf = (answer: Pick<RawAnswer, 'text'>, type: string): readonly unknown[] =>
  readEvents(answer)
    .filter(({ data }) => dig(data, 'type') === type)
    .map(({ data }) => data);

const HEARD: Readonly<Record<Client, (answer: Pick<RawAnswer, 'text'>) => readonly unknown[]>> = {
  chat: (answer) => heardAt(answer, 'choices', 0, 'delta', 'content'),
  messages: (answer) => heardAt(answer, 'delta', 'text'),
  responses: (answer) => eventsOf(answer, 'response.output_text.delta').map((event) => dig(event, 'delta')),
};

/** The answer's text, as the deltas of a client's stream tell it. */
export const heardText = (client: Client, answer: Pick<RawAnswer, 'text'>): string =>
  HEARD[client](answer).join('');
