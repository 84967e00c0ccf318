import { assertNever } from './assert-never.ts';
import type { AssistantPart, ChatRequest, MediaSource, Tool, Turn, UserPart } from './conversation.ts';
import { writeJson } from './json.ts';

/** What a model has to read of a request, ready to be counted in tokens. */
export interface RequestSize {
  readonly texts: readonly string[];
  /** Tokens of what is not text: media, and the marks between turns and tools. */
  readonly fixedTokens: number;
  /** Characters of base64 among the request's own, which say nothing about its tokens. */
  readonly mediaCharacters: number;
}

const TOKENS_PER_TURN = 6;
const TOKENS_PER_TOOL = 40;
/** The largest image that the vendors do not scale down costs about this. */
const TOKENS_PER_IMAGE = 1_600;
const TOKENS_PER_AUDIO = 3_000;
/** A page of a PDF costs 1,500 to 3,000 tokens and is seldom smaller than 50 KB; a whole document is one page at least. */
const TOKENS_PER_PAGE = 3_000;
const BASE64_PER_PAGE = 65_000;

/** Walks a request without copying its texts. */
export function measureRequest(request: ChatRequest): RequestSize {
  const size = { texts: [] as string[], fixedTokens: 0, mediaCharacters: 0 };
  for (const { text } of request.system) size.texts.push(text);
  for (const tool of request.tools) measureTool(tool, size);
  for (const turn of request.turns) measureTurn(turn, size);
  if (request.format?.type === 'json-schema') size.texts.push(writeJson(request.format.schema));
  return size;
}

interface GrowingSize {
  readonly texts: string[];
  fixedTokens: number;
  mediaCharacters: number;
}

function measureTool(tool: Tool, size: GrowingSize): void {
  size.fixedTokens += TOKENS_PER_TOOL;
  if (tool.kind === 'hosted') {
    size.texts.push(writeJson(tool.raw));
    return;
  }
  size.texts.push(tool.name, tool.description ?? '');
  const form = tool.kind === 'function' ? tool.schema : tool.format;
  if (form !== undefined) size.texts.push(writeJson(form));
}

function measureTurn(turn: Turn, size: GrowingSize): void {
  size.fixedTokens += TOKENS_PER_TURN;
  switch (turn.role) {
    case 'user':
      for (const part of turn.parts) measureUserPart(part, size);
      break;
    case 'assistant':
      for (const part of turn.parts) measureAssistantPart(part, size);
      break;
    case 'tool':
      for (const { parts } of turn.results) {
        size.fixedTokens += TOKENS_PER_TURN;
        for (const part of parts) measureUserPart(part, size);
      }
      break;
    case 'system':
    case 'developer':
      for (const { text } of turn.parts) size.texts.push(text);
      break;
    default:
      assertNever(turn, 'turn');
  }
}

function measureUserPart(part: UserPart, size: GrowingSize): void {
  switch (part.kind) {
    case 'text':
      size.texts.push(part.text);
      break;
    case 'image':
      size.fixedTokens += TOKENS_PER_IMAGE;
      size.mediaCharacters += base64Length(part.source);
      break;
    case 'document':
      if (part.source.type === 'text') size.texts.push(part.source.text);
      else measurePages(base64Length(part.source), size);
      break;
    case 'audio':
      size.fixedTokens += TOKENS_PER_AUDIO;
      size.mediaCharacters += part.data.length;
      break;
    default:
      assertNever(part, 'part');
  }
}

function measurePages(characters: number, size: GrowingSize): void {
  size.fixedTokens += TOKENS_PER_PAGE * Math.max(1, Math.ceil(characters / BASE64_PER_PAGE));
  size.mediaCharacters += characters;
}

const base64Length = (source: MediaSource): number => (source.type === 'base64' ? source.data.length : 0);

function measureAssistantPart(part: AssistantPart, size: GrowingSize): void {
  switch (part.kind) {
    case 'text':
    case 'refusal':
      size.texts.push(part.text);
      break;
    case 'reasoning':
      size.texts.push(part.raw ?? part.summary?.join('\n\n') ?? '');
      break;
    case 'tool-call':
      size.fixedTokens += TOKENS_PER_TURN;
      size.texts.push(part.name, part.args);
      break;
    case 'hosted':
      size.texts.push(writeJson(part.raw));
      break;
    default:
      assertNever(part, 'part');
  }
}
