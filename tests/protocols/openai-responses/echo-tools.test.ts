import { describe, expect, it } from 'vitest';
import type { Tool, ToolChoice } from '../../../src/kernel/conversation.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { answerContext, ask, client, replyWith } from './support.ts';

const weather: Tool = { kind: 'function', at: 'tools[0]', name: 'get_weather', strict: true };
const shell: Tool = { kind: 'function', at: 'tools[1]', name: 'shell', builtin: 'shell', schema: {} };
const inClock = (name: string): Tool => ({ kind: 'custom', at: 'tools[2]', name, namespace: 'clock' });
const search: Tool = {
  kind: 'hosted',
  at: 'tools[3]',
  protocol: 'openai-responses',
  type: 'web_search',
  raw: { type: 'web_search', search_context_size: 'low' },
};
const echoed = (members: Parameters<typeof ask>[0]): JsonObject =>
  client.encodeReply(replyWith([]), answerContext(ask(members)));

describe('the tools that a response repeats', () => {
  it('have the form that the client gave them', () => {
    expect(echoed({ tools: [inClock('now'), weather, shell, inClock('zone'), search] })['tools']).toEqual([
      {
        type: 'namespace',
        name: 'clock',
        description: 'clock',
        tools: [
          { type: 'custom', name: 'now' },
          { type: 'custom', name: 'zone' },
        ],
      },
      {
        type: 'function',
        name: 'get_weather',
        parameters: { type: 'object', properties: {} },
        strict: true,
      },
      { type: 'shell' },
      { type: 'web_search', search_context_size: 'low' },
    ]);
  });

  it.each<[string, ToolChoice, Json]>([
    ['a function', { type: 'tool', name: 'get_weather' }, { type: 'function', name: 'get_weather' }],
    ['a built-in tool', { type: 'tool', name: 'shell' }, { type: 'shell' }],
    [
      'a tool of a namespace',
      { type: 'tool', name: 'now', namespace: 'clock' },
      { type: 'custom', name: 'now', namespace: 'clock' },
    ],
    ['a tool of the service', { type: 'hosted', name: 'web_search' }, { type: 'web_search' }],
    ['any', { type: 'required' }, 'required'],
  ])('are chosen as the client wrote it: %s', (_name, toolChoice, expected) => {
    const tools = [weather, shell, inClock('now'), search];
    expect(echoed({ tools, toolChoice })['tool_choice']).toEqual(expected);
  });

  it('stand beside the number of rivals that was asked for', () => {
    expect(echoed({ logprobs: { top: 3 } })['top_logprobs']).toBe(3);
  });
});
