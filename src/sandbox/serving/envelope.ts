import type { JsonObject } from '../../kernel/json.ts';
import { encodeData } from '../../sse/encode.ts';
import type { Voice } from '../dialect.ts';

/** A failure as Factory itself tells it. */
export const factoryEnvelope = (status: number, title: string, detail: string): JsonObject => ({
  detail,
  status,
  title,
  requestId: 'sbx1::sandbox',
});

/** Failures of the routes that speak no dialect. */
export const plainVoice: Voice = {
  errorBody: (status, message) => factoryEnvelope(status, 'Failure', message),
  errorEvent: (status, message) => encodeData(JSON.stringify(factoryEnvelope(status, 'Failure', message))),
  newsEvent: encodeData('{}'),
};
