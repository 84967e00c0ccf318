import { findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Content } from './contents.ts';
import { refuse } from './refuse.ts';

const countOf = (content: Content | undefined, field: string): number =>
  (content?.parts ?? []).filter((part) => part[field] !== undefined).length;

/** @throws Refusal when the turn after function calls does not answer each of them, or answers what was not called. */
export function checkPairs(contents: readonly Content[]): void {
  for (const [index, content] of contents.entries()) {
    const before = contents[index - 1];
    const calls = countOf(content, 'functionCall');
    const responses = countOf(content, 'functionResponse');
    const asked = before?.role === 'model' ? countOf(before, 'functionCall') : 0;
    if (calls > 0 && (before === undefined || before.role === 'model')) {
      refuse(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      );
    }
    if (responses > 0 && asked === 0) {
      refuse('Please ensure that function response turn comes immediately after a function call turn.');
    }
    if (responses !== asked) {
      refuse(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      );
    }
  }
}

/** Gemini 3 wants its signature back on the first call of every step since the user last spoke. */
export function checkSignatures(contents: readonly Content[], model: string): void {
  if (!needsSignatures(model)) return;
  const asked = contents.findLastIndex(
    (content) => content.role === 'user' && countOf(content, 'functionResponse') === 0,
  );
  for (const [index, content] of contents.entries()) {
    const call = content.parts.find((part) => part['functionCall'] !== undefined);
    if (index > asked && call !== undefined && call['thoughtSignature'] === undefined)
      refuseUnsigned(call, index);
  }
}

function refuseUnsigned(call: JsonObject, index: number): never {
  const name = findString(findObject(call['functionCall'])?.['name']) ?? '';
  refuse(
    'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. ' +
      `Additional data, function call \`default_api:${name}\`, position ${index + 1}.`,
  );
}

/** Models that sign and number their calls. */
export const needsSignatures = (model: string): boolean => /gemini-3/.test(model);
