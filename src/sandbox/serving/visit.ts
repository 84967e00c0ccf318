/** One request, its body read to the end. */
export interface Visit {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
  /** Unix milliseconds. */
  readonly now: number;
}
