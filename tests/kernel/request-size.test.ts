import { describe, expect, it } from 'vitest';
import type { ChatRequest, Tool, Turn, UserPart } from '../../src/kernel/conversation.ts';
import { measureRequest } from '../../src/kernel/request-size.ts';
import { emptyRequest } from '../support/empty-request.ts';

const sizeOf = (request: Partial<ChatRequest>): ReturnType<typeof measureRequest> =>
  measureRequest({ ...emptyRequest, ...request });

const user = (...parts: UserPart[]): Turn => ({ role: 'user', at: 'messages[0]', parts });
const text = (words: string): { kind: 'text'; text: string } => ({ kind: 'text', text: words });
const base64 = (length: number): { type: 'base64'; data: string; mediaType: string } => ({
  ...{ type: 'base64', data: 'A'.repeat(length), mediaType: 'application/pdf' },
});

const TOOLS: readonly Tool[] = [
  { kind: 'function', at: 'tools[0]', name: 'fn', description: 'does', schema: { type: 'object' } },
  { kind: 'custom', at: 'tools[1]', name: 'cu', format: { type: 'text' } },
  { kind: 'function', at: 'tools[2]', name: 'bare' },
  { kind: 'hosted', at: 'tools[3]', protocol: 'openai-responses', type: 'x', raw: { type: 'web_search' } },
];

const TURNS: readonly Turn[] = [
  { role: 'developer', at: 'messages[0]', parts: [text('mid')] },
  user(text('question')),
  {
    role: 'assistant',
    at: 'messages[2]',
    parts: [
      { kind: 'reasoning', raw: 'raw thought' },
      { kind: 'reasoning', summary: ['first', 'second'] },
      { kind: 'reasoning' },
      text('answer'),
      { kind: 'refusal', text: 'no' },
      { kind: 'hosted', protocol: 'anthropic-messages', raw: { a: 1 } },
      { kind: 'tool-call', id: 'c', callKind: 'function', name: 'fn', args: '{"a":1}' },
    ],
  },
  {
    role: 'tool',
    at: 'messages[3]',
    results: [{ at: 'messages[3].tool_call_id', callId: 'c', callKind: 'function', parts: [text('result')] }],
  },
];

describe('measureRequest', () => {
  it('finds every text that the model reads, C165', () => {
    const { texts } = sizeOf({
      system: [{ role: 'system', text: 'be brief' }],
      tools: TOOLS,
      turns: TURNS,
      format: { type: 'json-schema', schema: { title: 'answer' } },
    });
    expect(texts.filter((found) => found !== '')).toEqual([
      'be brief',
      ...['fn', 'does', '{"type":"object"}'],
      ...['cu', '{"type":"text"}', 'bare', '{"type":"web_search"}'],
      ...['mid', 'question', 'raw thought', 'first\n\nsecond', 'answer', 'no', '{"a":1}'],
      ...['fn', '{"a":1}', 'result', '{"title":"answer"}'],
    ]);
  });

  it('has nothing to count in a request without anything', () => {
    expect(sizeOf({})).toEqual({ texts: [], fixedTokens: 0, mediaCharacters: 0 });
  });

  it.each<[string, Partial<ChatRequest>]>([
    ['a tool', { tools: TOOLS.slice(0, 1) }],
    ['a turn', { turns: [user()] }],
    ['a call', { turns: TURNS.slice(2, 3) }],
    ['a result', { turns: TURNS.slice(3) }],
  ])('counts the marks around %s', (_name, request) => {
    expect(sizeOf(request).fixedTokens).toBeGreaterThan(0);
  });

  it.each<[string, UserPart, number, number]>([
    ['an image in base64', { kind: 'image', source: base64(1000) }, 1_600, 1000],
    ['an image elsewhere', { kind: 'image', source: { type: 'url', url: 'https://x.test/a.png' } }, 1_600, 0],
    ['a recording', { kind: 'audio', data: 'AAAA', format: 'wav' }, 3_000, 4],
    ['a small document', { kind: 'document', source: base64(10) }, 3_000, 10],
    ['a document of several pages', { kind: 'document', source: base64(130_001) }, 9_000, 130_001],
    ['a file', { kind: 'document', source: { type: 'file', fileId: 'f', owner: 'openai-chat' } }, 3_000, 0],
  ])('counts %s by what it costs, not by its characters', (_name, part, tokens, characters) => {
    const size = sizeOf({ turns: [user(part)] });
    expect(size.fixedTokens - sizeOf({ turns: [user()] }).fixedTokens).toBe(tokens);
    expect([size.mediaCharacters, size.texts]).toEqual([characters, []]);
  });

  it('counts a document of plain text as text', () => {
    const document: UserPart = { kind: 'document', source: { type: 'text', text: 'plain' } };
    expect(sizeOf({ turns: [user(document)] }).texts).toEqual(['plain']);
  });
});
