import { readdirSync } from 'node:fs';
import type { DecodeContext, Protocol } from '../../src/kernel/codec.ts';
import { collectReply } from '../../src/kernel/collect-reply.ts';
import { createIds } from '../../src/kernel/ids.ts';
import type { Reply } from '../../src/kernel/reply.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';
import { createBodyDecoder } from '../../src/pipeline/body-decoder.ts';
import type { BodyForm } from '../../src/pipeline/body-decoder.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { bytesOf } from '../support/chunks.ts';
import { readFixture } from '../support/read-fixture.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';

/** One recorded answer in both of its forms. */
export interface Fixture {
  readonly protocol: Protocol;
  /** `anthropic-messages/text.2026-11`. */
  readonly name: string;
  readonly stream: Uint8Array;
  readonly body: Uint8Array;
}

/** Every pair of `.sse` and `.json` under `tests/fixtures`, for every protocol of the registry. */
export const fixtures: readonly Fixture[] = protocols.all.flatMap((protocol) =>
  readdirSync(new URL(`../fixtures/${protocol.id}`, import.meta.url))
    .filter((file) => file.endsWith('.sse'))
    .map((file) => {
      const name = `${protocol.id}/${file.slice(0, -'.sse'.length)}`;
      return {
        protocol,
        name,
        stream: bytesOf(readFixture(`${name}.sse`)),
        body: bytesOf(readFixture(`${name}.json`)),
      };
    }),
);

/** A context that makes the same ids every time. */
export const decodeContext = (): DecodeContext => ({
  capabilities: { family: 'law' },
  ids: createIds(createRepeatableRandom()),
});

/** The events of an answer whose bytes come in these chunks and then end. */
export function eventsOf(
  { protocol }: Fixture,
  form: BodyForm,
  chunks: readonly Uint8Array[],
): StreamEvent[] {
  const events: StreamEvent[] = [];
  const decoder = createBodyDecoder(form, protocol.upstream, decodeContext(), (event) => events.push(event));
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return events;
}

/** The whole answer, read from its JSON body. */
export const wholeReply = (fixture: Fixture): Reply =>
  collectReply(eventsOf(fixture, 'json', [fixture.body]));
