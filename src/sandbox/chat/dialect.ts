import type { Dialect } from '../dialect.ts';
import { readChatRequest } from './read.ts';
import { chatVoice } from './refuse.ts';
import { tellChat } from './tell.ts';

/** OpenAI Chat Completions, as the hosts of open models speak it. */
export const chatDialect: Dialect = {
  voice: chatVoice,
  streams: ({ body }) => body['stream'] === true,
  read: readChatRequest,
  tell: tellChat,
  headers: { 'x-request-id': 'req_sandbox', 'x-ratelimit-remaining-requests': '999' },
};
