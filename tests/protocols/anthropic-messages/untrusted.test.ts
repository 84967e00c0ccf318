import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import { REASONING_LEVELS } from '../../../src/kernel/reasoning.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';
import { jsonText } from '../../support/arbitrary-json.ts';
import { findGrammarFault } from '../../support/grammar.ts';
import { levelWish, override } from './override.ts';
import { eventsOf, eventsOfBody } from './setup.ts';

const TYPES = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'error',
];
const KINDS = ['text', 'thinking', 'redacted_thinking', 'tool_use', 'server_tool_use', 'text_delta', 'x'];
const MEMBERS = ['message', 'content_block', 'delta', 'usage', 'error', 'index', 'input', 'name', 'text'];

/** JSON text of an object with this `type` and members that may be anything. */
const typed = (types: readonly string[], member: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...MEMBERS), member, { maxKeys: 3 }))
    .map(([type, members]) => {
      const rest = Object.entries(members).map(([key, value]) => `,"${key}":${value.replace(/\s/g, ' ')}`);
      return `{"type":"${type}"${rest.join('')}}`;
    });
const frame = typed(TYPES, fc.oneof(jsonText, typed(KINDS, jsonText)));

it('anthropic-messages decoders keep the grammar whatever an upstream sends', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
      const events = eventsOf(frames.map((data) => `data: ${data}\n\n`).join(''));
      expect(findGrammarFault(events)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.array(typed(KINDS, jsonText), { maxLength: 4 }), (blocks) => {
      const body = `{"content":[${blocks.join(',')}],"stop_reason":"end_turn"}`;
      expect(findGrammarFault(eventsOfBody(body))).toBeUndefined();
    }),
  );
});

const EDITED = [
  'system',
  'messages',
  'max_tokens',
  'thinking',
  'output_config',
  'context_management',
  'top_p',
];
const clientBody = fc
  .dictionary(fc.constantFrom(...EDITED, 'tool_choice', 'speed'), jsonText)
  .map((members) => Object.fromEntries(Object.entries(members).map(([key, text]) => [key, parseJson(text)])));

it('anthropic-messages overrides take any body that a client may send', () => {
  fc.assert(
    fc.property(clientBody, fc.constantFrom(...REASONING_LEVELS), fc.boolean(), (body, level, adaptive) => {
      const capabilities = adaptive ? { thinkingTypes: { adaptive } } : {};
      const wishes = {
        systemPrompt: 'You are Droid.',
        reasoning: levelWish(level),
        fast: true,
        capabilities,
      };
      expect(override(body as JsonObject, wishes).body['model']).toBe('m');
    }),
  );
});

it('anthropic-messages finds usage and errors in anything', () => {
  fc.assert(
    fc.property(frame, (data) => {
      const object = parseJson(data) as JsonObject;
      const usage = anthropicMessages.upstream.findUsage(object, undefined);
      const counts = Object.values(usage ?? {}).map((count) => typeof count);
      expect(counts.filter((type) => type !== 'number')).toEqual([]);
      expect(anthropicMessages.upstream.findStreamError({ event: undefined, data }) !== undefined).toBe(
        object['type'] === 'error',
      );
    }),
  );
});
