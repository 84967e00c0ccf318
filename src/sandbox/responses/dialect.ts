import type { Dialect } from '../dialect.ts';
import { readResponsesRequest } from './read.ts';
import { responsesVoice } from './refuse.ts';
import { tellResponse } from './tell.ts';

/** OpenAI Responses. */
export const responsesDialect: Dialect = {
  voice: responsesVoice,
  streams: ({ body }) => body['stream'] === true,
  read: readResponsesRequest,
  tell: tellResponse,
  headers: { 'x-request-id': 'req_sandbox', 'x-ratelimit-remaining-requests': '999' },
};
