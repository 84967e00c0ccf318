import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import { createCarrier, NO_STATE } from '../../../src/kernel/carrier.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH } from '../../../src/kernel/reasoning.ts';
import { applyEdits, viewOfObject } from '../../../src/kernel/wire-object.ts';
import { openaiChat } from '../../../src/protocols/openai-chat/index.ts';

/** An assistant message as it goes to a model, with the operator's edits. */
function clean(members: JsonObject, capabilities: Capabilities = {}): Json | undefined {
  const body = { messages: [{ role: 'assistant', content: 'Yes.', ...members }] };
  const wished = { model: 'm', systemPrompt: '', fast: false, reasoning: NO_WISH, capabilities };
  const { edits } = openaiChat.upstream.overrides(viewOfObject(body), wished, createLossLog());
  const [message] = applyEdits(body, edits)['messages'] as readonly JsonObject[];
  return message;
}

const own = (kind: OpaqueState['kind'], more: Partial<OpaqueState> = {}): OpaqueState => ({
  issuer: 'openai-chat',
  family: '',
  kind,
  data: 'state',
  ...more,
});
const details = (opaque: OpaqueState, text: string): JsonObject => ({
  reasoning_details: [{ type: 'reasoning.encrypted', data: createCarrier(opaque, text), index: 0 }],
});
const signed = (signature: string, more: JsonObject = {}, extra: JsonObject = {}): JsonObject => ({
  tool_calls: [
    { id: 'call_1', extra_content: { google: { thought_signature: signature, ...more }, ...extra } },
  ],
});
const THOUGHT = { reasoning_content: 'Hm.' };
const PLAIN = { role: 'assistant', content: 'Yes.' };

describe("openai-chat client's history on its way to a model", () => {
  it.each([
    ['Anthropic', own('signature', { issuer: 'anthropic' }), {}],
    ['another family', own('encrypted_content', { family: 'a' }), { family: 'b' }],
    [
      'OpenAI, whose state is of another dialect',
      own('encrypted_content', { issuer: 'openai' }),
      { issuer: 'openai' },
    ],
    ['nobody', NO_STATE, {}],
    ['this model, in a kind that it does not give', own('redacted'), {}],
  ] satisfies [string, OpaqueState, Capabilities][])('loses state of %s', (_whose, opaque, capabilities) => {
    expect(clean({ ...THOUGHT, ...details(opaque, 'Hm.') }, capabilities)).toEqual({ ...PLAIN, ...THOUGHT });
  });

  it('loses state of other words', () => {
    expect(clean({ ...THOUGHT, ...details(own('signature'), 'Oh.') })).toEqual({ ...PLAIN, ...THOUGHT });
  });

  it('loses a carrier that cannot be read', () => {
    expect(clean({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'px1.%%' }] })).toEqual(PLAIN);
  });

  it('keeps what no carrier is', () => {
    const kept = [{ type: 'reasoning.text', text: 'px1. is a mark' }, 5, { data: 7 }];
    const { reasoning_details } = details(own('signature', { issuer: 'anthropic' }), '');
    expect(clean({ reasoning_details: [...(reasoning_details as Json[]), ...kept] })).toEqual({
      ...PLAIN,
      reasoning_details: kept,
    });
  });

  it.each([
    [
      'a signature',
      own('signature'),
      'Hm.',
      { type: 'reasoning.text', text: 'Hm.', signature: 'state', index: 0 },
    ],
    [
      'an encrypted whole',
      own('encrypted_content'),
      '',
      { type: 'reasoning.encrypted', data: 'state', index: 0 },
    ],
  ] satisfies [string, OpaqueState, string, JsonObject][])(
    'gives its own state back: %s',
    (_what, opaque, text, detail) => {
      expect(clean({ ...THOUGHT, ...details(opaque, text) })).toEqual({
        ...PLAIN,
        ...THOUGHT,
        reasoning_details: [detail],
      });
    },
  );

  it('gives the state of a call back to the model family that made it, whoever serves it', () => {
    const opaque = own('thoughtSignature', { issuer: 'gemini', family: 'gemini-3' });
    const members = signed(createCarrier(opaque, ''), { other: 1 });
    expect(clean(members, { issuer: 'gemini', family: 'gemini-3' })).toEqual({
      ...PLAIN,
      ...signed('state', { other: 1 }),
    });
  });

  it.each<[JsonObject, JsonObject, JsonObject]>([
    [{}, {}, { id: 'call_1' }],
    [{ other: 1 }, {}, { id: 'call_1', extra_content: { google: { other: 1 } } }],
    [{}, { vendor: 1 }, { id: 'call_1', extra_content: { vendor: 1 } }],
  ])("loses the state of a call of another service's, beside %j and %j", (more, extra, call) => {
    const carrier = createCarrier(own('thoughtSignature', { issuer: 'gemini' }), '');
    expect(clean(signed(carrier, more, extra))).toEqual({ ...PLAIN, tool_calls: [call] });
  });

  it.each<JsonObject>([
    { content: 'px1. is what a carrier begins with' },
    { content: 'px1.', tool_calls: [5, { id: 'a' }, { id: 'b', extra_content: 5 }] },
    { content: 'px1.', ...signed('CiQ') },
    { content: 'px1.', reasoning_details: 'px1.', tool_calls: 'px1.' },
  ])('stays as it is without a carrier: %j', (members) => {
    expect(clean(members)).toEqual({ ...PLAIN, ...members });
  });

  it('may hold what is no message', () => {
    const body = { messages: ['px1.'] };
    const wished = { model: 'm', systemPrompt: '', fast: false, reasoning: NO_WISH, capabilities: {} };
    const { edits } = openaiChat.upstream.overrides(viewOfObject(body), wished, createLossLog());
    expect(applyEdits(body, edits)['messages']).toEqual(['px1.']);
  });
});
