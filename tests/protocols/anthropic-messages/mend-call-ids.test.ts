import { describe, expect, it } from 'vitest';
import { createCarrier } from '../../../src/kernel/carrier.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { mendCallIds } from '../../../src/protocols/anthropic-messages/mend-call-ids.ts';
import { override, USER } from './override.ts';

const answer = (...content: readonly JsonObject[]): JsonObject => ({
  role: 'assistant',
  content: [...content],
});
const said = (...content: readonly JsonObject[]): JsonObject => ({ role: 'user', content: [...content] });
const toolUse = (id: string): JsonObject => ({
  type: 'tool_use',
  id,
  name: 'Bash',
  input: { id: 'functions.x:0' },
});
const result = (tool_use_id: string): JsonObject => ({
  type: 'tool_result',
  tool_use_id,
  content: 'functions.x:0',
});
const TEXT: JsonObject = { type: 'text', text: '"functions.Bash:0" is an id' };

const messagesAfter = (...messages: readonly JsonObject[]): unknown =>
  override({ messages: [USER, ...messages] }, {}).body['messages'];

describe('anthropic-messages ids of calls in a history', () => {
  it("are mended where Kimi's own cannot stand, in a call and its result alike", () => {
    expect(
      messagesAfter(
        answer(TEXT, toolUse('functions.Bash:0'), toolUse('functions.my-Tool:1')),
        said(result('functions.Bash:0'), result('functions.my-Tool:1'), TEXT),
      ),
    ).toEqual([
      USER,
      answer(TEXT, toolUse('functions_Bash_0'), toolUse('functions_my-Tool_1')),
      said(result('functions_Bash_0'), result('functions_my-Tool_1'), TEXT),
    ]);
  });

  it('are mended beside thinking that is taken out', () => {
    const carrier = createCarrier(
      { issuer: 'gemini', family: '', kind: 'thoughtSignature', data: 'z' },
      'hm',
    );
    const thinking = { type: 'thinking', thinking: 'hm', signature: carrier };
    expect(messagesAfter(answer(thinking, toolUse('call:0')))).toEqual([USER, answer(toolUse('call_0'))]);
  });

  it.each<[JsonObject]>([
    [answer(TEXT, toolUse('toolu_1'))],
    [said(TEXT, result('call-1'))],
    [answer({ type: 'server_tool_use', id: 'functions.search:0', name: 'web_search', input: {} })],
    [said({ type: 'tool_result' }, { type: 'tool_use', id: 5 })],
    [{ role: 'user', content: 'functions.Bash:0' }],
  ])('stay in the very same message when nothing is wrong with them: %j', (message) => {
    expect(mendCallIds(message)).toBe(message);
  });
});
