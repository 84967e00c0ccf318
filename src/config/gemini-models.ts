import type { Capabilities } from '../kernel/capabilities.ts';
import type { ModelRule } from './model-rule.ts';

const GEMINI: Capabilities = {
  issuer: 'gemini',
  reasoning: true,
  images: true,
  pdf: true,
  audio: true,
  stop: true,
  strictTools: false,
  jsonSchemaOut: true,
  jsonObjectOut: true,
  maxInput: 1_000_000,
  maxOutput: 65_536,
};

/** 3.x thinks in named levels, cannot stop thinking, and wants its signatures back on tool calls. */
const LEVELS: Capabilities = {
  ...GEMINI,
  canDisableReasoning: false,
  thoughtSignatureRequired: true,
  toolResultImages: true,
};

/** 2.5 thinks within a budget of tokens. */
const BUDGET: Capabilities = { ...GEMINI, thoughtSignatureRequired: false, toolResultImages: false };

/** Gemini; levels from Google's model pages, limits as Factory offers them (November 2026). */
export const GEMINI_MODELS: readonly ModelRule[] = [
  {
    lines: ['gemini-3.8-flash*', 'gemini-3.7-flash*', 'gemini-3.1-pro*'],
    capabilities: { ...LEVELS, thinkingLevels: ['LOW', 'MEDIUM', 'HIGH'] },
  },
  {
    lines: ['gemini-3.6-flash*', 'gemini-3.5-flash*', 'gemini-3.1-flash*', 'gemini-3-flash*'],
    capabilities: { ...LEVELS, thinkingLevels: ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] },
  },
  { lines: ['gemini-3-pro*'], capabilities: { ...LEVELS, thinkingLevels: ['LOW', 'HIGH'] } },
  { lines: ['garnet-*'], capabilities: { ...LEVELS, thinkingLevels: ['MEDIUM', 'HIGH'] } },
  {
    lines: ['gemini-2.5-pro*'],
    capabilities: { ...BUDGET, thinkingBudget: { min: 128, max: 32_768 }, canDisableReasoning: false },
  },
  {
    lines: ['gemini-2.5-flash-lite*'],
    capabilities: { ...BUDGET, thinkingBudget: { min: 512, max: 24_576, off: 0 }, canDisableReasoning: true },
  },
  {
    lines: ['gemini-2.5-flash*'],
    capabilities: { ...BUDGET, thinkingBudget: { min: 0, max: 24_576, off: 0 }, canDisableReasoning: true },
  },
  // Newer ones are taken for 3.x; which levels they offer is not known.
  { lines: ['gemini-3*', 'gemini-4*'], capabilities: LEVELS },
];
