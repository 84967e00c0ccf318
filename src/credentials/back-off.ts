export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** How long to wait after the `failures`-th failure in a row: `firstMs`, doubling, at most `maxMs`. */
export const backOffMs = (failures: number, { firstMs, maxMs }: BackOff): number =>
  Math.min(firstMs * 2 ** Math.min(failures - 1, 30), maxMs);
