import { describe, expect, it } from 'vitest';
import { listenHttp } from '../support/loopback.ts';
import { dig, readBody, startStage } from './support/stage.ts';

const PDF = Buffer.from('%PDF-1.4 of a kind').toString('base64');

describe('an image by its web address', () => {
  const asks = (url: string) => ({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ],
  });

  it('C113 is fetched by a Gemini that can', async () => {
    const { ask, sent } = await startStage('google', { capabilities: { imageUrl: true } });
    expect((await ask('chat', asks('https://example.com/sea.png'))).status).toBe(200);
    expect(dig(sent(), 'contents', 0, 'parts')).toEqual([
      { text: 'What is this?' },
      { fileData: { fileUri: 'https://example.com/sea.png', mimeType: 'image/png' } },
    ]);
  });

  it('C113 is refused where the model cannot fetch it, and the gateway goes to no address by itself', async () => {
    const host = await listenHttp((_request, response) => response.end('a secret of this network'));
    const { ask, gateway } = await startStage('google');
    const answer = await ask('chat', asks(`${host.url}/sea.png`));
    expect(answer.status).toBe(400);
    expect(readBody(answer)).toMatchObject({
      error: {
        type: 'invalid_request_error',
        param: expect.stringMatching(/^messages\[0\]\.content\[1\]/) as string,
      },
    });
    expect(host.connections()).toBe(0);
    expect(gateway.sandbox.requests).toHaveLength(0);
  });
});

describe('a PDF', () => {
  it.each([
    ['Annual report', 'Annual report.pdf'],
    ['report.pdf', 'report.pdf'],
  ])('C116 called "%s" is the file "%s" for Responses', async (title, filename) => {
    const { ask, sent } = await startStage('openai');
    const source = { type: 'base64', media_type: 'application/pdf', data: PDF };
    const { status } = await ask('messages', {
      messages: [{ role: 'user', content: [{ type: 'document', title, source }] }],
    });
    expect(status).toBe(200);
    expect(dig(sent(), 'input', 0, 'content')).toEqual([
      { type: 'input_file', filename, file_data: `data:application/pdf;base64,${PDF}` },
    ]);
  });
});
