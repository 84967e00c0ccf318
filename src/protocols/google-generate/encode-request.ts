import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest } from '../../kernel/conversation.ts';
import type { NamedField } from '../../kernel/field-names.ts';
import { encodeContents } from './encode-contents.ts';
import { encodeGenerationConfig } from './generation-config.ts';
import { encodeTools } from './tools.ts';
import type { WireRequest } from './wire-types.ts';

/**
 * Writes the body of `generateContent`; the dialect says by its route, not in the body, that it streams.
 *
 * @throws GatewayError `invalid-request` for media and output that the model cannot serve.
 */
export function encodeRequest(request: ChatRequest, context: EncodeContext): WireRequest {
  const generationConfig = encodeGenerationConfig(request, context);
  noteUnheard(request, context);
  return {
    contents: encodeContents(request.turns, context),
    ...encodeSystem(request, context),
    ...encodeTools(request, context),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
    ...encodeTier(request.serviceTier, context),
  };
}

function encodeSystem(
  { system }: ChatRequest,
  { losses, names }: EncodeContext,
): Pick<WireRequest, 'systemInstruction'> {
  if (system.some(({ cache }) => cache !== undefined)) losses.note(names.cacheMark, 'dropped');
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

function encodeTier(
  tier: string | undefined,
  { losses, names }: EncodeContext,
): Pick<WireRequest, 'serviceTier'> {
  if (tier === undefined || tier === 'auto') return {};
  const serviceTier = TIERS.get(tier);
  if (serviceTier === undefined) losses.note(names.serviceTier, 'dropped');
  return serviceTier === undefined ? {} : { serviceTier };
}

/** Notes the hints that this dialect has no word for. */
function noteUnheard(request: ChatRequest, { losses, names }: EncodeContext): void {
  const hints: readonly (readonly [NamedField, boolean])[] = [
    ['verbosity', request.verbosity !== undefined],
    ['cacheKey', request.cacheKey !== undefined],
    ['endUser', request.endUser !== undefined],
    ['metadata', request.metadata !== undefined],
    ['store', request.store === true],
    ['logitBias', request.sampling.logitBias !== undefined],
    ['parallelToolCalls', request.parallelToolCalls === false],
  ];
  for (const [field, isAsked] of hints) if (isAsked) losses.note(names[field], 'dropped');
}
