import { readFileSync } from 'node:fs';

/** The text of a file under `tests/fixtures`, by its path there (`openai-chat/text.sse`). */
export const readFixture = (path: string): string =>
  readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8');
