import type { Dialect } from '../dialect.ts';
import { readMessagesRequest } from './read.ts';
import { messagesVoice } from './refuse.ts';
import { tellMessage } from './tell.ts';

/** Anthropic Messages. */
export const messagesDialect: Dialect = {
  voice: messagesVoice,
  streams: ({ body }) => body['stream'] === true,
  read: readMessagesRequest,
  tell: tellMessage,
  headers: { 'request-id': 'req_sandbox', 'anthropic-ratelimit-requests-remaining': '999' },
};
