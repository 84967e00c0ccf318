import { describe, expect, it } from 'vitest';
import { notesOf, readBody, readEvents, startStage } from './support/stage.ts';
import { googleStream } from './support/wire-google.ts';
import { messageBlock, messageStream, textBlock } from './support/wire-messages.ts';

const HI = [{ role: 'user', content: 'Draw a cat' }];
const IMAGE = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };

describe('an answer with content that the client cannot be told', () => {
  const message = "the model answered with nothing but inlineData, which this client's format cannot carry";

  it('is no empty success when it holds nothing else', async () => {
    const { ask, script } = await startStage('google');
    script(googleStream([[IMAGE]]));
    const answer = await ask('messages', { messages: HI });
    expect(answer.status).toBe(502);
    expect(readBody(answer)).toMatchObject({ error: { message } });
  });

  it('ends a stream by an error when it holds nothing else', async () => {
    const { ask, script } = await startStage('google');
    script(googleStream([[IMAGE]]));
    const events = readEvents(await ask('messages', { stream: true, messages: HI }));
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { error: { message } } });
    expect(events.map(({ event }) => event)).not.toContain('message_stop');
  });

  it('tells the words around it, and notes what is missing', async () => {
    const { ask, script } = await startStage('google');
    script(googleStream([[{ text: 'A cat: ' }], [IMAGE]]));
    const answer = await ask('messages', { messages: HI });
    expect(readBody(answer)).toMatchObject({ content: [{ type: 'text', text: 'A cat: ' }] });
    expect(notesOf(answer)).toContain('answer.inlineData=dropped');
  });

  it('cannot smuggle anything into the header of notes', async () => {
    const { ask, script } = await startStage('anthropic');
    const odd = { type: 'x\r\nset-cookie: a=1', id: 'y' };
    script(messageStream([textBlock(0, 'Hi'), messageBlock(1, odd)]));
    const answer = await ask('chat', { messages: HI });
    expect(answer.status).toBe(200);
    expect(notesOf(answer)).toContain('answer.x__set-cookie__a_1=dropped');
  });
});
