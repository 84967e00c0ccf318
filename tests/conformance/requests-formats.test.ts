import { describe, expect, it } from 'vitest';
import { dig, listAt, notesOf, readBody, startStage } from './support/stage.ts';

const HI = [{ role: 'user', content: 'A person?' }];
const PLAIN = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

describe('a JSON schema that the answer has to fit', () => {
  const strict = (schema: object) => ({
    messages: HI,
    response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema } },
  });

  it('C103 reaches Claude as its output format', async () => {
    const { ask, sent } = await startStage('anthropic', { model: 'claude-opus-4-5-20251101' });
    const answer = await ask('chat', strict(PLAIN));
    expect(answer.status).toBe(200);
    expect(dig(sent(), 'output_config')).toEqual({ format: { type: 'json_schema', schema: PLAIN } });
    expect(sent()).not.toHaveProperty('response_format');
    expect(notesOf(answer)).toEqual([]);
  });

  it('C103 tells Claude what it cannot enforce, and closes open objects', async () => {
    const { ask, sent } = await startStage('anthropic', { model: 'claude-opus-4-5-20251101' });
    const answer = await ask(
      'chat',
      strict({
        type: 'object',
        properties: {
          age: { type: 'integer', minimum: 0, maximum: 150, description: 'In years.' },
          names: { type: 'array', items: { type: 'string', maxLength: 20, pattern: '^[A-Z]' }, maxItems: 3 },
          minimum: { type: 'string' },
        },
        required: ['age', 'names'],
      }),
    );
    expect(answer.status).toBe(200);
    const schema = dig(sent(), 'output_config', 'format', 'schema');
    expect(schema).toEqual({
      type: 'object',
      properties: {
        age: { type: 'integer', description: expect.stringMatching(/^In years\.[^]*0[^]*150/) as string },
        names: {
          type: 'array',
          items: { type: 'string', description: expect.stringMatching(/20[^]*\^\[A-Z\]/) as string },
          description: expect.stringContaining('3') as string,
        },
        minimum: { type: 'string' },
      },
      required: ['age', 'names'],
      additionalProperties: false,
    });
    expect(notesOf(answer)).toEqual(['response_format=constraints-described']);
  });

  it('C103 is refused for a Claude that cannot be held to it', async () => {
    const { ask, gateway } = await startStage('anthropic', { model: 'claude-3-5-haiku-20241022' });
    const answer = await ask('chat', strict(PLAIN));
    expect(answer.status).toBe(400);
    expect(readBody(answer)).toMatchObject({ error: { param: 'response_format' } });
    expect(gateway.sandbox.requests).toHaveLength(0);
  });

  it('C105 reaches Gemini as its JSON schema, with the type of the answer', async () => {
    const { ask, sent } = await startStage('google');
    const { status } = await ask('responses', {
      input: 'A person?',
      text: { format: { type: 'json_schema', name: 'person', strict: true, schema: PLAIN } },
    });
    expect(status).toBe(200);
    expect(dig(sent(), 'generationConfig')).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: PLAIN,
    });
  });

  it('C106 reaches Responses strictly, beside the effort', async () => {
    const { ask, sent } = await startStage('openai', { model: 'gpt-5.2' });
    const { status } = await ask('messages', {
      messages: HI,
      output_config: { effort: 'high', format: { type: 'json_schema', schema: PLAIN } },
    });
    expect(status).toBe(200);
    expect(sent()).toMatchObject({ reasoning: { effort: 'high' } });
    expect(dig(sent(), 'text')).toEqual({
      format: { type: 'json_schema', name: 'response', strict: true, schema: PLAIN },
    });
  });
});

describe('an answer that has to be some JSON object', () => {
  it('C104 is asked of Claude by a line of system text behind the client’s own', async () => {
    const { ask, sent } = await startStage('anthropic');
    const answer = await ask('chat', {
      messages: [{ role: 'system', content: 'Be kind.' }, ...HI],
      response_format: { type: 'json_object' },
    });
    expect(answer.status).toBe(200);
    expect(listAt(sent(), 'system')).toEqual([
      { type: 'text', text: 'Be kind.' },
      { type: 'text', text: expect.stringMatching(/JSON object/) as string },
    ]);
    expect(sent()).not.toHaveProperty('output_config');
    expect(notesOf(answer)).toEqual(['response_format=emulated']);
  });
});
