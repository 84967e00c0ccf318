import { describe, expect, it } from 'vitest';
import { settleCallState } from '../../src/kernel/call-state.ts';
import type { AssistantPart, OpaqueState } from '../../src/kernel/conversation.ts';

const state = (data: string, kind: OpaqueState['kind'] = 'thoughtSignature'): OpaqueState => ({
  ...{ issuer: 'gemini', family: '', kind, data },
});
const call = (id: string): AssistantPart => ({
  ...{ kind: 'tool-call', id, callKind: 'function', name: 'f', args: '{}' },
});
const wordless = (data: string): AssistantPart => ({ kind: 'reasoning', opaque: state(data) });
const text: AssistantPart = { kind: 'text', text: 'hm' };

describe('settleCallState', () => {
  it('moves the state of a call that stands in front of it onto the call', () => {
    expect(settleCallState([text, wordless('s1'), call('a'), call('b'), wordless('s2'), call('c')])).toEqual([
      text,
      { ...call('a'), opaque: state('s1') },
      call('b'),
      { ...call('c'), opaque: state('s2') },
    ]);
  });

  it('takes empty words for none', () => {
    const empty: AssistantPart = { kind: 'reasoning', raw: '', summary: [''], opaque: state('s') };
    expect(settleCallState([empty, call('a')])).toEqual([{ ...call('a'), opaque: state('s') }]);
  });

  it('lets the nearest of several states be that of the call', () => {
    expect(settleCallState([wordless('far'), wordless('near'), call('a')])).toEqual([
      wordless('far'),
      { ...call('a'), opaque: state('near') },
    ]);
  });

  it.each<[string, AssistantPart[]]>([
    ['nothing', []],
    ['state that no call follows', [wordless('s'), text, call('a')]],
    ['state at the end', [call('a'), wordless('s')]],
    ['thoughts with words', [{ kind: 'reasoning', raw: 'hm', opaque: state('s') }, call('a')]],
    ['thoughts with a summary', [{ kind: 'reasoning', summary: ['hm'], opaque: state('s') }, call('a')]],
    ['state of another kind', [{ kind: 'reasoning', opaque: state('s', 'redacted') }, call('a')]],
    ['thoughts without state', [{ kind: 'reasoning', raw: '' }, call('a')]],
  ])('leaves %s as it is', (_name, parts) => {
    expect(settleCallState(parts)).toEqual(parts);
  });
});
