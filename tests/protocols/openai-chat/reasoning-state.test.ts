import { describe, expect, it } from 'vitest';
import { createCarrier, readCarrier } from '../../../src/kernel/carrier.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { assistant, encode, text } from './encode-support.ts';
import { delta, replyOf } from './support.ts';

const FORMAT = 'openai-responses-v1';

/** The state that is read of an entry beside the words `Hm.`. */
function stateOf(entry: JsonObject): OpaqueState | undefined {
  const [block] = replyOf(delta({ reasoning: 'Hm.', reasoning_details: [entry] }, 'stop'), '[DONE]').blocks;
  return block?.kind === 'reasoning' ? block.opaque : undefined;
}

/** The entries that go back with the state. */
function entriesWith(opaque: OpaqueState): unknown {
  const { body } = encode({ turns: [assistant({ kind: 'reasoning', raw: 'Hm.', opaque }, text('Yes.'))] });
  return (body['messages'] as readonly JsonObject[])[0]?.['reasoning_details'];
}

const NO_DATA: OpaqueState = { issuer: '', family: '', kind: 'none', data: '' };

describe('openai-chat entries of reasoning_details', () => {
  it.each<JsonObject>([
    { type: 'reasoning.text', text: 'Hm.', signature: 'sig' },
    { type: 'reasoning.text', text: 'Hm.', signature: 'sig', id: 'r1', format: 'anthropic-claude-v1' },
    { type: 'reasoning.text', text: 'Hm.', signature: '{"state":"x"}' },
    { type: 'reasoning.encrypted', data: 'gAAA' },
    { type: 'reasoning.encrypted', data: 'gAAA', id: 'rs_1' },
    { type: 'reasoning.encrypted', data: 'gAAA', format: FORMAT },
    { type: 'reasoning.encrypted', data: '{"state":"x","id":"y"}', id: 'rs_1', format: FORMAT },
  ])('go back to the vendor as they came, through a carrier: %j', (entry) => {
    const carrier = createCarrier(stateOf(entry) ?? NO_DATA, 'Hm.');
    expect(entriesWith(readCarrier(carrier, 'Hm.') ?? NO_DATA)).toEqual([{ ...entry, index: 0 }]);
  });

  it('are nothing but their data where they hold no more', () => {
    const plain = { type: 'reasoning.encrypted', data: 'gAAA', id: null, format: null };
    expect(stateOf(plain)?.data).toBe('gAAA');
  });

  it.each(['{', '{}', '{"state":5}'])('go back as they are where their data is %s', (data) => {
    expect(entriesWith({ issuer: 'openai-chat', family: '', kind: 'encrypted_content', data })).toEqual([
      { type: 'reasoning.encrypted', data, index: 0 },
    ]);
  });
});
