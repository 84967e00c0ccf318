import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest } from '../../kernel/conversation.ts';
import { invalidField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeSettings } from './encode-settings.ts';
import type { Setting } from './encode-settings.ts';
import { isOpenai } from './vendor.ts';

/** The sampling parameters that the model takes; the others are dropped and noted. */
export function encodeSampling({ sampling, logprobs }: ChatRequest, context: EncodeContext): JsonObject {
  const { temperature, topP, topK, penalties, seed } = context.capabilities.sampling ?? {};
  const takesTopK = isOpenai(context.capabilities) ? false : topK;
  const { frequencyPenalty, presencePenalty } = sampling;
  const settings: readonly Setting[] = [
    { key: 'temperature', field: 'temperature', value: sampling.temperature, taken: temperature },
    { key: 'top_p', field: 'topP', value: sampling.topP, taken: topP },
    { key: 'top_k', field: 'topK', value: sampling.topK, taken: takesTopK },
    { key: 'frequency_penalty', field: 'frequencyPenalty', value: frequencyPenalty, taken: penalties },
    { key: 'presence_penalty', field: 'presencePenalty', value: presencePenalty, taken: penalties },
    { key: 'seed', field: 'seed', value: sampling.seed, taken: seed },
    { key: 'logit_bias', field: 'logitBias', value: sampling.logitBias, taken: true },
  ];
  return { ...encodeSettings(settings, context), ...encodeLogprobs(logprobs) };
}

const encodeLogprobs = (wish: ChatRequest['logprobs']): JsonObject => ({
  ...(wish !== undefined && { logprobs: true, ...(wish.top > 0 && { top_logprobs: wish.top }) }),
});

/**
 * The member that limits the answer, in tokens, by the name that the vendor gives it.
 *
 * @throws GatewayError `invalid-request` for a limit below 1.
 */
export function encodeLength({ maxTokens }: ChatRequest, context: EncodeContext): JsonObject {
  const { capabilities, losses, names } = context;
  if (maxTokens === undefined) return {};
  if (maxTokens < 1) throw invalidField(names.maxTokens, 'must be at least 1 for this model');
  const limit = Math.min(maxTokens, capabilities.maxOutput ?? maxTokens);
  if (limit < maxTokens) losses.note(names.maxTokens, 'clamped');
  const key =
    capabilities.maxTokensField ?? (isOpenai(capabilities) ? 'max_completion_tokens' : 'max_tokens');
  return { [key]: limit };
}
