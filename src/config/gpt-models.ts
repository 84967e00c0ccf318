import type { Capabilities } from '../kernel/capabilities.ts';
import type { ModelRule } from './model-rule.ts';

const OPENAI: Capabilities = {
  issuer: 'openai',
  images: true,
  imageUrl: true,
  pdf: true,
  audio: false,
  toolResultImages: true,
  developerRole: true,
  midSystem: true,
  strictTools: true,
  jsonSchemaOut: true,
  jsonObjectOut: true,
  maxTokensField: 'max_completion_tokens',
};

/** A GPT that thinks refuses sampling parameters and stop sequences. */
const THINKS: Capabilities = {
  ...OPENAI,
  reasoning: true,
  stop: false,
  sampling: { temperature: false, topP: false, topK: false, penalties: false, seed: false },
  forcedToolWithThinking: true,
};

/** 5.1 and 5.2 do not think unless asked; until then they can be sampled. */
const THINKS_IF_ASKED: Capabilities = {
  ...OPENAI,
  reasoning: true,
  stop: false,
  canDisableReasoning: true,
  forcedToolWithThinking: true,
};

const CHATS: Capabilities = { ...OPENAI, reasoning: false };

const LARGE = { maxInput: 922_000, maxOutput: 128_000 } as const;
const MIDDLE = { maxInput: 272_000, maxOutput: 128_000 } as const;

const LOW_TO_HIGH = ['low', 'medium', 'high'] as const;
const LOW_TO_XHIGH = [...LOW_TO_HIGH, 'xhigh'] as const;
const LOW_TO_MAX = [...LOW_TO_XHIGH, 'max'] as const;

/** xAI's models stand beside GPT: they speak Responses too. */
const GROK: Capabilities = {
  issuer: 'xai',
  reasoning: true,
  images: true,
  pdf: false,
  audio: false,
  stop: false,
  canDisableReasoning: false,
  maxOutput: 63_356,
};

/** GPT and Grok, special lines before general ones; efforts and limits as Factory offers them (November 2026). */
export const GPT_MODELS: readonly ModelRule[] = [
  {
    lines: ['gpt-6-astra', 'gpt-6.1-*'],
    capabilities: { ...THINKS, ...LARGE, efforts: LOW_TO_MAX, canDisableReasoning: false },
  },
  {
    lines: ['gpt-6-*', 'gpt-5.6-*', 'gpt-5.6'],
    capabilities: { ...THINKS, ...LARGE, efforts: ['none', ...LOW_TO_MAX], canDisableReasoning: true },
  },
  {
    lines: ['gpt-5.5-pro'],
    capabilities: { ...THINKS, ...LARGE, efforts: ['medium', 'high', 'xhigh'], canDisableReasoning: false },
  },
  {
    lines: ['gpt-5.5', 'gpt-5.4'],
    capabilities: { ...THINKS, ...LARGE, efforts: LOW_TO_XHIGH, canDisableReasoning: false },
  },
  { lines: ['gpt-5*-chat*'], capabilities: { ...CHATS, maxInput: 128_000, maxOutput: 16_384 } },
  {
    lines: ['gpt-5.4-*', 'gpt-5.3*', 'gpt-5.2-codex*', 'gpt-5.1-codex-max'],
    capabilities: { ...THINKS, ...MIDDLE, efforts: LOW_TO_XHIGH, canDisableReasoning: false },
  },
  {
    lines: ['gpt-5.2'],
    capabilities: { ...THINKS_IF_ASKED, ...MIDDLE, efforts: ['none', ...LOW_TO_XHIGH] },
  },
  {
    lines: ['gpt-5.1'],
    capabilities: { ...THINKS_IF_ASKED, ...MIDDLE, efforts: ['none', ...LOW_TO_HIGH] },
  },
  {
    lines: ['gpt-5.1-codex*', 'gpt-5-codex*'],
    capabilities: { ...THINKS, ...MIDDLE, efforts: LOW_TO_HIGH, canDisableReasoning: false },
  },
  {
    lines: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano'],
    capabilities: { ...THINKS, ...MIDDLE, efforts: ['minimal', ...LOW_TO_HIGH], canDisableReasoning: false },
  },
  { lines: ['gpt-4.1*'], capabilities: { ...CHATS, maxInput: 1_047_576, maxOutput: 32_768 } },
  { lines: ['gpt-4o*'], capabilities: { ...CHATS, maxInput: 128_000, maxOutput: 16_384 } },
  {
    lines: ['o1', 'o3', 'o3-mini', 'o3-pro', 'o4-mini'],
    capabilities: {
      ...THINKS,
      maxInput: 200_000,
      maxOutput: 100_000,
      efforts: LOW_TO_HIGH,
      canDisableReasoning: false,
    },
  },
  { lines: ['grok-4.7'], capabilities: { ...GROK, maxInput: 436_644, efforts: LOW_TO_XHIGH } },
  { lines: ['grok-4.6'], capabilities: { ...GROK, maxInput: 200_000, efforts: LOW_TO_XHIGH } },
  { lines: ['grok-4.5'], capabilities: { ...GROK, maxInput: 200_000, efforts: LOW_TO_HIGH } },
];
