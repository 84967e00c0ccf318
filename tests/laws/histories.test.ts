import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientCodec } from '../../src/kernel/codec.ts';
import type { AssistantPart, OpaqueState, ProtocolId } from '../../src/kernel/conversation.ts';
import { findObject, listOf, parseJson, writeJson } from '../../src/kernel/json.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLossLog } from '../../src/kernel/losses.ts';
import type { Block, Reply } from '../../src/kernel/reply.ts';
import { answerContext, clients } from './read-back.ts';

const words = fc.stringMatching(/^[a-z] ?[a-z🎉]{0,6}$/u);

const opaque: fc.Arbitrary<OpaqueState> = fc.record({
  issuer: fc.constantFrom('anthropic', 'openai', 'gemini'),
  family: fc.constantFrom('', 'claude-opus'),
  kind: fc.constantFrom('signature', 'redacted', 'encrypted_content', 'thoughtSignature'),
  data: words,
});

const ofKind = (...kinds: readonly OpaqueState['kind'][]): fc.Arbitrary<OpaqueState> =>
  fc.tuple(opaque, fc.constantFrom(...kinds)).map(([state, kind]) => ({ ...state, kind }));

/** Blocks as services send them: reasoning has words, state or both; a thought signature without words is a call's. */
const block: fc.Arbitrary<Block> = fc.oneof(
  words.map((text): Block => ({ kind: 'text', text, annotations: [] })),
  words.map((text): Block => ({ kind: 'refusal', text })),
  fc.record({ kind: fc.constant('reasoning' as const), raw: words, summary: fc.constant([]) }),
  fc.record({ kind: fc.constant('reasoning' as const), raw: words, summary: fc.constant([]), opaque }),
  fc.record({
    kind: fc.constant('reasoning' as const),
    raw: fc.constant(''),
    summary: fc.array(words, { minLength: 1, maxLength: 3 }),
    opaque: ofKind('encrypted_content'),
  }),
  fc.record({
    kind: fc.constant('reasoning' as const),
    raw: fc.constant(''),
    summary: fc.constant([]),
    opaque: ofKind('redacted', 'encrypted_content', 'signature'),
  }),
  fc.record(
    {
      kind: fc.constant('tool-call' as const),
      id: fc.constant(''),
      callKind: fc.constant('function' as const),
      name: fc.constantFrom('f', 'g'),
      args: fc.constantFrom('{}', '{"n":9007199254740993123}', '{"__proto__":{"a":[1]}}'),
      opaque: ofKind('thoughtSignature'),
    },
    { requiredKeys: ['kind', 'id', 'callKind', 'name', 'args'] },
  ),
);

/** A whole answer; its calls have ids of their own. */
const reply: fc.Arbitrary<Reply> = fc.array(block, { minLength: 1, maxLength: 6 }).map((blocks) => ({
  id: 'a',
  model: 'm',
  stop: { reason: 'stop' },
  blocks: blocks.map((each, index) => (each.kind === 'tool-call' ? { ...each, id: `call_${index}` } : each)),
}));

/** The next request of a client that brings an answer back as it was told. */
const NEXT: Readonly<Record<string, (body: JsonObject) => JsonObject>> = {
  'openai-chat': ({ choices }) => ({
    messages: [findObject(findObject(listOf(choices)[0])?.['message']) ?? {}],
  }),
  'openai-responses': ({ output }) => ({ input: listOf(output) }),
  'anthropic-messages': ({ content }) => ({
    max_tokens: 1000,
    messages: [{ role: 'assistant', content: listOf(content) }],
  }),
};

function historyOf(client: ClientCodec, told: Reply): readonly AssistantPart[] {
  const body = findObject(parseJson(writeJson(client.encodeReply(told, answerContext())))) ?? {};
  const next = { model: 'm', ...NEXT[client.protocol]?.(body) };
  const { turns } = client.decodeRequest(next, createLossLog());
  return turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
}

/** What is to come back of a part, in the forms that all dialects share. */
interface Kept {
  readonly kind: string;
  readonly text: string;
  readonly state: OpaqueState | undefined;
}

function kept(protocol: ProtocolId, part: AssistantPart | Block): readonly Kept[] {
  switch (part.kind) {
    case 'text':
    case 'refusal': {
      const kind = protocol === 'anthropic-messages' ? 'text' : part.kind; // Messages has no refusals
      return [{ kind, text: part.text, state: undefined }];
    }
    case 'reasoning': {
      const { raw = '', summary = [], opaque: state } = part;
      return [{ kind: 'reasoning', text: summary.join('\n\n') || raw, state }];
    }
    case 'tool-call':
      return [{ kind: `${part.callKind} ${part.name} ${part.id}`, text: part.args, state: part.opaque }];
    case 'hosted':
      return [];
  }
}

/**
 * Chat has a place for everything, but no order between the places: texts run together, and so does reasoning that has
 * no state to tell where it was.
 */
function inPlaces(parts: readonly Kept[]): readonly Kept[] {
  const isStateless = ({ kind, state }: Kept): boolean =>
    kind === 'text' || kind === 'refusal' || (kind === 'reasoning' && state === undefined);
  const joined = (kind: string, gap = ''): Kept => {
    const own = parts.filter((part) => part.kind === kind && isStateless(part));
    return { kind, text: own.map(({ text }) => text).join(gap), state: undefined };
  };
  return [
    ...parts.filter((part) => !isStateless(part)).toSorted((a, b) => rank(a) - rank(b)),
    joined('reasoning', '\n\n'),
    joined('text'),
    joined('refusal'),
  ];
}

const rank = ({ kind }: Kept): number => (kind === 'reasoning' ? 0 : 1);

/** What is to come back of parts. */
const placed = (protocol: ProtocolId, parts: readonly (AssistantPart | Block)[]): readonly Kept[] => {
  const all = parts.flatMap((part) => kept(protocol, part));
  return protocol === 'openai-chat' ? inPlaces(all) : all;
};

describe.each(clients)('any answer that a client of $protocol brings back', (client) => {
  it('C174 is in its next request what it was, with the state of every service', () => {
    fc.assert(
      fc.property(reply, (told) => {
        const parts = historyOf(client, told);
        expect(placed(client.protocol, parts)).toEqual(placed(client.protocol, told.blocks));
      }),
      { numRuns: 300 },
    );
  });
});
