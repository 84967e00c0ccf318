import { describe, expect, it } from 'vitest';
import { dig, listAt, notesOf, readBody, readEvents, startStage } from './support/stage.ts';
import type { Stage } from './support/stage.ts';
import { CITY, lastOf, responsesTool } from './support/tools.ts';
import { callDelta, chatStream } from './support/wire-chat.ts';

const GRAMMAR = 'start: "*** Begin Patch" /.+/';
const APPLY_PATCH = {
  type: 'custom',
  name: 'apply_patch',
  description: 'Edits files.',
  format: { type: 'grammar', syntax: 'lark', definition: GRAMMAR },
};
const PATCH = '*** Begin Patch\n+ "quoted" \\ line\n*** End Patch';
const WRAPPED = JSON.stringify({ input: PATCH });
const NAMESPACE = { type: 'namespace', name: 'files', description: '', tools: [responsesTool('read')] };

/** The output items of a Responses answer in either form. */
async function outputOf(stage: Stage, body: object, stream: boolean): Promise<readonly unknown[]> {
  const answer = await stage.ask('responses', { input: 'Go.', stream, ...body });
  expect(answer.status).toBe(200);
  return stream
    ? listAt(lastOf(readEvents(answer), 'response.completed'), 'response', 'output')
    : listAt(readBody(answer), 'output');
}

describe('C074 a tool for free text, for a model that knows functions alone', () => {
  it.each([true, false])(
    'is a function of one text, and its calls free text again, stream: %s',
    async (stream) => {
      const stage = await startStage('common');
      stage.script(
        chatStream(
          [
            callDelta(0, { id: 'call_a', name: 'apply_patch', arguments: WRAPPED.slice(0, 20) }),
            callDelta(0, { arguments: WRAPPED.slice(20) }),
          ],
          'tool_calls',
        ),
      );
      const output = await outputOf(stage, { tools: [APPLY_PATCH] }, stream);
      const [tool] = listAt(stage.sent(), 'tools');
      expect(tool).toMatchObject({
        type: 'function',
        function: {
          name: 'apply_patch',
          parameters: { properties: { input: { type: 'string' } }, required: ['input'] },
        },
      });
      expect(dig(tool, 'function', 'description')).toContain('Edits files.');
      expect(dig(tool, 'function', 'description')).toContain(GRAMMAR);
      expect(output).toMatchObject([
        { type: 'custom_tool_call', call_id: 'call_a', name: 'apply_patch', input: PATCH },
      ]);
    },
  );

  it('streams as one piece of free text that the SDK reads', async () => {
    const stage = await startStage('common');
    const answer = chatStream(
      [callDelta(0, { id: 'call_a', name: 'apply_patch', arguments: WRAPPED })],
      'tool_calls',
    );
    stage.script(answer, answer);
    const events = readEvents(
      await stage.ask('responses', { input: 'Go.', stream: true, tools: [APPLY_PATCH] }),
    );
    const told = events.filter(({ event }) => event?.startsWith('response.custom_tool_call_input.'));
    expect(told.map(({ event, data }) => [event, dig(data, 'delta') ?? dig(data, 'input')])).toEqual([
      ['response.custom_tool_call_input.delta', PATCH],
      ['response.custom_tool_call_input.done', PATCH],
    ]);
    const tool = { type: 'custom', name: 'apply_patch' } as const;
    const response = await stage.openai.responses
      .stream({ model: stage.model, input: 'Go.', tools: [tool] })
      .finalResponse();
    expect(response.output).toMatchObject([{ type: 'custom_tool_call', input: PATCH }]);
  });

  it('takes bare text of the model as it is', async () => {
    const stage = await startStage('common');
    stage.script(
      chatStream([callDelta(0, { id: 'call_a', name: 'apply_patch', arguments: PATCH })], 'tool_calls'),
    );
    const output = await outputOf(stage, { tools: [APPLY_PATCH] }, false);
    expect(output).toMatchObject([{ type: 'custom_tool_call', input: PATCH }]);
  });
});

it('C075 calls of free text in the history are wrapped in the same way', async () => {
  const stage = await startStage('anthropic');
  const { status } = await stage.ask('responses', {
    input: [
      { role: 'user', content: 'Go.' },
      { type: 'custom_tool_call', call_id: 'call_a', name: 'apply_patch', input: PATCH },
      { type: 'custom_tool_call_output', call_id: 'call_a', output: 'done' },
    ],
    tools: [APPLY_PATCH],
  });
  expect(status).toBe(200);
  const [, call, result] = listAt(stage.sent(), 'messages');
  expect(call).toMatchObject({
    role: 'assistant',
    content: [{ type: 'tool_use', id: 'call_a', name: 'apply_patch', input: { input: PATCH } }],
  });
  expect(result).toMatchObject({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_a' }] });
  expect(JSON.stringify(dig(result, 'content', 0, 'content'))).toContain('done');
});

describe('a namespace', () => {
  it.each([true, false])(
    'C076 is part of a flat name upstream and apart again in calls, stream: %s',
    async (stream) => {
      const stage = await startStage('common');
      stage.script(
        chatStream(
          [callDelta(0, { id: 'call_a', name: 'files__read', arguments: '{"city":"Paris"}' })],
          'tool_calls',
        ),
      );
      const output = await outputOf(stage, { tools: [NAMESPACE, responsesTool('read')] }, stream);
      expect(listAt(stage.sent(), 'tools').map((tool) => dig(tool, 'function', 'name'))).toEqual([
        'files__read',
        'read',
      ]);
      expect(output).toMatchObject([
        { type: 'function_call', call_id: 'call_a', name: 'read', namespace: 'files' },
      ]);
    },
  );

  it('C076 is part of the name of calls in the history', async () => {
    const stage = await startStage('common');
    const call = { type: 'function_call', call_id: 'call_a', name: 'read', arguments: '{"city":"Paris"}' };
    const { status } = await stage.ask('responses', {
      input: [
        { role: 'user', content: 'Go.' },
        { ...call, namespace: 'files' },
        { type: 'function_call_output', call_id: 'call_a', output: 'done' },
      ],
      tools: [NAMESPACE],
    });
    expect(status).toBe(200);
    expect(listAt(stage.sent(), 'messages')[1]).toMatchObject({
      role: 'assistant',
      tool_calls: [{ id: 'call_a', function: { name: 'files__read' } }],
    });
  });

  it('C077 whose tool collides with another is refused, naming both', async () => {
    const stage = await startStage('common');
    const { status, text } = await stage.ask('responses', {
      input: 'Go.',
      tools: [responsesTool('files__read'), NAMESPACE],
    });
    expect(status).toBe(400);
    const error = dig(JSON.parse(text) as unknown, 'error');
    expect(dig(error, 'param')).toBe('tools[1].tools[0].name');
    expect(dig(error, 'message')).toContain('"read" of the namespace "files"');
    expect(dig(error, 'message')).toContain('"files__read"');
    expect(stage.gateway.sandbox.requests).toHaveLength(0);
  });
});

describe('tools that run at OpenAI', () => {
  it('C078 are left out for Messages, and noted', async () => {
    const stage = await startStage('anthropic');
    const answer = await stage.ask('responses', {
      input: 'Go.',
      tools: [
        { type: 'web_search' },
        responsesTool('get_weather'),
        { type: 'image_generation', output_format: 'png' },
      ],
      tool_choice: 'auto',
    });
    expect(answer.status).toBe(200);
    expect(listAt(stage.sent(), 'tools').map((tool) => dig(tool, 'name'))).toEqual(['get_weather']);
    expect(notesOf(answer)).toEqual(expect.arrayContaining(['tools[0]=dropped', 'tools[2]=dropped']));
  });

  it('C078 leave no empty list of tools behind', async () => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('responses', { input: 'Go.', tools: [{ type: 'web_search' }] });
    expect(status).toBe(200);
    expect(stage.sent()).not.toHaveProperty('tools');
    expect(stage.sent()).not.toHaveProperty('tool_choice');
  });

  it('C079 cannot be demanded of Messages', async () => {
    const stage = await startStage('anthropic');
    const { status, text } = await stage.ask('responses', {
      input: 'Go.',
      tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }, responsesTool('get_weather')],
      tool_choice: { type: 'file_search' },
    });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      error: { type: 'invalid_request_error', param: 'tool_choice' },
    });
    expect(stage.gateway.sandbox.requests).toHaveLength(0);
  });
});

it('C080 tools that come in the course of the conversation are offered', async () => {
  const stage = await startStage('anthropic');
  const { status } = await stage.ask('responses', {
    input: [
      { role: 'user', content: 'Go.' },
      { type: 'additional_tools', role: 'developer', tools: [responsesTool('get_time')] },
      { role: 'user', content: 'Now.' },
    ],
    tools: [responsesTool('get_weather')],
  });
  expect(status).toBe(200);
  expect(listAt(stage.sent(), 'tools')).toMatchObject([
    { name: 'get_weather', input_schema: CITY },
    { name: 'get_time', input_schema: CITY },
  ]);
});
