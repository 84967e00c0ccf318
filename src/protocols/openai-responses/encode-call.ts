import type { JsonObject } from '../../kernel/json.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';
import { builtinOf, encodeBuiltinCall } from './encode-builtin-call.ts';
import { itemMembers, sayItem } from './encode-item.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './encode-item.ts';

type CallHead = Extract<BlockHead, { readonly kind: 'tool-call' }>;

const WORDS = {
  function: { type: 'function_call', prefix: 'fc', field: 'arguments', event: 'function_call_arguments' },
  custom: { type: 'custom_tool_call', prefix: 'ctc', field: 'input', event: 'custom_tool_call_input' },
} as const;

/** A call in the form of the tool that it calls. */
export function openCall(place: ItemPlace, head: CallHead): OpenItem {
  const builtin = builtinOf(head, place.context.request?.tools ?? []);
  return builtin === undefined ? openPlainCall(place, head) : openBuiltinCall(place, head, builtin);
}

/** A call of a function or custom tool, whose arguments stream as they come. */
function openPlainCall(
  place: ItemPlace,
  head: CallHead,
  id = place.context.ids.item(WORDS[head.callKind].prefix),
): OpenItem {
  const { say, outputIndex } = place;
  const { field, event: name } = WORDS[head.callKind];
  const where = itemMembers(id, outputIndex);
  let args = '';

  const settled = (status: ItemStatus): JsonObject => plainItem(id, head, args, status);
  const grow = (text: string): void => {
    args += text;
    say(`response.${name}.delta`, `${where},"delta":${JSON.stringify(text)}`);
  };
  sayItem(place, 'added', settled('in_progress'));
  return {
    take: (event) => {
      if (event.type === 'block-delta') grow(event.text);
    },
    close: (status) => {
      // Clients parse the arguments, and a tool without any is called with an empty object.
      if (args === '' && head.callKind === 'function' && status === 'completed') grow('{}');
      const toolName = head.callKind === 'function' ? `,"name":${JSON.stringify(head.name)}` : '';
      say(`response.${name}.done`, `${where},"${field}":${JSON.stringify(args)}${toolName}`);
    },
    settled,
  };
}

function plainItem(id: string, head: CallHead, args: string, status: ItemStatus): JsonObject {
  const { type, field } = WORDS[head.callKind];
  return {
    id,
    type,
    status,
    call_id: head.id,
    name: head.name,
    ...(head.namespace !== undefined && { namespace: head.namespace }),
    [field]: args,
  };
}

/** A call whose item holds its arguments as members: told whole at its end, as a plain call where they make no sense. */
function openBuiltinCall(place: ItemPlace, head: CallHead, builtin: string): OpenItem {
  const id = place.context.ids.item('fc');
  let args = '';
  let plain: OpenItem | undefined;
  const whole = (status: ItemStatus): JsonObject | undefined =>
    encodeBuiltinCall(builtin, { id, callId: head.id, args, status });
  return {
    take: (event) => {
      if (event.type === 'block-delta') args += event.text;
    },
    close: (status) => {
      const item = whole('in_progress');
      if (item !== undefined) {
        sayItem(place, 'added', item);
        return;
      }
      plain = openPlainCall(place, head, id);
      if (args !== '') plain.take({ type: 'block-delta', index: 0, text: args });
      plain.close(status);
    },
    settled: (status) => plain?.settled(status) ?? whole(status) ?? plainItem(id, head, args, status),
  };
}
