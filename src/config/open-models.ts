import type { Capabilities } from '../kernel/capabilities.ts';
import type { ModelRule } from './model-rule.ts';

const OPEN: Capabilities = {
  reasoning: true,
  pdf: false,
  audio: false,
  developerRole: false,
  midSystem: false,
  maxTokensField: 'max_tokens',
};
const SEES: Capabilities = { ...OPEN, images: true };
const READS: Capabilities = { ...OPEN, images: false };

/** Grades by `reasoning_effort`; `none`, where it is offered, switches thinking off. */
const EFFORT = { reasoningStyle: 'effort', canDisableReasoning: true } as const;
/** The same, but thinking cannot be switched off. */
const EFFORT_ALWAYS = { reasoningStyle: 'effort', canDisableReasoning: false } as const;
const SWITCH = { reasoningStyle: 'thinking-type', canDisableReasoning: true } as const;
const ALWAYS_ON = { reasoningStyle: 'always-on', canDisableReasoning: false } as const;

const MEGA = { maxInput: 908_928, maxOutput: 131_072 } as const;

/**
 * Models with open weights, and those served beside them. What Factory serves today stands as Factory's CLI 0.237.0
 * sends it (November 2026: Fireworks and Baseten take `reasoning_effort` for all); what it no longer serves stands as
 * the vendor's own API documents it.
 */
export const OPEN_MODELS: readonly ModelRule[] = [
  {
    lines: ['glm-5.3-flash'],
    capabilities: {
      ...SEES,
      reasoningStyle: 'effort-lhm',
      efforts: ['low', 'high', 'max'],
      canDisableReasoning: false,
      maxInput: 917_504,
      maxOutput: 131_072,
    },
  },
  {
    lines: ['glm-5.3'],
    capabilities: {
      ...READS,
      ...MEGA,
      reasoningStyle: 'effort-lhm',
      efforts: ['low', 'high', 'max'],
      canDisableReasoning: false,
    },
  },
  {
    // Thinks in two grades only; the hosts take low and medium for high.
    lines: ['glm-5.2'],
    capabilities: { ...READS, ...EFFORT, ...MEGA, efforts: ['none', 'low', 'medium', 'high', 'max'] },
  },
  { lines: ['glm-5.1', 'glm-5', 'glm-4.7*', 'glm-4.6', 'glm-4.5'], capabilities: { ...READS, ...SWITCH } },
  {
    lines: ['kimi-k3'],
    capabilities: {
      ...SEES,
      reasoningStyle: 'effort-lhm',
      efforts: ['low', 'high', 'max'],
      maxInput: 196_608,
      maxOutput: 65_536,
    },
  },
  { lines: ['kimi-k2.7-code*'], capabilities: { ...OPEN, ...ALWAYS_ON, needsReasoningEcho: true } },
  {
    lines: ['kimi-k2.6*', 'kimi-k2.5*'],
    capabilities: { ...SEES, ...SWITCH, needsReasoningEcho: true, forcedToolWithThinking: false },
  },
  {
    lines: ['deepseek-v4.1-flash'],
    capabilities: {
      ...SEES,
      ...EFFORT,
      ...MEGA,
      efforts: ['none', 'low', 'high', 'max'],
      needsReasoningEcho: true,
    },
  },
  {
    lines: ['deepseek-v4*'],
    capabilities: {
      ...READS,
      ...EFFORT,
      ...MEGA,
      efforts: ['none', 'low', 'high', 'max'],
      needsReasoningEcho: true,
    },
  },
  {
    lines: ['deepseek-chat', 'deepseek-reasoner', 'deepseek-v3*'],
    capabilities: {
      ...READS,
      reasoningStyle: 'deepseek',
      canDisableReasoning: true,
      needsReasoningEcho: true,
      forcedToolWithThinking: false,
    },
  },
  {
    lines: ['qwen3.8-max'],
    capabilities: {
      ...READS,
      ...EFFORT_ALWAYS,
      efforts: ['low', 'medium', 'xhigh'],
      maxInput: 131_072,
      maxOutput: 131_072,
    },
  },
  { lines: ['qwen3-coder*'], capabilities: { ...READS, reasoning: false } },
  {
    lines: ['qwen3*'],
    capabilities: {
      ...OPEN,
      reasoningStyle: 'enable-thinking',
      canDisableReasoning: true,
      forcedToolWithThinking: false,
    },
  },
  {
    lines: ['minimax-m3'],
    capabilities: { ...SEES, ...EFFORT_ALWAYS, efforts: ['high'], maxInput: 448_000, maxOutput: 64_000 },
  },
  {
    // Speaks Messages, with the token budgets of the older Claude.
    lines: ['minimax-m2.7', 'minimax-m2.5'],
    capabilities: {
      ...READS,
      issuer: 'minimax',
      thinkingTypes: { enabled: true },
      maxInput: 196_600,
      maxOutput: 64_000,
    },
  },
  {
    // Baseten switches it by a template argument that no other model has; it is left to its default.
    lines: ['nemotron-3-ultra'],
    capabilities: { ...READS, reasoningStyle: 'none', maxInput: 136_464, maxOutput: 65_536 },
  },
  {
    lines: ['inkling'],
    capabilities: {
      ...SEES,
      ...EFFORT,
      efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
      maxInput: 1_007_232,
      maxOutput: 32_768,
    },
  },
  {
    lines: ['mistral-large-4'],
    capabilities: { ...SEES, ...EFFORT, efforts: ['none', 'high'], maxInput: 524_288, maxOutput: 64_000 },
  },
  {
    lines: ['mistral-medium-3.5'],
    capabilities: { ...SEES, ...EFFORT, efforts: ['none', 'high'], maxInput: 192_000, maxOutput: 64_000 },
  },
  {
    lines: ['gpt-oss-*'],
    capabilities: { ...READS, ...EFFORT_ALWAYS, efforts: ['low', 'medium', 'high'] },
  },
];
