import type { Capabilities } from '../kernel/capabilities.ts';
import type { ModelRule } from './model-rule.ts';

/** True of every Claude since 3. */
const CLAUDE: Capabilities = {
  issuer: 'anthropic',
  images: true,
  imageUrl: true,
  pdf: true,
  audio: false,
  toolResultImages: true,
  stop: true,
  cacheBreakpoints: true,
  developerRole: false,
  jsonObjectOut: false,
  midSystem: false,
};

const STRUCTURED = { strictTools: true, jsonSchemaOut: true } as const;
const UNSTRUCTURED = { strictTools: false, jsonSchemaOut: false } as const;

/** Without thinking: before 3.7. */
const PLAIN: Capabilities = { ...CLAUDE, ...UNSTRUCTURED, reasoning: false };

/** Thinking by token budget: 3.7 to 4.5. */
const BUDGET: Capabilities = {
  ...CLAUDE,
  reasoning: true,
  thinkingTypes: { enabled: true },
  canDisableReasoning: true,
};

/** 4.6 thinks either way and was the first to refuse a prefilled answer. */
const BOTH: Capabilities = {
  ...CLAUDE,
  ...STRUCTURED,
  reasoning: true,
  thinkingTypes: { enabled: true, adaptive: true, disabled: true },
  efforts: ['low', 'medium', 'high', 'max'],
  canDisableReasoning: true,
  prefill: false,
};

/** Since 4.7 a budget is refused, and so is every sampling parameter. Fits ids newer than this table. */
const ADAPTIVE: Capabilities = {
  ...CLAUDE,
  ...STRUCTURED,
  reasoning: true,
  thinkingTypes: { enabled: false, adaptive: true },
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  sampling: { temperature: false, topP: false, topK: false },
  prefill: false,
};

const CAN_DISABLE: Capabilities = {
  ...ADAPTIVE,
  thinkingTypes: { enabled: false, adaptive: true, disabled: true },
  canDisableReasoning: true,
};

const ALWAYS_THINKS: Capabilities = {
  ...ADAPTIVE,
  thinkingTypes: { enabled: false, adaptive: true, disabled: false },
  canDisableReasoning: false,
};

const BETWEEN_TOOLS: Capabilities = {
  ...ADAPTIVE,
  thinkingTypes: { enabled: false, adaptive: true, disabled: false, betweenTools: true },
  canDisableReasoning: false,
};

const LARGE = { maxInput: 867_000, maxOutput: 128_000 } as const;
const LARGER = { maxInput: 872_000, maxOutput: 128_000 } as const;
// Factory's own client asks the small 4.5 models for 32,000 at most; the models write 64,000.
const MIDDLE = { maxInput: 180_000, maxOutput: 64_000 } as const;

/**
 * Claude, the newest first. Thinking forms and efforts as Factory's CLI 0.237.0 sends them (November 2026), input
 * limits as it budgets for them, the rest from Anthropic's model pages.
 */
export const CLAUDE_MODELS: readonly ModelRule[] = [
  {
    lines: ['claude-fable-5-1', 'claude-fable-5'],
    capabilities: { ...ALWAYS_THINKS, ...LARGE, midSystem: true },
  },
  { lines: ['claude-mythos-5*'], capabilities: { ...ALWAYS_THINKS, midSystem: true } },
  { lines: ['claude-opus-5-5'], capabilities: { ...ALWAYS_THINKS, ...LARGER, midSystem: true } },
  { lines: ['claude-sonnet-5-5'], capabilities: { ...BETWEEN_TOOLS, ...LARGER, midSystem: true } },
  {
    lines: ['claude-haiku-5-5', 'claude-sonnet-5'],
    capabilities: { ...CAN_DISABLE, ...LARGER, midSystem: true },
  },
  {
    lines: ['claude-opus-5', 'claude-opus-4-8'],
    capabilities: { ...CAN_DISABLE, ...LARGE, midSystem: true },
  },
  { lines: ['claude-opus-4-7'], capabilities: { ...CAN_DISABLE, ...LARGE } },
  { lines: ['claude-opus-4-6'], capabilities: { ...BOTH, ...LARGE } },
  { lines: ['claude-sonnet-4-6'], capabilities: { ...BOTH, maxInput: 931_000, maxOutput: 64_000 } },
  {
    lines: ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'],
    capabilities: { ...BUDGET, ...STRUCTURED, ...MIDDLE },
  },
  {
    lines: ['claude-opus-4-1', 'claude-opus-4-0', 'claude-opus-4'],
    capabilities: { ...BUDGET, ...UNSTRUCTURED, maxInput: 200_000, maxOutput: 32_000 },
  },
  {
    lines: ['claude-sonnet-4-0', 'claude-sonnet-4', 'claude-3-7-sonnet'],
    capabilities: { ...BUDGET, ...UNSTRUCTURED, maxInput: 200_000, maxOutput: 64_000 },
  },
  { lines: ['claude-3-5-*'], capabilities: { ...PLAIN, maxInput: 200_000, maxOutput: 8192 } },
  { lines: ['claude-3-*'], capabilities: { ...PLAIN, maxInput: 200_000, maxOutput: 4096 } },
  { lines: ['atlas-*', 'aster-*'], capabilities: { ...ADAPTIVE, ...LARGE } },
  { lines: ['claude-*'], capabilities: ADAPTIVE },
];
