import { describe, expect, it } from 'vitest';
import { dig, listAt, startStage } from './support/stage.ts';
import type { Stage } from './support/stage.ts';
import { messagesTool, toolResult, toolUse, user } from './support/tools.ts';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } };
const DATA_URL = `data:image/png;base64,${PNG}`;

/** Two calls; the first answers with words and a picture, the second with words, and the user speaks on. */
const BODY = {
  messages: [
    user('Look at both.'),
    {
      role: 'assistant',
      content: [
        toolUse('toolu_1', 'screenshot', { city: 'Paris' }),
        toolUse('toolu_2', 'get_time', { city: 'Rome' }),
      ],
    },
    user([
      toolResult('toolu_1', [{ type: 'text', text: 'taken' }, IMAGE]),
      toolResult('toolu_2', 'noon'),
      { type: 'text', text: 'What do you see?' },
    ]),
  ],
  tools: [messagesTool('screenshot'), messagesTool('get_time')],
};

const ask = async (stage: Stage): Promise<unknown> => {
  const { status } = await stage.ask('messages', BODY);
  expect(status).toBe(200);
  return stage.sent();
};

describe('an image in a result', () => {
  it('C069 follows the whole run of tool messages for Chat, where words hold its place', async () => {
    const stage = await startStage('common', { capabilities: { images: true } });
    const messages = listAt(await ask(stage), 'messages');
    expect(messages.slice(2, 4)).toMatchObject([
      { role: 'tool', tool_call_id: 'toolu_1', content: expect.stringContaining('taken') as string },
      { role: 'tool', tool_call_id: 'toolu_2', content: 'noon' },
    ]);
    expect(String(dig(messages[2], 'content')).length).toBeGreaterThan('taken'.length);
    const later = messages.slice(4);
    expect(later.map((message) => dig(message, 'role'))).toEqual(later.map(() => 'user'));
    const said = later.flatMap((message) => listAt(message, 'content'));
    expect(said).toContainEqual(expect.objectContaining({ image_url: { url: DATA_URL } }));
    expect(JSON.stringify(said)).toContain('toolu_1');
    expect(JSON.stringify(later)).toContain('What do you see?');
  });

  it('C070 stays in the output of its call for Responses', async () => {
    const stage = await startStage('openai', { capabilities: { images: true } });
    const outputs = listAt(await ask(stage), 'input').filter(
      (item) => dig(item, 'type') === 'function_call_output',
    );
    expect(outputs).toMatchObject([
      {
        call_id: 'toolu_1',
        output: [
          { type: 'input_text', text: 'taken' },
          { type: 'input_image', image_url: DATA_URL },
        ],
      },
      { call_id: 'toolu_2', output: 'noon' },
    ]);
  });

  it('C071 stands in a content of its own for a Gemini whose results hold no media', async () => {
    const stage = await startStage('google', { model: 'gemini-2.5-pro' });
    const contents = listAt(await ask(stage), 'contents');
    const [calls, results, ...others] = contents.slice(1);
    expect(listAt(calls, 'parts')).toHaveLength(2);
    expect(listAt(results, 'parts').map((part) => Object.keys(part as object))).toEqual([
      ['functionResponse'],
      ['functionResponse'],
    ]);
    expect(JSON.stringify(results)).not.toContain(PNG);
    expect(others.map((content) => dig(content, 'role'))).toEqual(others.map(() => 'user'));
    expect(others.flatMap((content) => listAt(content, 'parts'))).toContainEqual({
      inlineData: { mimeType: 'image/png', data: PNG },
    });
  });

  it('C071 stays in its result for a Gemini that takes it there', async () => {
    const stage = await startStage('google', { model: 'gemini-3-pro-preview' });
    const [, , results] = listAt(await ask(stage), 'contents');
    expect(listAt(results, 'parts')[0]).toMatchObject({
      functionResponse: { parts: [{ inlineData: { mimeType: 'image/png', data: PNG } }] },
    });
  });
});
