import { describe, expect, it } from 'vitest';
import { dig, listAt, readBody, startStage } from './support/stage.ts';
import type { Stage } from './support/stage.ts';
import { chatCall, chatCalls, chatResult, chatTool, user } from './support/tools.ts';
import { googleStream } from './support/wire-google.ts';

const MODEL = 'gemini-3-pro-preview';
const SIGNATURE = 'c2lnbmF0dXJl';
const BYPASS = 'skip_thought_signature_validator';
const QUESTION = {
  messages: [user('Weather and time?')],
  tools: [chatTool('get_weather'), chatTool('get_time')],
};
/** Of a step with two calls Gemini signs the first. */
const TWO_CALLS = googleStream([
  [
    { functionCall: { name: 'get_weather', args: { city: 'Paris' } }, thoughtSignature: SIGNATURE },
    { functionCall: { name: 'get_time', args: { city: 'Rome' } } },
  ],
]);

/** The message with the two calls, as the client was told it. */
async function firstTurn(stage: Stage): Promise<unknown> {
  stage.script(TWO_CALLS);
  return dig(readBody(await stage.ask('chat', QUESTION)), 'choices', 0, 'message');
}

/** Answers both calls of that message; the parts of the model's content that were sent. */
async function secondTurn(stage: Stage, message: unknown): Promise<readonly unknown[]> {
  const [weather, time] = listAt(message, 'tool_calls').map((call) => String(dig(call, 'id')));
  stage.script(googleStream([[{ text: 'Sunny at noon.' }]])); // by itself it takes its own signatures alone
  const { status } = await stage.ask('chat', {
    ...QUESTION,
    messages: [
      ...QUESTION.messages,
      message,
      chatResult(String(weather), 'sunny'),
      chatResult(String(time), 'noon'),
    ],
  });
  expect(status).toBe(200);
  return listAt(stage.sent(), 'contents', 1, 'parts');
}

const plainCalls = (message: unknown): object =>
  chatCalls(
    ...listAt(message, 'tool_calls').map((call) =>
      chatCall(
        String(dig(call, 'id')),
        String(dig(call, 'function', 'name')),
        String(dig(call, 'function', 'arguments')),
      ),
    ),
  );

const signatures = (parts: readonly unknown[]): readonly unknown[] =>
  parts.map((part) => [dig(part, 'functionCall', 'name'), dig(part, 'thoughtSignature')]);

describe('the signature of a Gemini call', () => {
  it('C063 returns on its own part when a Chat client brings `extra_content` back', async () => {
    const message = await firstTurn(await startStage('google', { model: MODEL }));
    const calls = listAt(message, 'tool_calls');
    expect(dig(calls[0], 'extra_content', 'google', 'thought_signature')).toMatch(/^px1\./);
    expect(dig(calls[1], 'extra_content')).toBeUndefined();
    // A gateway that has never seen the answer: nothing but the client can have brought it.
    const other = await startStage('google', { model: MODEL });
    const parts = await secondTurn(other, { role: 'assistant', content: null, tool_calls: calls });
    expect(signatures(parts)).toEqual([
      ['get_weather', SIGNATURE],
      ['get_time', undefined],
    ]);
  });

  it('C064 is remembered for a client that does not bring it back', async () => {
    const stage = await startStage('google', { model: MODEL });
    const parts = await secondTurn(stage, plainCalls(await firstTurn(stage)));
    expect(signatures(parts)).toEqual([
      ['get_weather', SIGNATURE],
      ['get_time', undefined],
    ]);
  });

  it('C064 is waived on the first call of a step that nobody remembers', async () => {
    const message = await firstTurn(await startStage('google', { model: MODEL }));
    const parts = await secondTurn(await startStage('google', { model: MODEL }), plainCalls(message));
    expect(signatures(parts)).toEqual([
      ['get_weather', BYPASS],
      ['get_time', undefined],
    ]);
  });

  it('C064 is not waived where none is asked for', async () => {
    const message = await firstTurn(await startStage('google', { model: MODEL }));
    const parts = await secondTurn(
      await startStage('google', { model: 'gemini-2.5-pro' }),
      plainCalls(message),
    );
    expect(signatures(parts)).toEqual([
      ['get_weather', undefined],
      ['get_time', undefined],
    ]);
  });
});
