import type { Tool } from '../../kernel/conversation.ts';
import { findJson, findObject, isJsonArray } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { ItemStatus } from './encode-item.ts';

/** A call of a tool whose form this dialect lays down. */
interface BuiltinCall {
  readonly id: string;
  readonly callId: string;
  /** JSON text, as the model wrote it. */
  readonly args: string;
  readonly status: ItemStatus;
}

/** The members of an item for these arguments; `undefined` when they do not fit the tool. */
type EncodeArgs = (args: JsonObject, status: ItemStatus) => JsonObject | undefined;

const BUILTINS: Readonly<Record<string, EncodeArgs>> = {
  local_shell: (args, status) =>
    areStrings(args['command'])
      ? { type: 'local_shell_call', status, action: { env: {}, ...args, type: 'exec' } }
      : undefined,
  shell: (args, status) =>
    areStrings(args['commands'])
      ? {
          type: 'shell_call',
          status,
          action: { timeout_ms: null, max_output_length: null, ...args },
          environment: null,
        }
      : undefined,
  apply_patch: (args, status) =>
    isPatch(args)
      ? {
          type: 'apply_patch_call',
          status: status === 'completed' ? status : 'in_progress', // there is no third word
          operation: args,
        }
      : undefined,
};

const areStrings = (value: Json | undefined): boolean =>
  isJsonArray(value) && value.every((entry) => typeof entry === 'string');

const isPatch = ({ type, path, diff }: JsonObject): boolean =>
  typeof path === 'string' &&
  (type === 'delete_file' ||
    ((type === 'create_file' || type === 'update_file') && typeof diff === 'string'));

/** The wire type of the built-in tool that this name calls; `undefined` when it is a tool of the client's making. */
export function builtinOf(
  { name, namespace }: { readonly name: string; readonly namespace?: string },
  tools: readonly Tool[],
): string | undefined {
  if (namespace !== undefined) return undefined;
  const tool = tools.find((known) => known.kind === 'function' && known.name === name && 'builtin' in known);
  const builtin = tool?.kind === 'function' ? tool.builtin : undefined;
  return builtin !== undefined && Object.hasOwn(BUILTINS, builtin) ? builtin : undefined;
}

/** The item of such a call; `undefined` when its arguments are none that the tool takes. */
export function encodeBuiltinCall(builtin: string, call: BuiltinCall): JsonObject | undefined {
  const args = findObject(findJson(call.args));
  const members = args && BUILTINS[builtin]?.(args, call.status);
  return members && { id: call.id, call_id: call.callId, ...members };
}
