import { findJson, findObject, rawJson, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeData } from '../../sse/encode.ts';
import type { Answer } from '../answer.ts';
import type { Story, Told } from '../dialect.ts';
import { seal } from '../seal.ts';
import { wordsOf } from '../tokens.ts';
import { needsSignatures } from './check-pairs.ts';

const FINISH_REASONS: Readonly<Record<Answer['stop'], string>> = {
  end: 'STOP',
  'tool-call': 'STOP',
  length: 'MAX_TOKENS',
  'stop-sequence': 'STOP',
};

/** The answer as chunks of a GenerateContentResponse, and as one. */
export function tellGenerate(story: Story): Told {
  const { answer, question, nextId } = story;
  const tail = { modelVersion: question.model, responseId: nextId('') };
  const chunk = (
    parts: readonly JsonObject[],
    ending: JsonObject,
    usageMetadata: JsonObject,
  ): JsonObject => ({
    candidates: [{ content: { parts, role: 'model' }, ...ending, index: 0 }],
    usageMetadata,
    ...tail,
  });
  const usage = usageOf(answer);
  const early = { promptTokenCount: answer.usage.prompt, totalTokenCount: answer.usage.prompt };
  const ending = { finishReason: FINISH_REASONS[answer.stop] };
  const calls = callParts(story);
  const spoken = [...textParts(story, true), ...calls];
  // Reasoning that no call carries is signed on an empty last part.
  const signed = isSigned(story) && calls.length === 0 ? { thoughtSignature: seal('gemini', 'text') } : {};
  const whole = [...textParts(story, false), ...calls];
  return {
    opening: spoken.map((part) => encodeData(writeJson(chunk([part], {}, early)))),
    closing: [encodeData(writeJson(chunk([{ text: '', ...signed }], ending, usage)))],
    whole: chunk(withSignature(whole, signed), ending, usage),
  };
}

const isSigned = ({ answer, question }: Story): boolean =>
  answer.thoughts.length > 0 || needsSignatures(question.model);

function textParts({ answer, question }: Story, inPieces: boolean): readonly JsonObject[] {
  const split = (text: string): readonly string[] =>
    inPieces ? wordsOf(text) : [text].filter((piece) => piece !== '');
  const thoughts = question.reasoning === 'shown' ? answer.thoughts.join(' ') : '';
  return [
    ...split(thoughts).map((text) => ({ text, thought: true })),
    ...split(answer.text).map((text) => ({ text })),
  ];
}

/** Calls come whole; of parallel ones only the first is signed. A call that the token limit cut does not come at all. */
function callParts(story: Story): readonly JsonObject[] {
  const { answer, question, nextId } = story;
  const whole = answer.calls.filter((call) => findObject(findJson(call.arguments)) !== undefined);
  return whole.map((call, index) => ({
    functionCall: {
      ...(needsSignatures(question.model) ? { id: nextId('') } : {}),
      name: call.name,
      args: rawJson(call.arguments),
    },
    ...(index === 0 && isSigned(story) ? { thoughtSignature: seal('gemini', call.name) } : {}),
  }));
}

function withSignature(parts: readonly JsonObject[], signed: JsonObject): readonly JsonObject[] {
  const last = parts.at(-1);
  return last === undefined ? [{ text: '', ...signed }] : [...parts.slice(0, -1), { ...last, ...signed }];
}

function usageOf({ usage }: Answer): JsonObject {
  return {
    promptTokenCount: usage.prompt,
    cachedContentTokenCount: usage.cacheRead,
    candidatesTokenCount: usage.output - usage.reasoning,
    thoughtsTokenCount: usage.reasoning === 0 ? undefined : usage.reasoning,
    totalTokenCount: usage.prompt + usage.output,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.prompt }],
  };
}
