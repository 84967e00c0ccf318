import fc from 'fast-check';
import type {
  AssistantPart,
  AssistantTurn,
  ChatRequest,
  OutputFormat,
  ResultPart,
  Sampling,
  SystemText,
  Tool,
  ToolChoice,
  ToolTurn,
  Turn,
  UserPart,
} from '../../src/kernel/conversation.ts';
import { EFFORTS } from '../../src/kernel/reasoning.ts';
import type { ReasoningWish } from '../../src/kernel/reasoning.ts';
import { seal } from '../../src/sandbox/seal.ts';
import type { Issuer } from '../../src/sandbox/seal.ts';
import { emptyRequest } from './empty-request.ts';

/** Words, and what services are particular about: nothing, spaces, signs of two units. */
const words = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.constantFrom('', ' ', '\n', 'Error: no', '👋🏽 \u2028'),
);
const cache = fc.constantFrom({ ttl: '5m' } as const, { ttl: '1h' } as const);

const text = fc.record(
  { kind: fc.constant('text' as const), text: words, cache },
  { requiredKeys: ['kind', 'text'] },
);

const PIXEL = 'iVBORw0KGgo=';
const image = fc.record({
  kind: fc.constant('image' as const),
  source: fc.constantFrom(
    { type: 'base64', data: PIXEL, mediaType: 'image/png' } as const,
    { type: 'url', url: 'https://example.com/a.png' } as const,
    { type: 'file', fileId: 'file_1', owner: 'openai-responses' } as const,
  ),
});
const document = fc.record({
  kind: fc.constant('document' as const),
  source: fc.constantFrom(
    { type: 'base64', data: 'JVBERi0=', mediaType: 'application/pdf' } as const,
    { type: 'url', url: 'https://example.com/a.pdf' } as const,
    { type: 'text', text: 'once upon a time' } as const,
  ),
  filename: fc.constant('a.pdf'),
});
const audio = fc.constant({ kind: 'audio', data: 'UklGRg==', format: 'wav' } as const);

/** Mostly words: one part that a service has no form for refuses the whole request. */
const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  { weight: 12, arbitrary: text },
  { weight: 2, arbitrary: image },
  { weight: 1, arbitrary: document },
  { weight: 1, arbitrary: audio },
);
const resultPart: fc.Arbitrary<ResultPart> = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 1, arbitrary: image },
);

/** Few enough to come up twice, some of them illegal anywhere. */
const callId = fc.constantFrom('a', 'b', 'call:1', 'x'.repeat(300), '');
/** Few enough to meet the tools, some of them illegal anywhere, and some the same once they are rewritten. */
const NAMES = ['f', 'g', 'a.b', 'a_b', 'a b', '1', 'y'.repeat(90)] as const;
const name = fc.constantFrom(...NAMES);
const args = fc.constantFrom('{}', '', '{"n":9007199254740993123}', '{"__proto__":1}', '[1]', 'bare text');

/** Reasoning state as each service makes it, of the given family or of another. */
const stateOf = (family: string) =>
  fc.record({
    issuer: fc.constantFrom<Issuer>('anthropic', 'openai', 'gemini'),
    family: fc.constantFrom(family, family, 'other'),
  });

const KINDS = { anthropic: 'signature', openai: 'encrypted_content', gemini: 'thoughtSignature' } as const;

function reasoning(family: string): fc.Arbitrary<AssistantPart> {
  const thought = fc.constantFrom('hm', '', 'first\nthen');
  return fc.tuple(thought, fc.option(stateOf(family), { nil: undefined })).map(([raw, owner]) => ({
    kind: 'reasoning' as const,
    raw,
    ...(owner !== undefined && {
      opaque: { ...owner, kind: KINDS[owner.issuer], data: seal(owner.issuer, raw) },
    }),
  }));
}

const call = (family: string): fc.Arbitrary<AssistantPart> =>
  fc.record(
    {
      kind: fc.constant('tool-call' as const),
      id: callId,
      callKind: fc.constantFrom('function', 'function', 'custom'),
      name,
      args,
      cache,
      opaque: fc.constant({
        issuer: 'gemini',
        family,
        kind: 'thoughtSignature',
        data: seal('gemini', 'f'),
      } as const),
    },
    { requiredKeys: ['kind', 'id', 'callKind', 'name', 'args'] },
  );

function assistantTurn(family: string): fc.Arbitrary<AssistantTurn> {
  const refusal = fc.record({ kind: fc.constant('refusal' as const), text: words });
  const part = fc.oneof(text, call(family), call(family), reasoning(family), refusal);
  return fc.array(part, { maxLength: 4 }).map((parts) => ({ role: 'assistant', at: 'messages[1]', parts }));
}

const toolTurn: fc.Arbitrary<ToolTurn> = fc
  .array(
    fc.record(
      {
        at: fc.constant('messages[2].tool_call_id'),
        callId,
        callKind: fc.constantFrom('function', 'custom'),
        parts: fc.array(resultPart, { maxLength: 2 }),
        isError: fc.boolean(),
        cache,
      },
      { requiredKeys: ['at', 'callId', 'callKind', 'parts'] },
    ),
    { maxLength: 3 },
  )
  .map((results) => ({ role: 'tool', at: 'messages[2]', results }));

const userTurn = fc.record({
  role: fc.constant('user' as const),
  at: fc.constant('messages[0]'),
  parts: fc.array(userPart, { maxLength: 3 }),
});
const systemTurn = fc.record({
  role: fc.constantFrom('system' as const, 'developer' as const),
  at: fc.constant('messages[3]'),
  parts: fc.array(text, { maxLength: 2 }),
});

const turns = (family: string): fc.Arbitrary<readonly Turn[]> =>
  fc.array(fc.oneof(userTurn, assistantTurn(family), assistantTurn(family), toolTurn, toolTurn, systemTurn), {
    maxLength: 8,
  });

const system: fc.Arbitrary<readonly SystemText[]> = fc.array(
  fc.record(
    { role: fc.constantFrom('system' as const, 'developer' as const), text: words, cache },
    { requiredKeys: ['role', 'text'] },
  ),
  { maxLength: 2 },
);

const schema = fc.constantFrom(
  { type: 'object', properties: { n: { type: 'integer', exclusiveMinimum: 0 } }, required: ['n'] },
  {
    type: 'object',
    properties: { a: { const: 'x' }, b: { $ref: '#/$defs/b' } },
    $defs: { b: { type: 'string' } },
  },
  { anyOf: [{ type: 'object', properties: { a: { type: ['string', 'null'] } } }, { type: 'object' }] },
  {
    oneOf: [{ properties: { a: { allOf: [{ minLength: 2 }, { maxLength: 3 }] } } }],
    unevaluatedProperties: false,
  },
  {},
);

/** What strict mode asks of a schema, it asks of the client: others are not marked strict. */
const STRICT = {
  strict: true,
  schema: {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  },
};
const form = fc.oneof(
  fc.record({ schema, strict: fc.constant(false) }, { requiredKeys: [] }),
  fc.constant(STRICT),
);

const tool: fc.Arbitrary<Tool> = fc
  .record(
    {
      at: fc.constant('tools[0]'),
      name,
      description: words,
      form,
      isCustom: fc.constantFrom(true, false, false),
      cache,
    },
    { requiredKeys: ['at', 'name', 'form', 'isCustom'] },
  )
  .map(({ form: given, isCustom, cache: mark, ...tool }) =>
    isCustom
      ? { kind: 'custom', ...tool }
      : { kind: 'function', ...tool, ...given, ...(mark !== undefined && { cache: mark }) },
  );

/** No two of one name: that the gateway refuses. */
const tools = fc.uniqueArray(tool, { maxLength: 4, selector: (each) => ('name' in each ? each.name : '') });

const toolChoice: fc.Arbitrary<ToolChoice> = fc.oneof(
  fc.record({ type: fc.constantFrom('auto' as const, 'required' as const, 'none' as const) }),
  fc.record({ type: fc.constant('tool' as const), name }),
  fc.record({
    type: fc.constant('allowed' as const),
    mode: fc.constantFrom('auto' as const, 'required' as const),
    names: fc.array(name, { maxLength: 2 }),
  }),
);

const sampling: fc.Arbitrary<Sampling> = fc.record(
  {
    temperature: fc.constantFrom(0, 0.5, 1, 1.7),
    topP: fc.constantFrom(0, 0.5, 1),
    topK: fc.constantFrom(1, 40),
    frequencyPenalty: fc.constantFrom(-1, 0.5),
    presencePenalty: fc.constantFrom(-1, 0.5),
    seed: fc.constantFrom(0, 7),
  },
  { requiredKeys: [] },
);

const format: fc.Arbitrary<OutputFormat> = fc.oneof(
  fc.record({ type: fc.constantFrom('text' as const, 'json-object' as const) }),
  fc.record(
    {
      type: fc.constant('json-schema' as const),
      schema,
      name: fc.constant('answer'),
      strict: fc.boolean(),
    },
    { requiredKeys: ['type', 'schema'] },
  ),
);

const wish: fc.Arbitrary<ReasoningWish> = fc.record(
  {
    mode: fc.constantFrom('unset' as const, 'off' as const, 'on' as const),
    from: fc.constant('client' as const),
    effort: fc.constantFrom(...EFFORTS),
    budget: fc.constantFrom(1, 1024, 100_000),
    show: fc.boolean(),
  },
  { requiredKeys: ['mode', 'from'] },
);

/** Mostly left out: some ask for what a service does not have, and one of these refuses the whole request. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary }, { weight: 3, arbitrary: fc.constant(undefined) });

const setting = {
  stream: rarely(fc.boolean()),
  toolChoice: rarely(toolChoice),
  parallelToolCalls: rarely(fc.boolean()),
  sampling: rarely(sampling),
  maxTokens: rarely(fc.constantFrom(1, 15, 4096, 10_000_000)),
  stop: rarely(fc.array(fc.constantFrom('END', ' ', '', 'a', 'b', 'c'), { maxLength: 6 })),
  format: rarely(format),
  verbosity: rarely(fc.constantFrom('low' as const, 'high' as const)),
  reasoning: rarely(wish),
  cacheKey: rarely(fc.constant('key')),
  endUser: rarely(fc.constantFrom('me', 'u'.repeat(100))),
  metadata: rarely(fc.constant({ a: 'b' })),
  serviceTier: rarely(fc.constantFrom('auto', 'default', 'flex', 'priority', 'turbo')),
  store: rarely(fc.boolean()),
  logprobs: rarely(fc.record({ top: fc.nat(20) })),
};

/** Any request, with reasoning state of every service; `family` is that of the model it is meant for. */
export const anyRequest = (family: string): fc.Arbitrary<ChatRequest> =>
  fc
    .tuple(fc.record({ system, turns: turns(family), tools }), fc.record(setting))
    .map(([said, settings]) => ({
      ...emptyRequest,
      ...said,
      ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    }));
