import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCarrier } from '../../../src/kernel/carrier.ts';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { isJsonObject, parseJson } from '../../../src/kernel/json.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { decodeRequest } from '../../../src/protocols/anthropic-messages/decode-request.ts';
import { jsonText } from '../../support/arbitrary-json.ts';
import { decode, decodeText, turnsOf } from './decode-setup.ts';
import type { Block } from './decode-setup.ts';

const anything = jsonText.map(parseJson);

/** An object with these members, each mostly of its own kind, sometimes null, and now and then anything at all. */
const record = (members: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Json> =>
  fc.record(
    Object.fromEntries(
      Object.entries(members).map(([key, arbitrary]) => [
        key,
        fc.oneof(
          { arbitrary, weight: 200 },
          { arbitrary: fc.constant(null), weight: 4 },
          { arbitrary: anything, weight: 1 },
        ),
      ]),
    ),
  );
const words = (...list: string[]): fc.Arbitrary<Json> => fc.constantFrom(...list);
const noState = createCarrier({ issuer: 'x', family: '', kind: 'none', data: '' }, 'hm');
const contentOf = (block: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(fc.string(), fc.array(block, { maxLength: 4 }));

const object = fc.dictionary(fc.constantFrom('type', '__proto__', 'city'), anything);
const textBlock = record({ type: words('text'), text: words('', 'a') });
const source = fc.oneof(
  record({ type: words('base64'), media_type: words('image/png'), data: words('', 'iVBO') }),
  record({ type: words('url'), url: words('https://a/b') }),
  record({ type: words('file'), file_id: words('file_1') }),
);
const said = fc.oneof(
  textBlock,
  record({ type: words('image'), source }),
  record({
    type: words('document'),
    source,
    title: words('T'),
    citations: record({ enabled: fc.boolean() }),
  }),
  record({
    type: words('document'),
    source: record({ type: words('content'), content: contentOf(textBlock) }),
  }),
  record({ type: words('search_result'), title: words('T'), content: contentOf(textBlock) }),
);
const result = record({
  type: words('tool_result', 'mcp_tool_result'),
  tool_use_id: words('a'),
  content: contentOf(said),
  is_error: fc.boolean(),
});
const answered = fc.oneof(
  record({
    type: words('thinking'),
    thinking: words('', 'hm'),
    signature: words('', 'sig', 'px1.AAAA', noState),
  }),
  record({ type: words('redacted_thinking'), data: words('d', 'px1.') }),
  record({
    type: words('tool_use', 'mcp_tool_use'),
    id: words('a'),
    name: words('f'),
    server_name: words('s'),
    input: object,
  }),
  record({
    type: words('text'),
    text: words('', 'a'),
    citations: fc.array(record({ type: words('web_search_result_location'), url: words('https://w') })),
  }),
  record({ type: words('compaction', 'server_tool_use'), content: words('', 'summary') }),
);
const directed = record({
  type: words('tool_addition'),
  tool: record({ type: words('tool_definition'), definition: record({ name: words('f') }) }),
});
const message = fc.oneof(
  record({ role: words('user'), content: contentOf(fc.oneof(said, result)) }),
  record({ role: words('assistant'), content: contentOf(answered) }),
  record({
    role: words('system'),
    content: contentOf(fc.oneof(textBlock, directed)),
    output_config: record({ effort: words('low', 'max') }),
    clear_at: words('next_user_message'),
  }),
);
const body = record({
  model: words('m'),
  max_tokens: fc.integer({ min: 1 }),
  messages: fc.array(message, { minLength: 1, maxLength: 4 }),
  system: contentOf(record({ type: words('text'), text: words('x-anthropic-billing-header: a\nb') })),
  tools: fc.array(record({ type: words('custom', 'bash_20250124', 'web_search_1'), name: words('f') })),
  tool_choice: record({ type: words('auto', 'any', 'tool', 'none'), name: words('f') }),
  thinking: record({ type: words('enabled', 'adaptive', 'x'), budget_tokens: fc.integer({ min: 1 }) }),
  output_config: record({ format: record({ type: words('json_schema'), schema: object }) }),
  stop_sequences: fc.array(words('', 'END')),
  metadata: record({ user_id: words('u') }),
  cache_control: record({ type: words('ephemeral') }),
});

/** Why a body was refused, or that it was not. */
function outcomeOf(value: Json): unknown {
  try {
    return decodeRequest(isJsonObject(value) ? value : { messages: value }, createLossLog()).model;
  } catch (error) {
    return error;
  }
}

describe('anthropic-messages decodeRequest of untrusted bodies', () => {
  it.each([
    ['anything at all', anything],
    ['nearly a request', body],
  ])('refuses %s in no other way than as an invalid request', (_name, bodies) => {
    fc.assert(
      fc.property(bodies, (value) => {
        const outcome = outcomeOf(value);
        const isFine = typeof outcome === 'string' || outcome instanceof GatewayError;
        expect(isFine, String(outcome)).toBe(true);
        expect(outcome instanceof GatewayError ? outcome.kind : 'invalid-request').toBe('invalid-request');
      }),
      { numRuns: 500 },
    );
  });

  it('is not led astray by the names of built-in members', () => {
    const { request, notes } = decodeText(
      '{"model":"m","max_tokens":9,"__proto__":{"tools":1},"constructor":1,' +
        '"messages":[{"role":"user","content":"hi","__proto__":{"role":"x"}}]}',
    );
    expect(request.turns).toHaveLength(1);
    expect(notes).toBe('messages[0].__proto__=ignored,__proto__=ignored,constructor=ignored');
  });

  it('reads a message of very many blocks', () => {
    const content: Block[] = Array.from({ length: 150_000 }, () => ({
      type: 'mcp_tool_result',
      tool_use_id: 'a',
    }));
    expect(turnsOf({ role: 'assistant', content })).toHaveLength(150_000);
  });
});

describe('anthropic-messages decodeRequest of Claude Code', () => {
  it('loses nothing but what Anthropic alone can do', () => {
    const cache_control = { type: 'ephemeral' } as const;
    const { request, notes } = decode({
      model: 'claude-opus-4-5',
      max_tokens: 32000,
      stream: true,
      system: [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1; cch=0a1b2;' },
        { type: 'text', text: 'You are Claude Code.', cache_control },
        { type: 'text', text: 'Long instructions.', cache_control },
      ],
      thinking: { type: 'enabled', budget_tokens: 31999 },
      metadata: { user_id: '{"device_id":"d","account_uuid":"","session_id":"s"}' },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      tools: [{ name: 'Bash', description: 'Runs.', input_schema: { type: 'object' }, cache_control }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '<system-reminder>be kind</system-reminder>' },
            { type: 'text', text: 'list files', cache_control },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'ls', signature: 'sig' },
            { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.txt', cache_control }],
        },
      ],
    });
    expect(request.system).toHaveLength(2);
    expect(request.turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(notes).toBe('context_management=ignored');
  });
});
