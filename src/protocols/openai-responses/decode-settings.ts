import type { ChatRequest, OutputFormat } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import {
  optionalFlag,
  optionalObject,
  optionalString,
  optionalWord,
  pathOf,
  present,
  requireObject,
  requireString,
} from '../../kernel/read-fields.ts';
import { EFFORTS, NO_WISH } from '../../kernel/reasoning.ts';
import type { Effort, ReasoningWish } from '../../kernel/reasoning.ts';
import type { Settings } from './piece.ts';
import { noteUnread } from './read-members.ts';

/** How the client wants to be answered, as far as a conversation may change it. */
export type AnswerSettings = Pick<ChatRequest, 'reasoning' | 'format' | 'verbosity'>;

/**
 * Reads `reasoning` and `text` of the body and of what came after it; for each member the last word counts.
 *
 * @throws GatewayError `invalid-request` naming the member.
 */
export function decodeAnswerSettings(sources: readonly Settings[], losses: Losses): AnswerSettings {
  const { effort, shows, format, verbosity } = sources.reduce<Members>(
    (said, source) => ({ ...said, ...readReasoning(source, losses), ...readText(source, losses) }),
    {},
  );
  return { reasoning: wishOf(effort, shows), ...present({ format, verbosity }) };
}

interface Members {
  readonly effort?: Effort;
  /** A summary was asked for. */
  readonly shows?: boolean;
  readonly format?: OutputFormat;
  readonly verbosity?: 'low' | 'medium' | 'high';
}

/** Reasoning is shown to those alone who ask for its summary; to ask for that alone leaves its strength open. */
function wishOf(effort: Effort | undefined, shows: boolean | undefined): ReasoningWish {
  if (effort === 'none') return { mode: 'off', from: 'client' };
  if (effort !== undefined) return { mode: 'on', effort, show: shows === true, from: 'client' };
  return shows === undefined ? NO_WISH : { ...NO_WISH, show: shows };
}

function readReasoning({ members, at }: Settings, losses: Losses): Members {
  const reasoning = optionalObject(members, 'reasoning', at);
  if (reasoning === undefined) return {};
  const path = pathOf(at, 'reasoning');
  noteUnread(reasoning, ['effort', 'summary', 'generate_summary'], path, losses);
  const old = optionalString(reasoning, 'generate_summary', path);
  const summary = optionalString(reasoning, 'summary', path) ?? old;
  return present({
    effort: optionalWord(reasoning, 'effort', path, EFFORTS),
    shows: summary === undefined ? undefined : summary !== 'none',
  });
}

function readText({ members, at }: Settings, losses: Losses): Members {
  const text = optionalObject(members, 'text', at);
  if (text === undefined) return {};
  const path = pathOf(at, 'text');
  noteUnread(text, ['format', 'verbosity'], path, losses);
  const format = optionalObject(text, 'format', path);
  return present({
    format: format && decodeFormat(format, pathOf(path, 'format')),
    verbosity: optionalWord(text, 'verbosity', path, ['low', 'medium', 'high']),
  });
}

function decodeFormat(format: JsonObject, at: string): OutputFormat {
  const type = requireString(format, 'type', at);
  switch (type) {
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json-object' };
    case 'json_schema':
      return {
        type: 'json-schema',
        schema: requireObject(format, 'schema', at),
        ...present({
          name: optionalString(format, 'name', at),
          description: optionalString(format, 'description', at),
          strict: optionalFlag(format, 'strict', at),
        }),
      };
    default:
      throw unsupportedField(pathOf(at, 'type'), `"${type}" is not a format that can be asked for`);
  }
}
