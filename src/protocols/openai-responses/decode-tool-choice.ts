import type { Tool, ToolChoice } from '../../kernel/conversation.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import {
  mapObjects,
  optionalString,
  optionalWord,
  present,
  requireList,
  requireString,
} from '../../kernel/read-fields.ts';
import { requireWord } from './read-members.ts';

const AT = 'tool_choice';

/** What the client demands of these tools; throws `invalid-request` naming the member. */
export function decodeToolChoice(
  body: JsonObject,
  tools: readonly Tool[],
  losses: Losses,
): ToolChoice | undefined {
  const choice = body[AT];
  if (!isJsonObject(choice)) {
    const word = optionalWord(body, AT, '', ['auto', 'required', 'none']);
    return word === undefined ? undefined : { type: word };
  }
  const type = requireString(choice, 'type', AT);
  switch (type) {
    case 'function':
    case 'custom':
      return {
        type: 'tool',
        name: requireWord(choice, 'name', AT),
        ...present({ namespace: optionalString(choice, 'namespace', AT) }),
      };
    case 'allowed_tools':
      return decodeAllowed(choice, tools, losses);
    default: // a tool that is known by its type alone
      return isBuiltin(type, tools) ? { type: 'tool', name: type } : { type: 'hosted', name: type };
  }
}

const isBuiltin = (type: string, tools: readonly Tool[]): boolean =>
  tools.some((tool) => tool.kind === 'function' && tool.builtin === type);

function decodeAllowed(choice: JsonObject, tools: readonly Tool[], losses: Losses): ToolChoice {
  const mode = optionalWord(choice, 'mode', AT, ['auto', 'required']) ?? 'auto';
  const names = mapObjects(requireList(choice, 'tools', AT), `${AT}.tools`, (tool, at) => {
    const type = optionalString(tool, 'type', at) ?? 'function';
    if (type === 'function' || type === 'custom') return [requireWord(tool, 'name', at)];
    if (isBuiltin(type, tools)) return [type];
    losses.note(at, 'dropped'); // as the tool itself is
    return [];
  });
  return { type: 'allowed', mode, names: names.flat() };
}
