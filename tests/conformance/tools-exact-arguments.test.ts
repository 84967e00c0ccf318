import { describe, expect, it } from 'vitest';
import { dig, readBody, readEvents, startStage } from './support/stage.ts';
import {
  chatCall,
  chatCalls,
  chatResult,
  chatStreamCalls,
  chatTool,
  messagesTool,
  user,
} from './support/tools.ts';
import { chatStream, callDelta } from './support/wire-chat.ts';
import { messageStream, toolUseBlock } from './support/wire-messages.ts';

/** A number above 2^53, a number with a form of its own, and the key that objects treat in their own way. */
const ARGUMENTS = '{"id":9007199254740993123,"rate":1.10,"__proto__":{"admin":true},"city":"Paris"}';
const TOOLS = [chatTool('get_weather', { type: 'object', properties: {} })];

describe('C073 arguments keep every digit and every key', () => {
  it('on their way to a Messages upstream', async () => {
    const stage = await startStage('anthropic');
    const { status } = await stage.ask('chat', {
      messages: [
        user('Weather?'),
        chatCalls(chatCall('call_a', 'get_weather', ARGUMENTS)),
        chatResult('call_a', 'sunny'),
      ],
      tools: TOOLS,
    });
    expect(status).toBe(200);
    expect(stage.gateway.sandbox.requests.at(-1)?.body).toContain(`"input":${ARGUMENTS}`);
  });

  it.each([true, false])('on their way back from one, stream: %s', async (stream) => {
    const stage = await startStage('anthropic');
    const [begin, end] = [ARGUMENTS.slice(0, 12), ARGUMENTS.slice(12)];
    stage.script(messageStream([toolUseBlock(0, 'toolu_1', 'get_weather', begin, end)], 'tool_use'));
    const answer = await stage.ask('chat', { stream, messages: [user('Weather?')], tools: TOOLS });
    const args = stream
      ? chatStreamCalls(readEvents(answer))[0]?.args
      : dig(readBody(answer), 'choices', 0, 'message', 'tool_calls', 0, 'function', 'arguments');
    expect(args).toBe(ARGUMENTS);
  });

  it('on their way back to a Messages client that wants one body', async () => {
    const stage = await startStage('common');
    stage.script(
      chatStream([callDelta(0, { id: 'call_a', name: 'get_weather', arguments: ARGUMENTS })], 'tool_calls'),
    );
    const { text } = await stage.ask('messages', {
      messages: [user('Weather?')],
      tools: [messagesTool('get_weather')],
    });
    expect(text).toContain(`"input":${ARGUMENTS}`);
  });
});
