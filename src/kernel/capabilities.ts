import type { Effort } from './reasoning.ts';

/** How a Chat Completions vendor switches reasoning; `effort` is the word `reasoning_effort`. */
export const REASONING_STYLES = [
  'effort',
  'thinking-type',
  'always-on',
  'effort-lhm',
  'deepseek',
  'enable-thinking',
  'none',
] as const;
export type ReasoningStyle = (typeof REASONING_STYLES)[number];

/**
 * What one upstream model can do. A field that is absent is not known; codecs then do what the dialect's newest
 * documentation says of an average model. Token limits are whole tokens.
 */
export interface Capabilities {
  /** Who can verify this model's opaque reasoning state, and the family within it. */
  readonly issuer?: string;
  readonly family?: string;
  /** False: the model does not reason, and nothing about reasoning is sent. */
  readonly reasoning?: boolean;
  readonly thinkingTypes?: {
    readonly enabled?: boolean;
    readonly adaptive?: boolean;
    readonly disabled?: boolean;
    readonly betweenTools?: boolean;
  };
  readonly efforts?: readonly Effort[];
  readonly canDisableReasoning?: boolean;
  readonly reasoningStyle?: ReasoningStyle;
  readonly needsReasoningEcho?: boolean;
  /** Gemini: named levels (3.x) or a token budget (2.5) with these bounds. */
  readonly thinkingLevels?: readonly ('MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH')[];
  readonly thinkingBudget?: { readonly min: number; readonly max: number; readonly off?: number };
  readonly thoughtSignatureRequired?: boolean;
  readonly maxInput?: number;
  readonly maxOutput?: number;
  /** False: the model refuses the parameter, and it is dropped with a note. */
  readonly sampling?: {
    readonly temperature?: boolean;
    readonly topP?: boolean;
    readonly topK?: boolean;
    readonly penalties?: boolean;
    readonly seed?: boolean;
  };
  readonly stop?: boolean;
  readonly images?: boolean;
  readonly imageUrl?: boolean;
  readonly pdf?: boolean;
  readonly audio?: boolean;
  readonly toolResultImages?: boolean;
  readonly midSystem?: boolean;
  readonly developerRole?: boolean;
  readonly prefill?: boolean;
  readonly strictTools?: boolean;
  readonly jsonSchemaOut?: boolean;
  readonly jsonObjectOut?: boolean;
  readonly forcedToolWithThinking?: boolean;
  readonly cacheBreakpoints?: boolean;
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  readonly toolNameMax?: number;
  readonly toolIdMax?: number;
  readonly jsonSchemaParams?: boolean;
}
