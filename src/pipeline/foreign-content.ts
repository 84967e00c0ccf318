import type { ProtocolId } from '../kernel/conversation.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import { findObject, findString } from '../kernel/json.ts';
import type { StreamEvent } from '../kernel/stream-event.ts';

/** Watches an answer for content that means something to its own service alone: images, results of hosted tools. */
export interface ForeignContent {
  readonly observe: (event: StreamEvent) => void;
  /** What was left out, by its kind on the wire. */
  readonly kinds: () => readonly string[];
  /** What to end with instead of a success that holds nothing; `undefined` when something could be told. */
  readonly failure: () => GatewayError | undefined;
}

const MAX_KIND = 40;

export function createForeignContent(client: ProtocolId): ForeignContent {
  const kinds = new Set<string>();
  let told = false;
  return {
    observe: (event) => {
      if (event.type !== 'block-start') return;
      const { block } = event;
      if (block.kind !== 'hosted' || block.protocol === client) told = true;
      else kinds.add(kindOf(block.raw));
    },
    kinds: () => [...kinds],
    failure: () =>
      told || kinds.size === 0
        ? undefined
        : new GatewayError(
            'bad-upstream',
            `the model answered with nothing but ${[...kinds].join(', ')}, which this client's format cannot carry`,
          ),
  };
}

/** The word that tells kinds apart: a `type`, or at Google the one member that a part has. */
function kindOf(raw: Parameters<typeof findObject>[0]): string {
  const object = findObject(raw);
  const kind = findString(object?.['type']) ?? Object.keys(object ?? {})[0] ?? 'content';
  return kind.replace(/[^\w.-]/g, '_').slice(0, MAX_KIND); // it goes into a header
}
