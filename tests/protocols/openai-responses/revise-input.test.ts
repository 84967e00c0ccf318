import { describe, expect, it } from 'vitest';
import { createCarrier, NO_STATE } from '../../../src/kernel/carrier.ts';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { override } from './support.ts';

const state: OpaqueState = { issuer: 'openai', family: 'gpt-5', kind: 'encrypted_content', data: 'gAAA' };
const revised = (input: Json, capabilities: Capabilities = { family: 'gpt-5' }): Json | undefined =>
  override({ input }, { capabilities }).body['input'];
const summary = (...texts: string[]) => texts.map((text) => ({ type: 'summary_text', text }));
const thought = (members: JsonObject): JsonObject => ({ type: 'reasoning', summary: [], ...members });
const user: JsonObject = { role: 'user', content: 'What does px1.abc mean?' };

describe('the history of a client of the openai-responses service', () => {
  it('gets back the state that a carrier holds for this very family, without our id', () => {
    const item = thought({
      id: 'rs_px123',
      summary: summary('a', 'b'),
      encrypted_content: createCarrier(state, 'a\n\nb'),
    });
    expect(revised([user, item])).toEqual([
      user,
      { type: 'reasoning', summary: summary('a', 'b'), encrypted_content: 'gAAA' },
    ]);
  });

  it.each<[string, JsonObject, Capabilities]>([
    ['of another issuer', { encrypted_content: createCarrier({ ...state, issuer: 'xai' }, '') }, {}],
    ['of another family', { encrypted_content: createCarrier({ ...state, family: 'gpt-4' }, '') }, {}],
    [
      'of the same family, at another issuer',
      { encrypted_content: createCarrier(state, '') },
      { issuer: 'azure', family: 'gpt-5' },
    ],
    ['of another kind', { encrypted_content: createCarrier({ ...state, kind: 'signature' }, '') }, {}],
    ['that is none', { encrypted_content: createCarrier(NO_STATE, '') }, {}],
    [
      'of other words',
      { encrypted_content: createCarrier(state, 'a'), summary: summary('b') },
      { family: 'gpt-5' },
    ],
    ['that is damaged', { encrypted_content: 'px1.%%%' }, {}],
    ['that is missing, in an item of ours', { id: 'rs_px1' }, {}],
  ])('loses reasoning with state %s', (_name, members, capabilities) => {
    expect(revised([user, thought(members)], { family: 'gpt-5', ...capabilities })).toEqual([user]);
  });

  it('loses the ids that we made, and keeps those of the service', () => {
    expect(
      revised([
        { type: 'message', id: 'msg_px1', role: 'assistant', content: [] },
        { type: 'function_call', id: 'fc_px1', call_id: 'toolu_1', name: 'f', arguments: '{}' },
        { type: 'custom_tool_call', id: 'ctc_px1', call_id: 'c', name: 'f', input: '' },
        { type: 'function_call', id: 'fc_1', call_id: 'd', name: 'f', arguments: '{"id":"fc_px1"}' },
      ]),
    ).toEqual([
      { type: 'message', role: 'assistant', content: [] },
      { type: 'function_call', call_id: 'toolu_1', name: 'f', arguments: '{}' },
      { type: 'custom_tool_call', call_id: 'c', name: 'f', input: '' },
      { type: 'function_call', id: 'fc_1', call_id: 'd', name: 'f', arguments: '{"id":"fc_px1"}' },
    ]);
  });

  it.each<[string, Json]>([
    ['state of the service itself', [thought({ id: 'rs_1', encrypted_content: 'gAAA' })]],
    ['reasoning that the service keeps', [thought({ id: 'rs_1', content: 'px1.' })]],
    ['a reference to an item', [{ type: 'item_reference', id: 'rs_px1' }]],
    ['a result that names its item', [{ type: 'local_shell_call_output', id: 'fc_px1', output: '' }]],
    ['what is no item', ['px1.', null]],
    ['a plain text', 'px1.'],
  ])('keeps %s as it is', (_name, input) => {
    expect(revised(input)).toEqual(input);
  });
});
