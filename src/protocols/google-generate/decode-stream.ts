import type { DecodeContext, StreamDecoder } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { parseJson } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';
import type { Emit } from '../../kernel/stream-event.ts';
import { createAnswerDecoder } from './decode-answer.ts';

/** Numbers count to the last digit in these; everything else a double holds. */
const EXACT = /"(?:functionCall|executableCode|codeExecutionResult|toolCall|toolResponse)"/;

/** Reads the frames of `streamGenerateContent`; nothing but the close of the stream ends the answer. */
export function createStreamDecoder(context: DecodeContext, emit: Emit): StreamDecoder {
  const answer = createAnswerDecoder(context, emit);
  return {
    push: ({ data }) => {
      if (data === '' || data === '[DONE]' || answer.done()) return; // Factory adds an OpenAI end mark
      try {
        answer.push(EXACT.test(data) ? parseJson(data) : (JSON.parse(data) as Json));
      } catch (cause) {
        answer.fail(
          new GatewayError('bad-upstream', 'the upstream sent an event that cannot be read', { cause }),
        );
      }
    },
    end: answer.end,
    done: answer.done,
  };
}
