/**
 * Smooth weighted round-robin, as nginx does it: every slot gains its weight, the richest one is chosen and pays the
 * sum of all weights. Slots without weight take no part.
 */
export interface Wheel {
  /** Numbers the slots anew; `former` holds the old number of each, -1 for a newcomer. Whoever stays keeps its turn. */
  readonly arrange: (former: readonly number[]) => void;
  /** A slot that joins stands where the average stands, so that it makes up for nothing that it missed. */
  readonly setWeight: (slot: number, weight: number) => void;
  readonly weightOf: (slot: number) => number;
  /** The slot whose turn it is, -1 when there is none; a barred one sits this turn out. */
  readonly next: (isBarred?: (slot: number) => boolean) => number;
  /** Books a use of `slot` that was decided elsewhere, as if its turn had come. */
  readonly charge: (slot: number) => void;
}

/** How many rounds ahead a slot may be used before its uses are no longer booked: it must not starve afterwards. */
const MOST_ROUNDS_AHEAD = 4;

interface Slots {
  readonly weights: Float64Array;
  /** What each slot has to its credit; the sum over those with a weight is 0 between two turns. */
  readonly credits: Float64Array;
}

export function createWheel(): Wheel {
  let slots: Slots = { weights: new Float64Array(), credits: new Float64Array() };
  return {
    arrange: (former) => {
      const { weights, credits } = slots;
      slots = {
        weights: Float64Array.from(former, (slot) => weights[slot] ?? 0),
        credits: Float64Array.from(former, (slot) => credits[slot] ?? 0),
      };
      balance(slots);
    },
    setWeight: (slot, weight) => setWeight(slots, slot, weight),
    weightOf: (slot) => slots.weights[slot] ?? 0,
    next: (isBarred) => next(slots, isBarred),
    charge: (slot) => charge(slots, slot),
  };
}

function setWeight({ weights, credits }: Slots, slot: number, weight: number): void {
  const before = weights[slot] ?? 0;
  weights[slot] = weight;
  if (before > 0 === weight > 0) return;
  credits[slot] = 0;
  balance({ weights, credits });
}

function next({ weights, credits }: Slots, isBarred?: (slot: number) => boolean): number {
  let chosen = -1;
  let most = -Infinity;
  let total = 0;
  for (let slot = 0; slot < weights.length; slot++) {
    const weight = weights[slot] ?? 0;
    if (weight === 0 || isBarred?.(slot) === true) continue;
    const credit = (credits[slot] ?? 0) + weight;
    credits[slot] = credit;
    total += weight;
    if (credit > most) {
      most = credit;
      chosen = slot;
    }
  }
  if (chosen >= 0) credits[chosen] = most - total;
  return chosen;
}

function charge({ weights, credits }: Slots, chosen: number): void {
  let total = 0;
  for (const weight of weights) total += weight;
  if ((credits[chosen] ?? 0) < -MOST_ROUNDS_AHEAD * total) return;
  for (let slot = 0; slot < weights.length; slot++)
    credits[slot] = (credits[slot] ?? 0) + (weights[slot] ?? 0);
  credits[chosen] = (credits[chosen] ?? 0) - total;
}

/** Brings the sum back to 0, or whoever joins would stand far ahead of the others or behind them. */
function balance({ weights, credits }: Slots): void {
  let count = 0;
  let sum = 0;
  for (let slot = 0; slot < weights.length; slot++) {
    if (weights[slot] === 0) continue;
    count++;
    sum += credits[slot] ?? 0;
  }
  if (sum === 0) return;
  for (let slot = 0; slot < weights.length; slot++) {
    if (weights[slot] !== 0) credits[slot] = (credits[slot] ?? 0) - sum / count;
  }
}
