import { describe, expect, it } from 'vitest';
import { bytesOf, textOf } from '../../support/chunks.ts';
import { scanObject, viewOfBytes } from '../../../src/kernel/json-scan.ts';
import { spliceEdits } from '../../../src/kernel/json-splice.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH } from '../../../src/kernel/reasoning.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';
import { override } from './override.ts';

const PREFIX = 'You are "Droid".\n\n';
const prefixBlock = { type: 'text', text: PREFIX };

describe('anthropic-messages overrides', () => {
  it('name the model, and nothing else unless asked', () => {
    expect(override({ model: 'alias', system: 's', thinking: { type: 'x' } }, {})).toEqual({
      body: { model: 'm', system: 's', thinking: { type: 'x' } },
      addBetas: [],
      removeBetas: [],
      notes: '',
    });
  });

  it.each<[string, JsonObject, unknown]>([
    ['nothing', {}, PREFIX],
    ['null', { system: null }, PREFIX],
    ['blanks', { system: ' ' }, PREFIX],
    ['a string', { system: 'Be "brief".' }, [prefixBlock, { type: 'text', text: 'Be "brief".' }]],
    ['no blocks', { system: [] }, [prefixBlock]],
    [
      'marked blocks, which stay as they are (C120)',
      { system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] },
      [prefixBlock, { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }],
    ],
    ['a number', { system: 5 }, 5],
    ['an object', { system: { a: 1 } }, { a: 1 }],
  ])('put the prefix in front of %s', (_what, body, system) => {
    expect(override(body, { systemPrompt: PREFIX }).body['system']).toEqual(system);
  });

  it('splice the prefix into the bytes of a client, leaving its own untouched (C120)', () => {
    const body = '{"system" : "Be \\u0062rief.", "messages":[ ],"n":1.0}';
    const scanned = scanObject(bytesOf(body));
    const wishes = { model: 'm', systemPrompt: PREFIX, reasoning: NO_WISH, fast: false, capabilities: {} };
    const { edits } = anthropicMessages.upstream.overrides(viewOfBytes(scanned), wishes, createLossLog());
    const text = textOf(...spliceEdits(scanned, edits).chunks);
    expect(text).toContain(`{"type":"text","text":"Be \\u0062rief."}]`);
    expect(text).toContain('"messages":[ ],"n":1.0');
    expect(JSON.parse(text)).toMatchObject({ model: 'm', system: [prefixBlock, { text: 'Be brief.' }] });
  });

  it.each<[JsonObject, unknown]>([
    [{}, 'fast'],
    [{ speed: null }, 'fast'],
    [{ speed: 'standard' }, 'standard'],
  ])('ask for the fast mode unless %j says otherwise', (body, speed) => {
    const result = override(body, { fast: true });
    expect(result.body['speed']).toBe(speed);
    expect(result.addBetas).toEqual(['fast-mode-2026-02-01']);
  });
});
