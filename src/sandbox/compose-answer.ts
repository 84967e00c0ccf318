import type { Answer, Stop, ToolCall, Usage } from './answer.ts';
import type { OfferedTool, Question } from './question.ts';
import { sampleJson } from './sample-json.ts';
import { firstTokens, tokensOf } from './tokens.ts';

const LONGEST_ECHO = 600;

interface Draft {
  readonly thoughts: readonly string[];
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

/** The one answer to this question: tool calls when tools are at hand, what the tools said, or a friendly echo. */
export function composeAnswer(question: Question): Answer {
  const draft = draftAnswer(question);
  const stopSequence = question.stops.find((stop) => stop !== '' && draft.text.includes(stop));
  const heard = stopSequence === undefined ? draft : upTo(draft, stopSequence);
  const limit = question.maxTokens ?? Infinity;
  const isCut = outputTokens(heard) > limit;
  const said = isCut ? firstOf(heard, limit) : heard;
  const stop = isCut ? 'length' : stopOf(heard, stopSequence);
  return { ...said, stop, stopSequence: isCut ? undefined : stopSequence, usage: usageOf(said, question) };
}

function draftAnswer(question: Question): Draft {
  const calls = callsFor(question);
  const names = calls.map((call) => call.name).join(' and ');
  const thoughts = [
    'The caller sent one more turn.',
    calls.length > 0 ? `I will call ${names}.` : 'I will answer.',
  ];
  const prose = question.announces ? `Let me ask ${names}.` : '';
  return {
    thoughts: question.reasoning === 'none' ? [] : thoughts,
    text: calls.length > 0 ? prose : textFor(question),
    calls,
  };
}

function callsFor(question: Question): readonly ToolCall[] {
  if (question.turn !== 'user' || question.choice.kind === 'none') return [];
  const { choice, tools } = question;
  const [first, second] = choice.kind === 'tool' ? tools.filter(({ name }) => name === choice.name) : tools;
  if (first === undefined) return [];
  if (choice.kind === 'tool' || !question.parallel) return [callOf(first, 1)];
  const other = second ?? (/\bparallel\b/i.test(question.text) ? first : undefined);
  return other === undefined ? [callOf(first, 1)] : [callOf(first, 1), callOf(other, 2)];
}

function callOf(tool: OfferedTool, ordinal: number): ToolCall {
  const { name, namespace, kind } = tool;
  const text = kind === 'custom' ? `example-${ordinal}` : sampleJson(tool.schema, ordinal);
  return { name, namespace, kind, arguments: text };
}

function textFor(question: Question): string {
  if (question.format !== undefined) {
    return sampleJson(question.format.schema ?? { properties: { answer: {} } }, 1);
  }
  if (question.turn === 'tool') {
    return `Thank you. The tools answered: ${question.results.map(quoted).join(' and ')}.${mediaOf(question)}`;
  }
  const echo = question.text === '' ? '' : ` You wrote: ${quoted(question.text)}.`;
  return `Hello from the sandbox 👋${echo}${mediaOf(question)}`;
}

const quoted = (text: string): string => `"${text.slice(0, LONGEST_ECHO).replace(/[\uD800-\uDBFF]$/, '')}"`;

function mediaOf({ media }: Question): string {
  const counts = [
    [media.images, 'image'],
    [media.documents, 'document'],
    [media.recordings, 'recording'],
  ] as const;
  const seen = counts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}${count > 1 ? 's' : ''}`);
  return seen.length === 0 ? '' : ` I see ${seen.join(' and ')}.`;
}

const upTo = (draft: Draft, stop: string): Draft => ({
  thoughts: draft.thoughts,
  text: draft.text.slice(0, draft.text.indexOf(stop)),
  calls: [],
});

function stopOf(draft: Draft, stopSequence: string | undefined): Stop {
  if (stopSequence !== undefined) return 'stop-sequence';
  return draft.calls.length > 0 ? 'tool-call' : 'end';
}

const reasoningTokens = (draft: Draft): number => sum(draft.thoughts.map(tokensOf));
const outputTokens = (draft: Draft): number =>
  reasoningTokens(draft) + tokensOf(draft.text) + sum(draft.calls.map((call) => tokensOf(call.arguments)));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The draft up to its token limit; reasoning counts first, as it comes first. */
function firstOf(draft: Draft, limit: number): Draft {
  let left = limit;
  const take = (text: string): string => {
    const taken = firstTokens(text, left);
    left -= tokensOf(taken);
    return taken;
  };
  const thoughts = draft.thoughts.map(take).filter((thought) => thought !== '');
  const text = take(draft.text);
  const calls = draft.calls.map((call) => ({ ...call, arguments: take(call.arguments) }));
  return { thoughts, text, calls: calls.filter((call) => call.arguments !== '') };
}

/** Half of every prompt counts as cached, so that a caller always has figures to map. */
function usageOf(said: Draft, question: Question): Usage {
  const prompt = question.promptTokens;
  return {
    prompt,
    cacheRead: Math.floor(prompt / 2),
    cacheWrite: Math.floor(prompt / 8),
    output: outputTokens(said),
    reasoning: reasoningTokens(said),
  };
}
