import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { decodeItems, output, refusalOfItems, turnsOf } from './client-request.ts';

const shown = (part: JsonObject): JsonObject => ({ role: 'user', content: [part] });
const partOf = (part: JsonObject): unknown => {
  const [turn] = turnsOf(shown(part));
  return turn?.role === 'user' ? turn.parts[0] : undefined;
};

describe('openai-responses images and files', () => {
  it.each<[JsonObject, JsonObject]>([
    [{ image_url: 'https://a.example/a.png' }, { type: 'url', url: 'https://a.example/a.png' }],
    [{ image_url: 'HTTP://a.example/a.png' }, { type: 'url', url: 'HTTP://a.example/a.png' }],
    [{ image_url: 'data:image/PNG;base64,AAAA' }, { type: 'base64', data: 'AAAA', mediaType: 'image/png' }],
    [
      { image_url: 'data:image/png;charset=x;base64,AA' },
      { type: 'base64', data: 'AA', mediaType: 'image/png' },
    ],
    [{ file_id: 'file-1' }, { type: 'file', fileId: 'file-1', owner: 'openai-responses' }],
    [
      { image_url: null, file_id: 'file-1' },
      { type: 'file', fileId: 'file-1', owner: 'openai-responses' },
    ],
  ])('reads the image %j', (members, source) => {
    expect(partOf({ type: 'input_image', ...members })).toEqual({
      kind: 'image',
      at: 'input[0].content[0]',
      source,
    });
  });

  it.each<[JsonObject, JsonObject]>([
    [
      { file_data: 'data:application/pdf;base64,AAAA' },
      { type: 'base64', data: 'AAAA', mediaType: 'application/pdf' },
    ],
    [{ file_data: 'AAAA' }, { type: 'base64', data: 'AAAA', mediaType: 'application/pdf' }],
    [{ file_url: 'https://a.example/a.pdf' }, { type: 'url', url: 'https://a.example/a.pdf' }],
    [{ file_id: 'file-1' }, { type: 'file', fileId: 'file-1', owner: 'openai-responses' }],
  ])('reads the file %j', (members, source) => {
    expect(partOf({ type: 'input_file', filename: 'a.pdf', ...members })).toEqual({
      kind: 'document',
      at: 'input[0].content[0]',
      source,
      filename: 'a.pdf',
    });
  });

  it('keeps how closely an image is looked at', () => {
    const image_url = 'https://a.example/a.png';
    expect(partOf({ type: 'input_image', image_url, detail: 'high' })).toMatchObject({ detail: 'high' });
  });

  it.each([
    [{ mode: 'explicit' }, '30m'],
    [{ mode: 'explicit', ttl: '30m' }, '30m'],
    [{ mode: 'explicit', ttl: '12h' }, '12h'],
  ])('keeps the cache mark %j', (prompt_cache_breakpoint, ttl) => {
    const parts = [
      { type: 'input_text', text: 'a' },
      { type: 'input_image', file_id: 'f' },
      { type: 'input_file', file_id: 'f' },
    ];
    const content = parts.map((part) => ({ ...part, prompt_cache_breakpoint }));
    const cache = { ttl };
    expect(turnsOf({ role: 'user', content })).toMatchObject([{ parts: [{ cache }, { cache }, { cache }] }]);
  });

  it('reads media in results', () => {
    const parts = [
      { type: 'input_text', text: 'a' },
      { type: 'input_image', file_id: 'f' },
      { type: 'input_file', file_id: 'f' },
    ];
    expect(turnsOf(output('c', { output: parts }))).toMatchObject([
      { results: [{ parts: [{ kind: 'text' }, { kind: 'image' }, { kind: 'document' }] }] },
    ]);
  });

  it('notes what else a part holds', () => {
    expect(decodeItems(shown({ type: 'input_file', file_id: 'f', detail: 'low' })).notes).toBe(
      'input[0].content[0].detail=ignored',
    );
  });

  it.each<[JsonObject, string]>([
    [{ type: 'input_image' }, ''],
    [{ type: 'input_image', image_url: 'ftp://a.example' }, '.image_url'],
    [{ type: 'input_image', image_url: 'data:;base64,AAAA' }, '.image_url'],
    [{ type: 'input_image', image_url: 'data:image/png,AAAA' }, '.image_url'],
    [{ type: 'input_image', image_url: { url: 'https://a.example' } }, '.image_url'],
    [{ type: 'input_image', file_id: 5 }, '.file_id'],
    [{ type: 'input_file' }, ''],
    [{ type: 'input_file', file_data: 'data:nothing' }, '.file_data'],
    [{ type: 'input_file', file_url: 'a.pdf' }, '.file_url'],
  ])('refuses %j', (part, member) => {
    expect(refusalOfItems(shown(part)).param).toBe(`input[0].content[0]${member}`);
  });
});
