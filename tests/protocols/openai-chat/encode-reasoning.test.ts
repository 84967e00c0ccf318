import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { AssistantPart, OpaqueState, ReasoningPart } from '../../../src/kernel/conversation.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { assistant, call, encode, OPENAI, text } from './encode-support.ts';

const ECHO: Capabilities = { needsReasoningEcho: true };

/** The one message of an assistant turn, and the notes. */
function encodeTurn(parts: readonly AssistantPart[], capabilities: Capabilities) {
  const { body, notes } = encode({ turns: [assistant(...parts)] }, capabilities);
  const [message] = body['messages'] as readonly JsonObject[];
  return { message, notes };
}

const thought = (raw: string): ReasoningPart => ({ kind: 'reasoning', raw });
const state = (kind: OpaqueState['kind'], data: string): OpaqueState => ({
  issuer: 'openai-chat',
  family: '',
  kind,
  data,
});

describe('openai-chat reasoning of earlier answers', () => {
  it.each<[string, AssistantPart[], string]>([
    ['its words', [thought('Hm.')], 'Hm.'],
    ['the words of all its blocks', [thought('One.'), thought('Two.')], 'One.\n\nTwo.'],
    ['a summary', [{ kind: 'reasoning', summary: ['Plan', 'Act'] }], 'Plan\n\nAct'],
    ['none', [], ''],
  ])('goes back beside calls to a vendor that needs it: %s (C032)', (_what, reasoning, expected) => {
    const { message, notes } = encodeTurn([...reasoning, call('call_1')], ECHO);
    expect(message).toMatchObject({ role: 'assistant', content: null, reasoning_content: expected });
    expect(notes).toBe('');
  });

  it('stays here beside text alone', () => {
    expect(encodeTurn([thought('Hm.'), text('Yes.')], ECHO)).toEqual({
      message: { role: 'assistant', content: 'Yes.' },
      notes: 'its.messages[].reasoning=withheld',
    });
  });

  it.each([{}, OPENAI])('stays here for a vendor with %j', (capabilities) => {
    const { message, notes } = encodeTurn([thought('Hm.'), call('call_1')], capabilities);
    expect(Object.keys(message ?? {})).toEqual(['role', 'content', 'tool_calls']);
    expect(notes).toBe('its.messages[].reasoning=withheld');
  });

  it('goes with a turn that holds nothing else', () => {
    const { body, notes } = encode({ turns: [assistant(thought('Hm.')), assistant(text('Yes.'))] }, ECHO);
    expect(body['messages']).toEqual([{ role: 'assistant', content: 'Yes.' }]);
    expect(notes).toBe('its.messages[].reasoning=withheld');
  });
});

describe('openai-chat state of earlier answers', () => {
  const stated: readonly AssistantPart[] = [
    { ...thought('Hm.'), opaque: state('signature', 'sig') },
    { kind: 'reasoning', opaque: state('encrypted_content', 'enc') },
    text('Yes.'),
  ];

  it('goes back to the vendor that gave it', () => {
    expect(encodeTurn(stated, {})).toEqual({
      message: {
        role: 'assistant',
        content: 'Yes.',
        reasoning_details: [
          { type: 'reasoning.text', text: 'Hm.', signature: 'sig', index: 0 },
          { type: 'reasoning.encrypted', data: 'enc', index: 1 },
        ],
      },
      notes: '',
    });
  });

  it('does not go to OpenAI, which gives it in another dialect only', () => {
    expect(encodeTurn(stated, OPENAI)).toEqual({
      message: { role: 'assistant', content: 'Yes.' },
      notes: 'its.messages[].reasoning=withheld',
    });
  });

  it('of a kind that no vendor of this dialect gives stays here', () => {
    const parts = [{ ...thought('Hm.'), opaque: state('redacted', 'x') }, text('Yes.')];
    expect(encodeTurn(parts, {}).message).toEqual({ role: 'assistant', content: 'Yes.' });
  });

  it('of a call stands beside the call', () => {
    const { message } = encodeTurn(
      [call('call_1', '{}', { opaque: state('thoughtSignature', 'sig') }), call('call_2')],
      {},
    );
    expect(message?.['tool_calls']).toMatchObject([
      { id: 'call_1', extra_content: { google: { thought_signature: 'sig' } } },
      { id: 'call_2' },
    ]);
    expect((message?.['tool_calls'] as readonly JsonObject[])[1]).not.toHaveProperty('extra_content');
  });
});
