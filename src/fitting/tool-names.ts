import type { CustomTool, FunctionTool } from '../kernel/conversation.ts';
import { invalidField } from '../kernel/gateway-error.ts';
import { writeJson } from '../kernel/json.ts';
import type { WordRule } from '../kernel/tool-rules.ts';
import { hashedName, legalName } from './legal-word.ts';

interface Named {
  readonly name: string;
  readonly namespace?: string;
}

type OfferedTool = FunctionTool | CustomTool;

/** The one name that each tool of a request has on the wire. */
export interface ToolNames {
  /** The tools, those that were sent twice once. */
  readonly distinct: readonly OfferedTool[];
  /** The wire name of a tool or of a call; tools that are not on offer have one too, for they stand in histories. */
  readonly wireName: (named: Named) => string;
}

/**
 * Gives every tool a legal name, the same on every request.
 *
 * @throws GatewayError `invalid-request` naming both when two different tools have one name.
 */
export function createToolNames(tools: readonly OfferedTool[], rule: WordRule): ToolNames {
  const distinct = distinctTools(tools);
  const wireNames = new Map<string, string>(); // by flat name
  const kept = new Set(distinct.map(flatName).filter((flat) => legalName(flat, rule) === flat));
  const taken = new Set(kept);
  const freshName = (flat: string): string => {
    const legal = legalName(flat, rule);
    let fresh = legal;
    for (let source = flat; taken.has(fresh); source += '_') fresh = hashedName(legal, source, rule.max);
    return fresh;
  };
  const wireName = (named: Named): string => {
    const flat = flatName(named);
    const known = wireNames.get(flat);
    if (known !== undefined) return known;
    const wire = kept.has(flat) ? flat : freshName(flat);
    taken.add(wire);
    wireNames.set(flat, wire);
    return wire;
  };
  distinct.forEach(wireName);
  return { distinct, wireName };
}

/** Other dialects know no namespaces, so one becomes part of the name. */
const flatName = ({ name, namespace }: Named): string =>
  namespace === undefined ? name : `${namespace}__${name}`;

/** A client may repeat a tool word for word; two different ones of a name would leave open which is meant. */
function distinctTools(tools: readonly OfferedTool[]): readonly OfferedTool[] {
  const byName = new Map<string, OfferedTool>();
  for (const tool of tools) {
    const name = flatName(tool);
    const earlier = byName.get(name);
    if (earlier === undefined) byName.set(name, tool);
    else if (definition(earlier) !== definition(tool)) {
      throw invalidField(
        `${tool.at}.name`,
        `${shownName(tool)} has the name of another tool, ${shownName(earlier)} (${earlier.at})`,
      );
    }
  }
  return [...byName.values()];
}

const shownName = ({ name, namespace }: Named): string =>
  namespace === undefined ? `"${name}"` : `"${name}" of the namespace "${namespace}"`;

/** What a tool is: everything but where it stands, and whether it is to be cached. */
function definition(tool: OfferedTool): string {
  const { kind, name, namespace = null, description = null } = tool;
  const head = { kind, name, namespace, description };
  return writeJson(
    tool.kind === 'custom'
      ? { ...head, format: tool.format ?? null }
      : {
          ...head,
          schema: tool.schema ?? null,
          strict: tool.strict ?? null,
          builtin: tool.builtin ?? null,
        },
  );
}
