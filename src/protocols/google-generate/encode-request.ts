import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { Losses } from '../../kernel/losses.ts';
import { encodeContents } from './encode-contents.ts';
import { encodeGenerationConfig } from './generation-config.ts';
import { encodeTools } from './tools.ts';
import type { WireRequest } from './wire-types.ts';

/**
 * Writes the body of `generateContent`; the dialect says by its route, not in the body, that it streams.
 *
 * @throws GatewayError `invalid-request` for media, forced tools and output that the model cannot serve.
 */
export function encodeRequest(request: ChatRequest, context: EncodeContext): WireRequest {
  const generationConfig = encodeGenerationConfig(request, context);
  if (request.logprobs !== undefined) throw unsupportedField('logprobs', 'the model tells no probabilities');
  noteUnheard(request, context.losses);
  return {
    contents: encodeContents(request.turns, context),
    ...encodeSystem(request, context.losses),
    ...encodeTools(request, context),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
    ...encodeTier(request.serviceTier, context.losses),
  };
}

function encodeSystem({ system }: ChatRequest, losses: Losses): Pick<WireRequest, 'systemInstruction'> {
  if (system.some(({ cache }) => cache !== undefined)) losses.note('cache_control', 'dropped');
  const parts = system.filter(({ text }) => text !== '').map(({ text }) => ({ text }));
  return parts.length === 0 ? {} : { systemInstruction: { parts } };
}

/** Tiers that mean the same on both sides; another one could change the price, so it is never guessed. */
const TIERS: ReadonlyMap<string, string> = new Map([
  ['default', 'standard'],
  ['standard_only', 'standard'],
  ['standard', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
]);

function encodeTier(tier: string | undefined, losses: Losses): Pick<WireRequest, 'serviceTier'> {
  if (tier === undefined || tier === 'auto') return {};
  const serviceTier = TIERS.get(tier);
  if (serviceTier === undefined) losses.note('service_tier', 'dropped');
  return serviceTier === undefined ? {} : { serviceTier };
}

/** Notes the hints that this dialect has no word for. */
function noteUnheard(request: ChatRequest, losses: Losses): void {
  const hints: readonly (readonly [string, unknown])[] = [
    ['verbosity', request.verbosity],
    ['prompt_cache_key', request.cacheKey],
    ['user', request.endUser],
    ['metadata', request.metadata],
    ['store', request.store === true ? true : undefined],
  ];
  for (const [field, value] of hints) if (value !== undefined) losses.note(field, 'dropped');
}
