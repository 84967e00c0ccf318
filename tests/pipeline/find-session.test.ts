import { describe, expect, it } from 'vitest';
import { scanObject, viewOfBytes } from '../../src/kernel/json-scan.ts';
import { findSession } from '../../src/pipeline/find-session.ts';

const sessionOf = (headers: Readonly<Record<string, string>>, body: object = {}): string | undefined =>
  findSession((name) => headers[name], viewOfBytes(scanObject(Buffer.from(JSON.stringify(body)))));

describe('the name of a conversation', () => {
  it.each([
    ['x-session-id', { 'x-session-id': 's1' }],
    ['the header of Claude Code', { 'x-claude-code-session-id': 's1' }],
    ['a header of Codex', { session_id: ' s1 ' }],
  ])('is taken from %s', (_name, headers) => {
    expect(sessionOf(headers, { prompt_cache_key: 'other' })).toBe('s1');
  });

  it.each([
    ['the key of the prompt cache', { prompt_cache_key: 's1' }],
    ['the user id in the metadata', { metadata: { user_id: 's1' } }],
  ])('is taken from %s where no header tells it', (_name, body) => {
    expect(sessionOf({ 'x-session-id': ' ' }, body)).toBe('s1');
  });

  it.each([
    ['nothing', {}],
    ['fields of another type', { prompt_cache_key: 7, metadata: [{ user_id: 's1' }] }],
    ['null', { prompt_cache_key: null, metadata: null }],
  ])('is not found in %s', (_name, body) => {
    expect(sessionOf({}, body)).toBeUndefined();
  });

  it('is kept short, whatever is sent', () => {
    expect(sessionOf({ 'x-session-id': 'x'.repeat(5000) })).toHaveLength(256);
  });
});
