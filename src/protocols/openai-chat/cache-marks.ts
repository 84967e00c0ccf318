import type { EncodeContext } from '../../kernel/codec.ts';
import type { CacheMark, ChatRequest, Turn } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** The members that mark a part as the end of a cached prefix; none when this part's mark is not carried. */
export type TakeCacheMark = (cache: CacheMark | undefined) => JsonObject;

interface Markable {
  readonly cache?: CacheMark;
}

const MAX_MARKS = 4;

const TTL: Readonly<Record<CacheMark['ttl'], JsonObject>> = {
  '5m': {},
  '30m': {},
  '1h': { ttl: '12h' },
  '12h': { ttl: '12h' },
};

/**
 * Carries the last four marks, for models that take any; others refuse the member. What is lost is noted once.
 *
 * @returns to be called for every part of the system text, users and results, in the order of the request.
 */
export function createCacheMarks(request: ChatRequest, context: EncodeContext): TakeCacheMark {
  const { capabilities, losses, names } = context;
  const answers = request.turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
  const homeless = [...request.tools, ...answers].some((holder) => 'cache' in holder);
  const marked = [...request.system, ...request.turns.flatMap(markablesOf)].filter(isMarked).length;
  let surplus = capabilities.cacheBreakpoints === true ? marked - MAX_MARKS : marked;
  if (homeless || surplus > 0) losses.note(names.cacheMark, 'dropped');
  return (cache) => {
    if (cache === undefined || surplus-- > 0) return {};
    return { prompt_cache_breakpoint: { mode: 'explicit', ...TTL[cache.ttl] } };
  };
}

const isMarked = ({ cache }: Markable): boolean => cache !== undefined;

/** What has a place for a mark on the wire, in the order in which it is written. */
function markablesOf(turn: Turn): readonly Markable[] {
  switch (turn.role) {
    case 'assistant':
      return [];
    case 'tool':
      return turn.results.flatMap((result) => [...result.parts, result]);
    default:
      return turn.parts.map((part) => (part.kind === 'audio' ? {} : part));
  }
}
