/** Proves to the compiler that a branch is empty; throws with the offending value when data lied about its type. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
