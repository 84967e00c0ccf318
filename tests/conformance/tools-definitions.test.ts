import { describe, expect, it } from 'vitest';
import { dig, listAt, readBody, readEvents, startStage } from './support/stage.ts';
import { chatTool, CITY, messagesCalls, messagesTool, toolResult, toolUse, user } from './support/tools.ts';

const LONG_NAME = 'mcp.server.example.com.'.repeat(4).slice(0, 90);
const LONG_ID = `toolu_${'x'.repeat(194)}`;
const LEGAL_NAME = /^[A-Za-z0-9_-]{1,64}$/;

describe('C081 a tool name of 90 characters with dots', () => {
  const body = {
    messages: [
      user('Weather?'),
      { role: 'assistant', content: [toolUse('toolu_1', LONG_NAME, { city: 'Paris' })] },
      user([toolResult('toolu_1', 'sunny')]),
    ],
    tools: [messagesTool(LONG_NAME), messagesTool('get_time')],
  };

  it('is a legal one upstream, the same in tools, choice and history', async () => {
    const stage = await startStage('common');
    const { status } = await stage.ask('messages', {
      ...body,
      tool_choice: { type: 'tool', name: LONG_NAME },
    });
    expect(status).toBe(200);
    const [long, short] = listAt(stage.sent(), 'tools').map((tool) => dig(tool, 'function', 'name'));
    expect(LONG_NAME).toHaveLength(90);
    expect(long).toMatch(LEGAL_NAME);
    expect(short).toBe('get_time');
    expect(dig(stage.sent(), 'messages', 1, 'tool_calls', 0, 'function', 'name')).toBe(long);
    expect(dig(stage.sent(), 'tool_choice', 'function', 'name')).toBe(long);
  });

  it.each([true, false])('is itself again in calls, stream: %s', async (stream) => {
    const stage = await startStage('common');
    const answer = await stage.ask('messages', {
      stream,
      messages: [user('Weather?')],
      tools: [messagesTool(LONG_NAME)],
    });
    const names = stream
      ? messagesCalls(readEvents(answer)).map(({ name }) => name)
      : listAt(readBody(answer), 'content')
          .filter((block) => dig(block, 'type') === 'tool_use')
          .map((block) => dig(block, 'name'));
    expect(names).toEqual([LONG_NAME]);
  });
});

it('C082 a call id of 200 characters is the same short one on call and result', async () => {
  const stage = await startStage('common');
  const { status } = await stage.ask('messages', {
    messages: [
      user('Weather?'),
      { role: 'assistant', content: [toolUse(LONG_ID, 'get_weather', { city: 'Paris' })] },
      user([toolResult(LONG_ID, 'sunny')]),
    ],
    tools: [messagesTool('get_weather')],
  });
  expect(LONG_ID).toHaveLength(200);
  expect(status).toBe(200);
  const id = dig(stage.sent(), 'messages', 1, 'tool_calls', 0, 'id');
  expect(id).toMatch(/^call_[a-z2-7]{24}$/);
  expect(dig(stage.sent(), 'messages', 2, 'tool_call_id')).toBe(id);
});

describe('what a tool leaves out', () => {
  it.each([
    { strict: undefined, sent: false },
    { strict: null, sent: false },
    { strict: true, sent: true },
  ])('C083 is written for Responses, which has another default: strict $strict', async ({ strict, sent }) => {
    const stage = await startStage('openai');
    const schema = { ...CITY, additionalProperties: false };
    const { status } = await stage.ask('chat', {
      messages: [user('Weather?')],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: schema, strict } }],
    });
    expect(status).toBe(200);
    expect(dig(stage.sent(), 'tools', 0)).toEqual({
      type: 'function',
      name: 'get_weather',
      parameters: schema,
      strict: sent,
    });
  });

  it.each([undefined, null, {}])(
    'C084 is an empty schema for Messages: parameters %j',
    async (parameters) => {
      const stage = await startStage('anthropic');
      const { status } = await stage.ask('chat', {
        messages: [user('Ping.')],
        tools: [{ type: 'function', function: { name: 'ping', parameters } }],
      });
      expect(status).toBe(200);
      expect(dig(stage.sent(), 'tools', 0)).toMatchObject({ name: 'ping' });
      expect(dig(stage.sent(), 'tools', 0, 'input_schema')).toEqual({ type: 'object', properties: {} });
    },
  );
});

describe('C085 a schema for Gemini', () => {
  const SCHEMA = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      format: { type: 'string', const: 'json' },
      count: { type: 'integer', exclusiveMinimum: 0 },
      ratio: { type: 'number', exclusiveMinimum: 0 },
      tags: { type: 'array', items: { type: 'string', pattern: '^a' }, uniqueItems: true },
      const: { type: 'object', properties: {}, patternProperties: { '^x-': { type: 'string' } } },
    },
    patternProperties: { '^x-': { type: 'string' } },
    required: ['format'],
  };

  it('holds nothing that Gemini refuses, and every property', async () => {
    const stage = await startStage('google');
    const { status } = await stage.ask('messages', {
      messages: [user('Go.')],
      tools: [messagesTool('export', SCHEMA)],
    });
    expect(status).toBe(200);
    expect(dig(stage.sent(), 'tools', 0, 'functionDeclarations', 0, 'parametersJsonSchema')).toEqual({
      type: 'object',
      properties: {
        format: { type: 'string', enum: ['json'] },
        count: { type: 'integer', minimum: 1 },
        ratio: { type: 'number', minimum: 0 },
        tags: { type: 'array', items: { type: 'string' } },
        const: { type: 'object', properties: {} },
      },
      required: ['format'],
    });
  });

  it('is in the words of OpenAPI where nothing else is read', async () => {
    const stage = await startStage('google', { capabilities: { jsonSchemaParams: false } });
    const { status } = await stage.ask('messages', {
      messages: [user('Go.')],
      tools: [messagesTool('export', { ...SCHEMA, additionalProperties: false })],
    });
    expect(status).toBe(200);
    const declaration = dig(stage.sent(), 'tools', 0, 'functionDeclarations', 0);
    expect(declaration).not.toHaveProperty('parametersJsonSchema');
    expect(dig(declaration, 'parameters')).not.toHaveProperty('additionalProperties');
    expect(dig(declaration, 'parameters', 'properties', 'format')).toMatchObject({ enum: ['json'] });
  });

  it('is the same whichever client sends it', async () => {
    const stage = await startStage('google');
    const { status } = await stage.ask('chat', {
      messages: [user('Go.')],
      tools: [chatTool('export', SCHEMA)],
    });
    expect(status).toBe(200);
    const properties = dig(
      stage.sent(),
      ...['tools', 0, 'functionDeclarations', 0, 'parametersJsonSchema', 'properties'],
    );
    expect(Object.keys(properties as object)).toEqual(['format', 'count', 'ratio', 'tags', 'const']);
  });
});
