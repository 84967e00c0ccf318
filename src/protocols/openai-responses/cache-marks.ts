import type { EncodeContext } from '../../kernel/codec.ts';
import type { CacheMark, ChatRequest, Turn } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** The members that mark a part as the end of a cached prefix; none when this part's mark is not carried. */
export type TakeCacheMark = (cache: CacheMark | undefined) => JsonObject;

const MAX_MARKS = 4;

const TTL: Readonly<Record<CacheMark['ttl'], { readonly ttl?: string }>> = {
  '5m': {},
  '30m': {},
  '1h': { ttl: '12h' },
  '12h': { ttl: '12h' },
};

/** Carries the last four marks, for models that take any; call it for every part, in the order of `turns`. */
export function createCacheMarks(
  turns: readonly Turn[],
  { capabilities, losses, names }: EncodeContext,
): TakeCacheMark {
  const total = capabilities.cacheBreakpoints === true ? turns.flatMap(marksOf).length : 0;
  let left = total;
  return (cache) => {
    if (cache === undefined) return {};
    const carried = total > 0 && left-- <= MAX_MARKS;
    if (carried) return { prompt_cache_breakpoint: { mode: 'explicit', ...TTL[cache.ttl] } };
    losses.note(names.cacheMark, 'dropped');
    return {};
  };
}

/** Notes the marks that have no place on the wire: those of the system text, of tools and of earlier answers. */
export function noteLostMarks(
  { system, tools, turns }: ChatRequest,
  { losses, names }: Pick<EncodeContext, 'losses' | 'names'>,
): void {
  const answers = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
  const lost = [...system, ...tools, ...answers].some((holder) => 'cache' in holder);
  if (lost) losses.note(names.cacheMark, 'dropped');
}

/** The marks of a turn that have a place on the wire: those of content parts. */
function marksOf(turn: Turn): CacheMark[] {
  switch (turn.role) {
    case 'assistant':
      return [];
    case 'tool':
      return turn.results.flatMap(({ parts, cache }) => present([...parts.map((part) => part.cache), cache]));
    default:
      return present(turn.parts.map((part) => (part.kind === 'audio' ? undefined : part.cache)));
  }
}

const present = (marks: readonly (CacheMark | undefined)[]): CacheMark[] =>
  marks.filter((mark) => mark !== undefined);
