import type { Clock } from '../kernel/ports.ts';

/** Remembers which account served a conversation last. */
export interface Affinity {
  readonly find: (session: string) => string | undefined;
  readonly bind: (session: string, id: string) => void;
}

const MOST = 10_000;
const FORGOTTEN_AFTER_MS = 60 * 60_000;
/** A name that is longer is no name; keeping ten thousand of them would cost memory. */
const LONGEST_NAME = 256;

interface Bond {
  readonly id: string;
  /** Unix milliseconds of the last use. */
  readonly usedAt: number;
}

/** Bounded: the conversation that rested longest is forgotten first, and any that rested for an hour. */
export function createAffinity({ clock }: { readonly clock: Clock }): Affinity {
  const bonds = new Map<string, Bond>(); // in the order of their last use
  const isOver = ({ usedAt }: Bond): boolean => clock.now() - usedAt >= FORGOTTEN_AFTER_MS;
  return {
    find: (session) => {
      const bond = bonds.get(session);
      return bond === undefined || isOver(bond) ? undefined : bond.id;
    },
    bind: (session, id) => {
      if (session.length > LONGEST_NAME) return;
      bonds.delete(session);
      bonds.set(session, { id, usedAt: clock.now() });
      for (const [name, bond] of bonds) {
        if (bonds.size <= MOST && !isOver(bond)) break;
        bonds.delete(name);
      }
    },
  };
}
