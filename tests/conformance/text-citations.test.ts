import { describe, expect, it } from 'vitest';
import { eventsOf, heardAt, heardText, questionOf } from './support/speech.ts';
import { dig, listAt, readBody, readEvents, startStage } from './support/stage.ts';
import { googleStream } from './support/wire-google.ts';
import { messageBlock, messageStream, textBlock } from './support/wire-messages.ts';

describe('C042 citations of Claude', () => {
  const text = 'It is sunny.';
  const web = {
    type: 'web_search_result_location',
    url: 'https://weather.example/zürich',
    title: 'Weather',
    encrypted_index: 'sealed',
    cited_text: 'sunny all day',
  };
  const file = {
    type: 'char_location',
    cited_text: 'sunny',
    document_index: 0,
    document_title: 'Almanac',
    start_char_index: 0,
    end_char_index: 5,
  };
  const told = messageStream([
    textBlock(0, 'Well: '),
    messageBlock(
      1,
      { type: 'text', text: '', citations: [] },
      { type: 'citations_delta', citation: web },
      { type: 'text_delta', text },
      { type: 'citations_delta', citation: file },
    ),
  ]);
  /** The whole block is what was cited; it begins behind the text of the first. */
  const annotations = [
    {
      type: 'url_citation',
      url_citation: { url: web.url, title: 'Weather', start_index: 6, end_index: 6 + text.length },
    },
  ];

  it('are annotations of web pages in a Chat stream, once, whole, before the finish', async () => {
    const { ask, script } = await startStage('anthropic');
    script(told);
    const answer = await ask('chat', questionOf('chat'));
    expect(heardText('chat', answer)).toBe(`Well: ${text}`);
    expect(heardAt(answer, 'choices', 0, 'delta', 'annotations')).toEqual([annotations]);
    expect(heardAt(answer, 'choices', 0).at(-2)).toHaveProperty('delta.annotations');
    expect(answer.text).not.toContain('Almanac');
  });

  it('are annotations of web pages in a Chat body', async () => {
    const { ask, script } = await startStage('anthropic');
    script(told);
    const answer = await ask('chat', questionOf('chat', false));
    expect(dig(readBody(answer), 'choices', 0, 'message')).toMatchObject({
      content: `Well: ${text}`,
      annotations,
    });
    expect(answer.text).not.toContain('Almanac');
  });

  it('are kept by the official Chat client', async () => {
    const { openai, script, model } = await startStage('anthropic');
    script(told);
    const stream = openai.chat.completions.stream({ model, messages: [{ role: 'user', content: 'Hello' }] });
    expect((await stream.finalChatCompletion()).choices[0]?.message).toMatchObject({ annotations });
  });
});

describe('C043 grounding of Gemini, which counts bytes', () => {
  const lead = 'Grüß Gott 🎉! ';
  const cited = 'Zürich is sunny.';
  const bytes = (text: string): number => Buffer.byteLength(text);
  const segment = {
    startIndex: bytes(lead),
    endIndex: bytes(lead + cited),
    text: cited,
  };
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: 'https://weather.example', title: 'Weather' } }],
    groundingSupports: [{ segment, groundingChunkIndices: [0] }],
  };
  const told = googleStream([[{ text: lead }], [{ text: cited }], [{ text: ' Bye.' }]], 'STOP', {
    groundingMetadata,
  });
  const expected = {
    type: 'url_citation',
    url: 'https://weather.example',
    title: 'Weather',
    start_index: lead.length,
    end_index: lead.length + cited.length,
  };

  it('is placed in UTF-16 units in a Responses stream', async () => {
    const { ask, script } = await startStage('google');
    script(told);
    const answer = await ask('responses', questionOf('responses'));
    expect(eventsOf(answer, 'response.output_text.annotation.added')).toMatchObject([
      { output_index: 0, content_index: 0, annotation_index: 0, annotation: expected },
    ]);
    expect(dig(readEvents(answer).at(-1)?.data, 'response', 'output', 0, 'content', 0)).toMatchObject({
      text: `${lead}${cited} Bye.`,
      annotations: [expected],
    });
  });

  it('is placed in UTF-16 units in one Responses body', async () => {
    const { ask, script } = await startStage('google');
    script(told);
    const body = readBody(await ask('responses', questionOf('responses', false)));
    const [part] = listAt(body, 'output', 0, 'content');
    expect(dig(part, 'annotations')).toEqual([expected]);
    expect(String(dig(part, 'text')).slice(expected.start_index, expected.end_index)).toBe(cited);
  });

  it('is kept by the official Responses client', async () => {
    const { openai, script, model } = await startStage('google');
    script(told);
    const { output } = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
    expect(output).toMatchObject([{ content: [{ annotations: [expected] }] }]);
  });
});
