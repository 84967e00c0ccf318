import type { Dialect } from '../dialect.ts';
import { readGenerateRequest } from './read.ts';
import { generateVoice } from './refuse.ts';
import { tellGenerate } from './tell.ts';

/** Gemini generateContent, with the model in the body or in the path. */
export const generateDialect: Dialect = {
  voice: generateVoice,
  streams: ({ pathStream }) => pathStream ?? true,
  read: readGenerateRequest,
  tell: tellGenerate,
  headers: {},
};
