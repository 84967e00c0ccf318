import type { UpstreamType } from '../kernel/settings.ts';

type Row = readonly [type: UpstreamType, provider: string, ...ids: string[]];

/** What Factory offers to everyone (CLI 0.237.0, November 2026), by wire format and serving provider. */
const ROSTER: readonly Row[] = [
  ['anthropic', 'anthropic', 'claude-fable-5.1', 'claude-fable-5', 'claude-opus-5-5'],
  ['anthropic', 'anthropic', 'claude-opus-5', 'claude-opus-5-fast'],
  ['anthropic', 'anthropic', 'claude-opus-4-8', 'claude-opus-4-8-fast', 'claude-opus-4-7'],
  ['anthropic', 'anthropic', 'claude-opus-4-6', 'claude-opus-4-5-20251101'],
  ['anthropic', 'anthropic', 'claude-sonnet-5', 'claude-sonnet-4-6', 'claude-sonnet-4-5-20250929'],
  ['anthropic', 'anthropic', 'claude-haiku-4-5-20251001'],
  ['anthropic', 'fireworks', 'minimax-m2.7'],
  ['openai', 'openai', 'gpt-6-astra', 'gpt-6-sol', 'gpt-6-luna'],
  ['openai', 'openai', 'gpt-5.6-sol', 'gpt-5.6-sol-fast', 'gpt-5.6-terra', 'gpt-5.6-luna'],
  ['openai', 'openai', 'gpt-5.5', 'gpt-5.5-fast', 'gpt-5.5-pro'],
  ['openai', 'openai', 'gpt-5.4', 'gpt-5.4-fast', 'gpt-5.4-mini', 'gpt-5.4-mini-fast'],
  ['openai', 'openai', 'gpt-5.3-codex', 'gpt-5.3-codex-fast', 'gpt-5.2'],
  ['openai', 'xai', 'grok-4.7', 'grok-4.6', 'grok-4.5'],
  ['google', 'google', 'gemini-3.1-pro-preview', 'gemini-3.8-flash', 'gemini-3.7-flash'],
  ['google', 'google', 'gemini-3.6-flash', 'gemini-3.5-flash', 'gemini-3-flash-preview'],
  ['common', 'fireworks', 'glm-5.3', 'glm-5.3-flash'],
  ['common', 'baseten', 'glm-5.2'],
  ['common', 'fireworks', 'kimi-k3', 'deepseek-v4.1-flash', 'qwen3.8-max'],
  ['common', 'baseten', 'nemotron-3-ultra'],
  ['common', 'fireworks', 'inkling'],
  ['common', 'mistral', 'mistral-medium-3.5'],
];

/** The models on offer where the configuration has no `models`; an id that ends in `-fast` is a fast tier. */
export const DEFAULT_MODELS = ROSTER.flatMap(([type, provider, ...ids]) =>
  ids.map((id) => ({ id, type, provider, fast: id.endsWith('-fast') })),
);
