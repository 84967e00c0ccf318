import fc from 'fast-check';
import type { AssistantPart, ChatRequest, Tool, Turn, UserPart } from '../../src/kernel/conversation.ts';
import { emptyRequest } from './empty-request.ts';

/** What every client can say, and says in its own way. */
export type Dialogue = Pick<
  ChatRequest,
  | 'system'
  | 'turns'
  | 'tools'
  | 'toolChoice'
  | 'parallelToolCalls'
  | 'sampling'
  | 'maxTokens'
  | 'format'
  | 'stream'
>;

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 });
const text = fc.record({ kind: fc.constant('text' as const), text: words });
const args = fc.constantFrom('{}', '{"n":9007199254740993123}', '{"__proto__":{"a":[1.5,"é"]}}');
const schema = fc.constantFrom(
  { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  { type: 'object', properties: {}, additionalProperties: false },
);

const picture: fc.Arbitrary<UserPart> = fc.constantFrom(
  { kind: 'image', source: { type: 'base64', data: 'iVBORw0KGgo=', mediaType: 'image/png' } },
  { kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
);

const user: fc.Arbitrary<Turn> = fc
  .array(fc.oneof(text, text, picture), { minLength: 1, maxLength: 3 })
  .map((parts) => ({ role: 'user', at: '', parts }));

/** An answer, with the results of the calls that it makes. */
const answer: fc.Arbitrary<readonly Turn[]> = fc
  .tuple(
    fc.array(text, { maxLength: 2 }),
    fc.array(fc.record({ name: fc.constantFrom('f', 'g'), args, words })),
    fc.nat(),
  )
  .map(([said, made, seed]): readonly Turn[] => {
    const calls = made.slice(0, 3).map((call, index) => ({ ...call, id: `call_${seed}_${index}` }));
    const parts: readonly AssistantPart[] = [
      ...said,
      ...calls.map(({ id, name, args: given }) => ({
        kind: 'tool-call' as const,
        id,
        callKind: 'function' as const,
        name,
        args: given,
      })),
    ];
    if (parts.length === 0) return [];
    const results = calls.map(({ id, words: result }) => ({
      at: '',
      callId: id,
      callKind: 'function' as const,
      parts: [{ kind: 'text' as const, text: result }],
    }));
    const answered: readonly Turn[] = calls.length === 0 ? [] : [{ role: 'tool', at: '', results }];
    return [{ role: 'assistant', at: '', parts }, ...answered];
  });

const turns: fc.Arbitrary<readonly Turn[]> = fc
  .tuple(user, fc.array(fc.tuple(answer, user), { maxLength: 3 }))
  .map(([first, rest]) => [first, ...rest.flatMap(([answered, next]) => [...answered, next])]);

const tool = (name: string): fc.Arbitrary<Tool> =>
  fc.record(
    {
      kind: fc.constant('function' as const),
      at: fc.constant(''),
      name: fc.constant(name),
      description: words,
      schema,
      strict: fc.boolean(),
    },
    { requiredKeys: ['kind', 'at', 'name', 'schema', 'strict'] },
  );

/** A conversation as every client can have it. */
export const dialogue: fc.Arbitrary<Dialogue> = fc
  .record(
    {
      stream: fc.boolean(),
      system: fc.array(
        words.map((system) => ({ role: 'system' as const, text: system })),
        { maxLength: 1 },
      ),
      turns,
      tools: fc.tuple(tool('f'), tool('g')),
      maxTokens: fc.integer({ min: 16, max: 9999 }),
      sampling: fc.record(
        { temperature: fc.constantFrom(0, 0.5, 1), topP: fc.constantFrom(0.25, 1) },
        { requiredKeys: [] },
      ),
      toolChoice: fc.oneof(
        fc.record({ type: fc.constantFrom('auto' as const, 'required' as const, 'none' as const) }),
        fc.constant({ type: 'tool', name: 'f' } as const),
      ),
      parallelToolCalls: fc.boolean(),
      format: fc.record({
        type: fc.constant('json-schema' as const),
        schema,
        strict: fc.constant(true),
      }),
    },
    { requiredKeys: ['stream', 'system', 'turns', 'tools', 'maxTokens', 'sampling'] },
  )
  .map((drawn) => ({ ...emptyRequest, ...drawn }));
