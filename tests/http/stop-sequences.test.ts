import { describe, expect, it } from 'vitest';
import { postJson, startGateway } from '../support/gateway.ts';

const frame = (event: Record<string, unknown>): Buffer =>
  Buffer.from(`event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`);
const delta = (text: string): Buffer =>
  frame({
    type: 'response.output_text.delta',
    item_id: 'msg_1',
    output_index: 0,
    content_index: 0,
    delta: text,
  });

/** A Responses stream that would never end by itself. */
const endless = [
  frame({ type: 'response.created', response: { id: 'resp_1', model: 'gpt', created_at: 1, output: [] } }),
  frame({
    type: 'response.output_item.added',
    output_index: 0,
    item: { type: 'message', id: 'msg_1', content: [] },
  }),
  frame({
    type: 'response.content_part.added',
    item_id: 'msg_1',
    output_index: 0,
    content_index: 0,
    part: { type: 'output_text', text: '', annotations: [] },
  }),
  delta('one two E'),
  delta('ND three'),
];

describe('stop sequences towards a format that has none', () => {
  it.each([false, true])(
    'C097 cut the answer in front of the match and end the upstream, streaming: %s',
    async (stream) => {
      const { url, sandbox } = await startGateway();
      sandbox.script({ headers: { 'content-type': 'text/event-stream' }, chunks: endless, ending: 'hang' });
      const { status, text, headers } = await postJson(`${url}/v1/chat/completions`, {
        model: 'gpt',
        stream,
        stop: ['END'],
        messages: [{ role: 'user', content: 'Hi' }],
      });
      expect(status).toBe(200);
      // The upstream was cut off before it could tell its usage.
      expect(headers['x-translation-notes']).toBe(`stop=emulated${stream ? '' : ',usage=estimated'}`);
      const spoken = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, words]) => words).join('');
      expect(spoken).toBe('one two ');
      expect(text).toContain('"finish_reason":"stop"');
      await sandbox.waitFor(() => sandbox.open() === 0);
      expect(sandbox.requests[0]?.closed).toBe(true);
    },
  );

  it('are allowed under strict translation, because nothing is lost', async () => {
    const { url } = await startGateway({ config: { strict_translation: true } });
    const body = { model: 'gpt', stop: 'END', messages: [{ role: 'user', content: 'Hi' }] };
    expect((await postJson(`${url}/v1/chat/completions`, body)).status).toBe(200);
  });
});
