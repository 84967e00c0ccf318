import { describe, expect, it } from 'vitest';
import { seal } from '../../src/sandbox/seal.ts';
import { ask, jsonOf, openSandbox, PATHS } from './raw-client.ts';

type Fields = Record<string, unknown>;

const content = (role: string, ...parts: unknown[]): Fields => ({ role, parts });
const asked = content('user', { text: 'hi' });
const base = { model: 'gemini-2.5-pro', contents: [asked] };
const call = { functionCall: { name: 'get', args: {} } };
const response = { functionResponse: { name: 'get', response: { output: 'done' } } };
const declared = (declaration: Fields): Fields => ({
  tools: [{ functionDeclarations: [{ name: 'get', ...declaration }] }],
});
const schema = (parameters: Fields): Fields => declared({ parameters });
const jsonSchema = (parametersJsonSchema: Fields): Fields => declared({ parametersJsonSchema });
const after = (...contents: unknown[]): Fields => ({ contents: [asked, ...contents] });

async function answerTo(
  change: Fields,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return ask(await openSandbox(), { path: PATHS.generate, body: { ...base, ...change } });
}

describe('what the sandbox refuses as the Gemini API', () => {
  it.each<[string, Fields, string]>([
    ['a missing model', { model: undefined }, 'model is not specified'],
    ['missing contents', { contents: undefined }, 'contents is not specified'],
    ['an unknown field', { stream: true }, 'Unknown name "stream": Cannot find field.'],
    [
      'an unknown setting',
      { generationConfig: { top_p: 1 } },
      'Unknown name "top_p" at \'generation_config\'',
    ],
    ['an unknown field of a content', { contents: [{ ...asked, name: 'x' }] }, '"name" at \'contents[0]\''],
    ['an unknown role', { contents: [content('assistant', { text: 'x' })] }, 'valid role: user, model'],
    ['a content of nothing', { contents: [content('user')] }, 'must not be empty'],
    ['a part of nothing', { contents: [content('user', {})] }, "required oneof field 'data'"],
    ['an unknown field of a part', { contents: [content('user', { type: 'text', text: 'x' })] }, '"type" at'],
    ['a call without name', after(content('model', { functionCall: { args: {} } })), 'Name cannot be empty'],
    [
      'a call whose args are text',
      after(content('model', { functionCall: { name: 'get', args: '{}' } })),
      'functionCall.args',
    ],
    [
      'a response that is text',
      after(content('model', call), content('user', { functionResponse: { name: 'get', response: 'x' } })),
      'functionResponse.response',
    ],
    [
      'fewer responses than calls',
      after(content('model', call, call), content('user', response)),
      'number of function response parts',
    ],
    [
      'text in place of the response',
      after(content('model', call), asked),
      'number of function response parts',
    ],
    ['a response without call', after(content('user', response)), 'immediately after a function call turn'],
    ['a call at the very start', { contents: [content('model', call)] }, 'immediately after a user turn'],
    [
      'a signature of another service',
      after(content('model', { text: 'x', thoughtSignature: seal('openai', 'x') })),
      'Corrupted thought signature',
    ],
    [
      'budget and level at once',
      { generationConfig: { thinkingConfig: { thinkingBudget: 1, thinkingLevel: 'LOW' } } },
      'only one of thinking budget',
    ],
    ['six stops', { generationConfig: { stopSequences: ['a', 'b', 'c', 'd', 'e', 'f'] } }, 'at most 5'],
    ['a tool of another dialect', { tools: [{ name: 'get' }] }, '"name" at \'tools[0]\''],
    [
      'an unknown field of a declaration',
      declared({ strict: true }),
      '"strict" at \'tools[0].function_declarations[0]\'',
    ],
    ['an illegal name', declared({ name: '1x' }), 'Invalid function name'],
    [
      'two functions of one name',
      { tools: [{ functionDeclarations: [{ name: 'get' }, { name: 'get' }] }] },
      'Duplicate function declaration found: get',
    ],
    [
      'two schemas',
      declared({ parameters: { type: 'OBJECT' }, parametersJsonSchema: { type: 'object' } }),
      'only one of',
    ],
    ['$schema in parameters', schema({ type: 'OBJECT', $schema: 'x' }), '"$schema" at'],
    [
      'additionalProperties in parameters',
      schema({ type: 'OBJECT', additionalProperties: false }),
      '"additionalProperties" at',
    ],
    [
      'const in a property',
      jsonSchema({ type: 'object', properties: { a: { const: 1 } } }),
      '"const" at \'tools[0].function_declarations[0].parameters_json_schema.properties.a\'',
    ],
    [
      'exclusiveMinimum in items',
      jsonSchema({ type: 'array', items: { exclusiveMinimum: 1 } }),
      'parameters_json_schema.items',
    ],
    ['not in a branch', jsonSchema({ anyOf: [{ type: 'string' }, { not: {} }] }), 'anyOf[1]'],
    ['patternProperties in a definition', jsonSchema({ $defs: { a: { patternProperties: {} } } }), '$defs.a'],
    ['a list of types in parameters', schema({ type: ['string', 'null'] }), 'not repeating'],
    [
      'a foreign keyword in the answer schema',
      { generationConfig: { responseSchema: { $ref: 'x' } } },
      '"$ref" at \'generation_config.response_schema\'',
    ],
    [
      'another one',
      { generationConfig: { responseJsonSchema: { allOf: [] } } },
      '"allOf" at \'generation_config.response_json_schema\'',
    ],
    ['an unknown mode', { toolConfig: { functionCallingConfig: { mode: 'required' } } }, 'mode'],
    [
      'an allowed name that is not declared',
      { toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['x'] } } },
      'subset of the function declarations',
    ],
    [
      'an unsigned call on Gemini 3',
      { model: 'gemini-3-pro', ...after(content('model', call), content('user', response)) },
      'missing a thought_signature',
    ],
  ])('is %s', async (_name, change, message) => {
    const answer = await answerTo(change);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(message) as string },
    });
  });

  it.each<[string, Fields]>([
    [
      'a property named like a keyword',
      jsonSchema({ type: 'object', properties: { const: { type: 'string' }, $schema: { type: 'string' } } }),
    ],
    ['a list of types in a JSON schema', jsonSchema({ type: ['object', 'null'] })],
    ['an unsigned call on Gemini 2', after(content('model', call), content('user', response))],
    [
      'the bypass for calls of other models',
      {
        model: 'gemini-3-pro',
        ...after(
          content('model', { ...call, thoughtSignature: 'skip_thought_signature_validator' }),
          content('user', response),
        ),
      },
    ],
    [
      'an unsigned call of an earlier turn',
      {
        model: 'gemini-3-pro',
        ...after(content('model', call), content('user', response), content('model', { text: 'x' }), asked),
      },
    ],
    ['a hosted tool', { tools: [{ googleSearch: {} }] }],
  ])('is not %s', async (_name, change) => {
    expect((await answerTo(change)).status).toBe(200);
  });

  it.each([
    [{ error: 'broken' }, 'error broken'],
    [{ output: 'fine' }, 'fine'],
    [{ degrees: 21 }, '{\\"degrees\\":21}'],
  ])('quotes the response %j', async (value, quoted) => {
    const part = { functionResponse: { name: 'get', response: value } };
    const path = '/v1beta/models/gemini-2.5-pro:generateContent';
    const body = { contents: [asked, content('model', call), content('user', part)] };
    const answer = await ask(await openSandbox(), { path, body });
    expect(JSON.stringify(jsonOf(answer))).toContain(
      JSON.stringify(`"${quoted.replaceAll('\\"', '"')}"`).slice(1, -1),
    );
  });

  it('is a call without any key at Google', async () => {
    const path = '/v1beta/models/gemini-2.5-pro:generateContent';
    const answer = await ask(await openSandbox(), { path, body: base, headers: {} });
    expect(jsonOf(answer)).toMatchObject({ error: { code: 403, status: 'PERMISSION_DENIED' } });
  });
});
