import type {
  AssistantPart,
  AssistantTurn,
  OpaqueState,
  TextPart,
  ToolCallPart,
  ToolResult,
  ToolTurn,
  Turn,
  UserTurn,
} from '../../src/kernel/conversation.ts';
import type { Losses } from '../../src/kernel/losses.ts';
import type { ToolRules, WordRule } from '../../src/kernel/tool-rules.ts';

/** What the dialects take, between them: one with the fewest forms, one with them all. */
export const NARROW: ToolRules = {
  names: { illegal: /[^A-Za-z0-9_-]/g, max: 64 },
  ids: { illegal: /[^A-Za-z0-9_-]/g, max: 40 },
  customTools: false,
  allowedTools: false,
};
export const WIDE: ToolRules = { ...NARROW, customTools: true, allowedTools: true };

/** True for words that the rule lets through as they are. */
export const isLegal = (word: string, { illegal, first, max }: WordRule): boolean =>
  word !== '' && word.length <= max && word.search(new RegExp(illegal)) === -1 && (first?.test(word) ?? true);

export const text = (words: string): TextPart => ({ kind: 'text', text: words });

export const call = (id: string, more: Partial<ToolCallPart> = {}): ToolCallPart => ({
  ...{ kind: 'tool-call', id, callKind: 'function', name: 'f', args: '{}' },
  ...more,
});

export const assistant = (...parts: AssistantPart[]): AssistantTurn => ({
  ...{ role: 'assistant', at: 'messages[1]', parts },
});

export const user = (...words: string[]): UserTurn => ({
  ...{ role: 'user', at: 'messages[0]', parts: words.map(text) },
});

export const result = (callId: string, words: string, more: Partial<ToolResult> = {}): ToolResult => ({
  ...{ at: 'messages[2].tool_call_id', callId, callKind: 'function', name: 'f', parts: [text(words)] },
  ...more,
});

export const tool = (...results: ToolResult[]): ToolTurn => ({ role: 'tool', at: 'messages[2]', results });

export const state = (data: string, more: Partial<OpaqueState> = {}): OpaqueState => ({
  ...{ issuer: 'us', family: '', kind: 'signature', data },
  ...more,
});

/** Losses that can be read as `field=action`. */
export function recordedLosses(): { losses: Losses; notes: string[] } {
  const notes: string[] = [];
  return { losses: { note: (field, action) => void notes.push(`${field}=${action}`) }, notes };
}

/** All calls of a conversation, in order. */
export const callsOf = (turns: readonly Turn[]): readonly ToolCallPart[] =>
  turns
    .flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []))
    .filter((part) => part.kind === 'tool-call');

/** All results of a conversation, in order. */
export const resultsOf = (turns: readonly Turn[]): readonly ToolResult[] =>
  turns.flatMap((turn) => (turn.role === 'tool' ? turn.results : []));
