import { createHash } from 'node:crypto';
import type { CallMemory } from '../fitting/recall-state.ts';
import type { HeaderReader } from '../kernel/codec.ts';
import { createReplyCollector } from '../kernel/collect-reply.ts';
import type { ReasoningPart } from '../kernel/conversation.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Block } from '../kernel/reply.ts';
import type { StreamEvent } from '../kernel/stream-event.ts';

/** Opaque state of answers whose clients cannot carry it, by the ids of the calls they made. */
export interface StateMemory {
  /** One client's part of it: nobody is given the state of another's answers. */
  readonly of: (header: HeaderReader, clientKey?: string) => TenantMemory;
}

export interface TenantMemory {
  readonly recall: (callId: string) => CallMemory | undefined;
  /** Watches one answer and keeps what its calls will need. */
  readonly watch: () => (event: StreamEvent) => void;
}

const MAX_CHARACTERS = 32 * 1024 * 1024;
const MAX_AGE_MS = 60 * 60 * 1000;

interface Entry extends CallMemory {
  readonly at: number;
  readonly size: number;
}

/** Forgets what nobody asked for in an hour, and the longest unasked first when there is too much; in memory only. */
export function createStateMemory(clock: Clock): StateMemory {
  const entries = new Map<string, Entry>(); // longest unasked first
  let total = 0;

  const forget = (key: string): void => {
    total -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  };
  const forgetOld = (): void => {
    for (const [key, { at }] of entries) {
      if (total <= MAX_CHARACTERS && clock.now() - at < MAX_AGE_MS) return;
      forget(key);
    }
  };
  const keep = (key: string, memory: CallMemory): void => {
    forget(key);
    const entry = { ...memory, at: clock.now(), size: sizeOf(memory) };
    entries.set(key, entry);
    total += entry.size;
    forgetOld();
  };
  const touch = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    entries.delete(key);
    entries.set(key, { ...entry, at: clock.now() });
    return entry;
  };

  return {
    of: (header, clientKey) => {
      const tenant = tenantOf(header, clientKey);
      return {
        recall: (callId) => {
          forgetOld();
          return touch(tenant + callId);
        },
        watch: () => createWatch((callId, memory) => keep(tenant + callId, memory)),
      };
    },
  };
}

function tenantOf(header: HeaderReader, clientKey = ''): string {
  const credential = header('authorization') ?? header('x-api-key') ?? '';
  return createHash('sha256').update(`${clientKey}\n${credential}`).digest('base64');
}

const sizeOf = ({ reasoning, opaque }: CallMemory): number =>
  reasoning.reduce((sum, part) => sum + sizeOfPart(part), 256) + (opaque?.data.length ?? 0);

const sizeOfPart = ({ raw = '', summary = [], opaque }: ReasoningPart): number =>
  [raw, ...summary, opaque?.data ?? ''].reduce((sum, text) => sum + text.length, 0);

/** Keeps what was thought with the first call: the others of an answer share it. */
function createWatch(keep: (callId: string, memory: CallMemory) => void): (event: StreamEvent) => void {
  const collector = createReplyCollector();
  return (event) => {
    collector.push(event);
    if (event.type !== 'reply-end') return;
    const { blocks } = collector.finish();
    const reasoning = blocks.flatMap(partOf);
    blocks
      .filter((block) => block.kind === 'tool-call')
      .forEach(({ id, opaque }, index) => {
        const before = index === 0 ? reasoning : [];
        if (before.length === 0 && opaque === undefined) return;
        keep(id, { reasoning: before, ...(opaque !== undefined && { opaque }) });
      });
  };
}

/** Only what has state: words alone, a client can bring back or leave out. */
const partOf = (block: Block): readonly ReasoningPart[] =>
  block.kind !== 'reasoning' || block.opaque === undefined
    ? []
    : [
        {
          kind: 'reasoning',
          opaque: block.opaque,
          ...(block.raw !== '' && { raw: block.raw }),
          ...(block.summary.length > 0 && { summary: block.summary }),
        },
      ];
