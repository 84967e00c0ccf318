import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientCodec } from '../../src/kernel/codec.ts';
import { collectReply } from '../../src/kernel/collect-reply.ts';
import { writeJson } from '../../src/kernel/json.ts';
import { NO_USAGE } from '../../src/kernel/reply.ts';
import type { Usage } from '../../src/kernel/reply.ts';
import { replayReply } from '../../src/kernel/replay-reply.ts';
import type { ReplyStart, StreamEvent } from '../../src/kernel/stream-event.ts';
import { grammaticalEvents } from '../support/arbitrary-events.ts';
import { bytesOf, cutAt } from '../support/chunks.ts';
import { findGrammarFault } from '../support/grammar.ts';
import { answerContext, clients, eventsIn, readBack, streamText } from './read-back.ts';
import { findOrderFault } from './wire-order.ts';
import { toldBy, toldTo } from './told.ts';

const RUNS = { numRuns: 400 };

/**
 * As the pipeline has them: calls have ids of their own, those of functions whole arguments, and only clients that know
 * tools of free text are told of their calls; usage is always told. Explanations, which each dialect has another place
 * for, are left out.
 */
const answersTo = ({ protocol }: ClientCodec): fc.Arbitrary<readonly StreamEvent[]> =>
  grammaticalEvents.map((events) => {
    const functions = new Set<number>();
    return events.flatMap((event): readonly StreamEvent[] => {
      if (event.type === 'reply-start') return [{ ...event, usage: startUsage(event) }];
      if (event.type === 'reply-end') return [{ ...event, stop: { reason: event.stop.reason } }];
      if (event.type === 'block-start' && event.block.kind === 'tool-call') {
        const { block, index } = event;
        const callKind = protocol === 'anthropic-messages' ? 'function' : block.callKind;
        const start = { ...event, block: { ...block, callKind, id: `${block.id}_${index}` } };
        if (callKind === 'custom') return [start];
        functions.add(index);
        return [start, { type: 'block-delta', index, text: '{"text":"' }];
      }
      if (!('index' in event) || !functions.has(event.index)) return [event];
      if (event.type === 'block-delta') return [{ ...event, text: JSON.stringify(event.text).slice(1, -1) }];
      return [{ type: 'block-delta', index: event.index, text: '"}' }, event];
    });
  });

/** Nothing has been said yet. */
const startUsage = ({ usage = NO_USAGE }: ReplyStart): Usage => ({
  ...usage,
  outputTokens: 0,
  reasoningTokens: 0,
});

/** The events that the dialect's own service would have sent for a whole body. */
function replayed(events: readonly StreamEvent[]): readonly StreamEvent[] {
  const told: StreamEvent[] = [];
  replayReply(collectReply(events), (event) => told.push(event));
  return told;
}

const bodyText = (client: ClientCodec, events: readonly StreamEvent[]): string =>
  writeJson(client.encodeReply(collectReply(events), answerContext()));

/** What begins an answer on the wire, and what ends it. */
const EDGES: Readonly<Record<string, readonly [begin: RegExp, end: RegExp]>> = {
  'openai-chat': [/"role":"assistant"/g, /"finish_reason":"/g],
  'openai-responses': [/^event: response\.created$/gm, /^event: response\.(?:completed|incomplete)$/gm],
  'anthropic-messages': [/^event: message_start$/gm, /^event: message_stop$/gm],
};

describe.each(clients)('any answer told to $protocol', (client) => {
  const answers = answersTo(client);

  it('C174 reads back from its stream as it was, but for what the dialect has no place for', () => {
    fc.assert(
      fc.property(answers, (events) => {
        const read = readBack(client, 'sse', streamText(client, events));
        expect(toldBy(read)).toEqual(toldTo(client.protocol, events));
      }),
      RUNS,
    );
  });

  it('C174 reads back from one body as it was, but for what the dialect has no place for', () => {
    fc.assert(
      fc.property(answers.map(replayed), (events) => {
        const read = readBack(client, 'json', bodyText(client, events));
        expect(toldBy(read)).toEqual(toldTo(client.protocol, events));
      }),
      RUNS,
    );
  });

  it('C174 keeps to the grammar, tells parallel calls in order, and has one start and one end on the wire', () => {
    const [begin, end] = EDGES[client.protocol] ?? [/^/, /$/];
    fc.assert(
      fc.property(answers, (events) => {
        const text = streamText(client, events);
        expect(findGrammarFault(eventsIn(client, 'sse', [bytesOf(text)]))).toBeUndefined();
        expect(findOrderFault(client.protocol, text)).toBeUndefined();
        expect(text.match(begin)).toHaveLength(1);
        expect(text.match(end)).toHaveLength(1);
      }),
      RUNS,
    );
  });

  it('C002 C174 reads the same wherever its bytes are cut', () => {
    const edges = fc.array(fc.nat(20_000), { maxLength: 40 });
    fc.assert(
      fc.property(answers, edges, (events, offsets) => {
        const bytes = bytesOf(streamText(client, events));
        const cuts = offsets.map((offset) => offset % (bytes.length + 1));
        expect(eventsIn(client, 'sse', cutAt(bytes, cuts))).toEqual(eventsIn(client, 'sse', [bytes]));
      }),
      RUNS,
    );
  });
});
