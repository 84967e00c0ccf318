type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A copy of the object without one of its members. */
export const without = <T extends object, K extends string>(object: T, key: K): Without<T, K> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as Without<T, K>;
