import { describe, expect, it } from 'vitest';
import { dig, listAt, notesOf, readBody, readEvents, startStage } from './support/stage.ts';
import type { Client } from './support/stage.ts';
import { chatChunk } from './support/wire-chat.ts';
import { dataLines, jsonOf, streamOf } from './support/wire.ts';

const TEXT = 'The sea is blue because it takes the red out of the light. '.repeat(4);
const PROMPT = 'Why is the sea blue? '.repeat(30);

/** An answer whose service tells no usage at all. */
const silent = streamOf(
  dataLines(
    chatChunk({ role: 'assistant', content: '' }),
    chatChunk({ content: TEXT }),
    chatChunk({}, 'stop'),
    '[DONE]',
  ),
);
const silentBody = jsonOf({
  id: 'chatcmpl-up',
  object: 'chat.completion',
  created: 1764000000,
  model: 'upstream-model',
  choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
});

const question = (client: Client): object =>
  client === 'responses' ? { input: PROMPT } : { messages: [{ role: 'user', content: PROMPT }] };

describe('the tokens of an answer whose upstream tells none', () => {
  it.each([
    ['messages', silent],
    ['messages', silentBody],
    ['responses', silent],
    ['responses', silentBody],
  ] as const)(
    'C127 are estimated in a body for a %s client, and the answer says so',
    async (client, upstream) => {
      const { ask, script } = await startStage('common');
      script(upstream);
      const answer = await ask(client, question(client));
      const { input_tokens, output_tokens } = dig(readBody(answer), 'usage') as Record<string, number>;
      expect(input_tokens).toBeGreaterThan(100);
      expect(input_tokens).toBeLessThan(400);
      expect(output_tokens).toBeGreaterThan(40);
      expect(output_tokens).toBeLessThan(120);
      expect(notesOf(answer)).toContain('usage=estimated');
    },
  );

  it('C127 are estimated in a Messages stream: the input when it begins, all of it when it ends', async () => {
    const { ask, script } = await startStage('common');
    script(silent);
    const events = readEvents(await ask('messages', { ...question('messages'), stream: true }));
    const begun = dig(events[0]?.data, 'message', 'usage', 'input_tokens');
    const told = dig(events.at(-2)?.data, 'usage') as Record<string, number>;
    expect(begun).toBeGreaterThan(100);
    expect(told['input_tokens']).toBe(begun);
    expect(told['output_tokens']).toBeGreaterThan(40);
    expect(told['output_tokens']).toBeLessThan(120);
  });

  it('C127 are estimated in a Responses stream', async () => {
    const { ask, script } = await startStage('common');
    script(silent);
    const events = readEvents(await ask('responses', { ...question('responses'), stream: true }));
    const told = dig(events.at(-1)?.data, 'response', 'usage') as Record<string, number>;
    expect(told['input_tokens']).toBeGreaterThan(100);
    expect(told['output_tokens']).toBeGreaterThan(40);
    expect(told['total_tokens']).toBe((told['input_tokens'] ?? 0) + (told['output_tokens'] ?? 0));
  });

  it('C127 are more for a longer answer, reasoning and arguments of calls included', async () => {
    const { ask, script } = await startStage('common');
    const deltas = [
      { reasoning_content: TEXT },
      { content: TEXT },
      { tool_calls: [{ index: 0, id: 'call_1', function: { name: 'look', arguments: `{"at":"${TEXT}"}` } }] },
    ];
    const chunks = deltas.map((delta) => chatChunk(delta));
    script(streamOf(dataLines(...chunks, chatChunk({}, 'tool_calls'), '[DONE]')));
    const tools = [{ name: 'look', input_schema: { type: 'object', properties: {} } }];
    const answer = readBody(await ask('messages', { ...question('messages'), tools }));
    expect(listAt(answer, 'content')).toHaveLength(3);
    expect(dig(answer, 'usage', 'output_tokens')).toBeGreaterThan(3 * 40);
  });

  it('C127 are not estimated where the upstream tells them', async () => {
    const { ask } = await startStage('common');
    expect(notesOf(await ask('messages', question('messages')))).not.toContain('usage=estimated');
  });
});
