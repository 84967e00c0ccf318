import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { createCacheMarks } from './cache-marks.ts';
import { encodeAccount } from './encode-account.ts';
import { encodeFormat } from './encode-format.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeLength, encodeSampling } from './encode-sampling.ts';
import { encodeTools } from './encode-tools.ts';

/**
 * Writes a streaming request, without model id, system prefix and reasoning.
 *
 * @throws GatewayError `invalid-request` naming what the model cannot be told.
 */
export const encodeRequest = (request: ChatRequest, context: EncodeContext): JsonObject => ({
  messages: encodeMessages(request, { ...context, takeMark: createCacheMarks(request, context) }),
  ...encodeTools(request, context),
  ...encodeLength(request, context),
  ...encodeSampling(request, context),
  ...(request.stop !== undefined && { stop: request.stop }),
  ...encodeFormat(request, context),
  ...encodeAccount(request, context),
  stream: true,
  stream_options: { include_usage: true },
});
