import type { CacheMark, Turn, UserPart } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { optionalObject } from '../../kernel/read-fields.ts';

/** The cache mark of a block, a tool or a whole body, as the member to spread; throws `invalid-request`. */
export function decodeCache(holder: JsonObject, at: string): { readonly cache?: CacheMark } {
  const control = optionalObject(holder, 'cache_control', at);
  return control === undefined ? {} : { cache: { ttl: control['ttl'] === '1h' ? '1h' : '5m' } };
}

/** The turns with the mark of the whole body at their end, where the service itself would put it. */
export function markLastTurn(
  turns: readonly Turn[],
  mark: CacheMark | undefined,
  losses: Losses,
): readonly Turn[] {
  const last = turns.at(-1);
  if (mark === undefined || last === undefined) return turns;
  switch (last.role) {
    case 'user':
      return [...turns.slice(0, -1), { ...last, parts: replaceLast(last.parts, markPart(mark)) }];
    case 'tool':
      return [
        ...turns.slice(0, -1),
        { ...last, results: replaceLast(last.results, (result) => ({ cache: mark, ...result })) },
      ];
    default: // the client wants an answer of its own to be continued, or a directive obeyed: nothing that comes again
      losses.note('cache_control', 'ignored');
      return turns;
  }
}

const markPart =
  (cache: CacheMark) =>
  (part: UserPart): UserPart =>
    part.kind === 'audio' ? part : { cache, ...part };

const replaceLast = <T>(list: readonly T[], replace: (last: T) => T): readonly T[] =>
  list.map((element, index) => (index === list.length - 1 ? replace(element) : element));
