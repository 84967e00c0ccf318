import type { AnswerContext, ClientCodec } from '../../src/kernel/codec.ts';
import { collectReply } from '../../src/kernel/collect-reply.ts';
import { createIds } from '../../src/kernel/ids.ts';
import type { Reply } from '../../src/kernel/reply.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';
import { createBodyDecoder } from '../../src/pipeline/body-decoder.ts';
import type { BodyForm } from '../../src/pipeline/body-decoder.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { bytesOf } from '../support/chunks.ts';
import { emptyRequest } from '../support/empty-request.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';
import { decodeContext } from './fixtures.ts';

/** Every dialect that clients speak. */
export const clients: readonly ClientCodec[] = protocols.all.flatMap(({ client }) =>
  client === undefined ? [] : [client],
);

/** An answer from another service, to a client that wants to hear everything; ids are the same every time. */
export const answerContext = (): AnswerContext => ({
  model: 'asked-for',
  request: { ...emptyRequest, wantUsageChunk: true },
  native: false,
  estimatedInput: 0,
  ids: createIds(createRepeatableRandom()),
  now: 1_700_000_000_000,
});

/** The stream that tells these events. */
export function streamText(client: ClientCodec, events: readonly StreamEvent[]): string {
  const encoder = client.createStreamEncoder(answerContext());
  return events.map((event) => encoder.push(event)).join('');
}

/** The events that a reader of this dialect gets from bytes that come in these chunks. */
export function eventsIn(
  client: ClientCodec,
  form: BodyForm,
  chunks: readonly Uint8Array[],
): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  const { upstream } = protocols.byId(client.protocol);
  const decoder = createBodyDecoder(form, upstream, decodeContext(), (event) => events.push(event));
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return events;
}

/** What a client of this dialect would have read. */
export const readBack = (client: ClientCodec, form: BodyForm, text: string): Reply =>
  collectReply(eventsIn(client, form, [bytesOf(text)]));
