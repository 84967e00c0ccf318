interface Named {
  readonly name: string;
  readonly namespace?: string;
}

/** The one name that a tool has on this wire, which knows no namespaces. */
export const wireToolName = ({ name, namespace }: Named): string =>
  namespace === undefined ? name : `${namespace}__${name}`;
