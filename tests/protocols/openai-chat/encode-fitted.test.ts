import { describe, expect, it } from 'vitest';
import { fitRequest } from '../../../src/fitting/fit-request.ts';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { ChatRequest, FunctionTool } from '../../../src/kernel/conversation.ts';
import { parseJson, writeJson } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { openaiChat } from '../../../src/protocols/openai-chat/index.ts';
import { readChatRequest } from '../../../src/sandbox/chat/read.ts';
import type { Question } from '../../../src/sandbox/question.ts';
import { ask, assistant, call, COMMON, OPENAI, PNG, result, results, text, user } from './encode-support.ts';

const { upstream } = openaiChat;

/** The body of a request that has been fitted to the dialect, as it goes out. */
function send(members: Partial<ChatRequest>, capabilities: Capabilities = COMMON): JsonObject {
  const losses = createLossLog();
  const { issuer, toolRules, stopRule } = upstream;
  const context = { issuer, toolRules, stopRule, capabilities, losses, recall: () => undefined };
  const { request } = fitRequest(ask(members), context);
  const body = upstream.encodeRequest(request, { capabilities, losses, names: request.names });
  return parseJson(writeJson({ ...body, model: 'm' })) as JsonObject;
}

/** What a strict service understands of a body; it throws at what it would refuse. */
const read = (body: JsonObject): Question =>
  readChatRequest({
    body,
    bodyText: writeJson(body),
    header: () => undefined,
    pathModel: undefined,
    pathStream: undefined,
  });

const tool = (name: string): FunctionTool => ({ kind: 'function', at: 'tools[0]', name, schema: {} });

describe('openai-chat fitted requests', () => {
  it('give a tool a legal name and a call a legal id, the same everywhere (C081, C082)', () => {
    const name = `mcp.${'n'.repeat(86)}`;
    const id = 'c'.repeat(200);
    const body = send({
      tools: [tool(name)],
      toolChoice: { type: 'tool', name },
      turns: [user(text('hi')), assistant(call(id, '{}', { name })), results(result(id, [text('sun')]))],
    });
    const legalName = expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/) as string;
    const legalId = expect.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/) as string;
    expect(body).toMatchObject({
      tools: [{ function: { name: legalName } }],
      messages: [
        {},
        { tool_calls: [{ id: legalId, function: { name: legalName } }] },
        { tool_call_id: legalId, name: legalName },
      ],
    });
    expect(read(body).choice).toEqual({ kind: 'tool', name: legalName });
  });

  it.each([
    COMMON,
    OPENAI,
    { ...COMMON, midSystem: false, needsReasoningEcho: true },
    { cacheBreakpoints: true },
  ])('are what a strict service takes, with %j', (capabilities) => {
    const cache = { ttl: '5m' } as const;
    const body = send(
      {
        system: [{ role: 'system', text: 'Be brief.', cache }],
        tools: [tool('get_weather'), { kind: 'custom', at: 'tools[1]', name: 'apply_patch' }],
        toolChoice: { type: 'required' },
        parallelToolCalls: false,
        maxTokens: 5,
        stop: ['a', 'b', 'c', 'd', 'e'],
        format: { type: 'json-schema', schema: { type: 'object' } },
        sampling: { temperature: 2, topK: 4 },
        turns: [
          user({ ...text('hi'), cache }),
          assistant({ kind: 'reasoning', raw: 'Hm.' }, call('call_1', ''), call('call_2', '')),
          user(text('And?')),
          results(result('call_2', [PNG], { isError: true })),
          { role: 'system', at: 'messages[3]', parts: [text('Stop.')] },
          assistant({ kind: 'refusal', text: 'I cannot.' }),
          user(text('Go on.'), PNG),
        ],
      },
      capabilities,
    );
    expect(read(body)).toMatchObject({
      turn: 'user',
      text: 'Go on.',
      media: { images: 1 },
      parallel: false,
      maxTokens: 5,
      stops: ['a', 'b', 'c', 'd'],
      tools: [{ name: 'get_weather' }, { name: 'apply_patch' }],
      choice: { kind: 'any' },
      format: { schema: { type: 'object' } },
    });
  });

  it('answer every call before anything else is said', () => {
    const turns = [
      user(text('hi')),
      assistant(call('call_1'), call('call_2')),
      results(result('call_2', [text('rain')]), result('call_1', [text('sun')])),
    ];
    expect(read(send({ turns }))).toMatchObject({ turn: 'tool', results: ['sun', 'rain'] });
  });
});
