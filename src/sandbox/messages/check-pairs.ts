import { findString } from '../../kernel/json.ts';
import { refuse } from './refuse.ts';
import type { Turn } from './turns.ts';

/** @throws Refusal when a call is not answered in the very next turn, or an answer has no call in the turn before. */
export function checkPairs(turns: readonly Turn[]): void {
  const seen = new Set<string>();
  for (const [position, turn] of turns.entries()) {
    checkAnswers(turn, position > 0 ? turns[position - 1] : undefined);
    const ids = callIds(turn);
    for (const id of ids) {
      if (seen.has(id)) refuse('messages: `tool_use` ids must be unique');
      seen.add(id);
    }
    const next = turns[position + 1];
    if (next !== undefined) checkAnswered(turn, ids, leadingAnswers(next));
  }
}

/** The calls of a turn, by id. */
const callIds = (turn: Turn | undefined): readonly string[] => idsOf(turn, 'tool_use', 'id');

const idsOf = (turn: Turn | undefined, type: string, field: string): readonly string[] =>
  (turn?.blocks ?? [])
    .filter((placed) => placed.type === type)
    .map(({ block }) => findString(block[field]) ?? '');

/** Results count as answers only in front of everything else. */
function leadingAnswers(turn: Turn): readonly string[] {
  const end = turn.blocks.findIndex((placed) => placed.type !== 'tool_result');
  const leading = end === -1 ? turn.blocks : turn.blocks.slice(0, end);
  return leading.map(({ block }) => findString(block['tool_use_id']) ?? '');
}

function checkAnswered(turn: Turn, ids: readonly string[], answers: readonly string[]): void {
  const missing = ids.filter((id) => !answers.includes(id));
  if (missing.length === 0) return;
  refuse(
    `messages.${turn.index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. ` +
      'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  );
}

function checkAnswers(turn: Turn, before: Turn | undefined): void {
  const ids = callIds(before);
  const answered = new Set<string>();
  for (const { path, type, block } of turn.blocks) {
    if (type !== 'tool_result') continue;
    const id = findString(block['tool_use_id']) ?? '';
    if (!ids.includes(id)) {
      refuse(
        `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      );
    }
    if (answered.has(id))
      refuse(
        `${path}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
      );
    answered.add(id);
  }
}
