import { findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** True when OpenAI's own model is asked: the other vendors of its format do not share its demands on schemas. */
export const isOpenai = (body: JsonObject): boolean => /^(?:gpt|o\d)/.test(findString(body['model']) ?? '');
