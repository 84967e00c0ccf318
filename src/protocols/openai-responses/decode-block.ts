import { GatewayError } from '../../kernel/gateway-error.ts';
import { findJson, findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { findAnnotation } from './annotations.ts';
import { findSlot, grow, openBlock, reasoningBlock, settle, slotAt } from './decode-slot.ts';
import type { Item } from './decode-slot.ts';
import { ownerOf } from './issuer.ts';
import { decodeLogprobs } from './logprobs.ts';

/*
 * One mapping of output items to blocks for streams and whole answers: a whole item after its pieces adds only what
 * they lacked, so both tell the same. Blocks open with their first content; an empty item leaves none.
 */

/** An item begins: what its head says is remembered, and a call that has its name is opened. */
export function itemAdded(item: Item, wire: JsonObject): void {
  item.phase = findString(wire['phase']);
  if (item.family !== 'call') return;
  openCall(item, wire);
  beginArguments(item, wire);
}

/** Arguments in the head of a call are its first piece; a whole object is not, for what follows repeats it. */
function beginArguments(item: Item, wire: JsonObject): void {
  const text = findString(wire['arguments']) ?? findString(wire['input']) ?? '';
  if (item.type === 'function_call' && findObject(findJson(text)) !== undefined) item.foretold = text;
  else grow(item, 'args', 0, text);
}

/** An item as a whole; the first time counts, also against a call of the other type. */
export function itemDone(item: Item, wire: JsonObject): void {
  const type = findString(wire['type']);
  if (item.whole !== undefined || type === undefined || (item.type !== undefined && item.type !== type))
    return;
  item.whole = wire;
  item.phase ??= findString(wire['phase']);
  finishItem(item, type, wire);
}

function finishItem(item: Item, type: string, wire: JsonObject): void {
  switch (type) {
    case 'message':
      listOf(wire['content']).forEach((content, part) => partDone(item, part, content));
      break;
    case 'reasoning':
      finishReasoning(item, wire);
      break;
    case 'function_call':
      finishCall(item, wire, 'arguments');
      break;
    case 'custom_tool_call':
      finishCall(item, wire, 'input');
      break;
    default: // a tool of the service's own, or an item of next month: means something to its own dialect only
      openHosted(item, wire);
  }
}

function openHosted({ answer }: Item, raw: JsonObject): void {
  answer.writer.close(openBlock(answer, { kind: 'hosted', protocol: 'openai-responses', raw }));
}

/** A content part of a message, whole: settles and closes its block. */
export function partDone(item: Item, part: number, value: Json | undefined): void {
  const content = findObject(value);
  if (content?.['type'] === 'refusal') {
    settle(item, 'refusal', part, findString(content['refusal']) ?? '');
  } else if (content?.['type'] === 'output_text') {
    settle(item, 'text', part, findString(content['text']) ?? '');
    const told = findSlot(item, 'text', part)?.annotations ?? 0;
    for (const annotation of listOf(content['annotations']).slice(told)) annotate(item, part, annotation);
    settleLogprobs(item, part, content['logprobs']);
  }
  for (const slot of [findSlot(item, 'text', part), findSlot(item, 'refusal', part)]) {
    if (slot !== undefined) item.answer.writer.close(slot.block);
  }
}

/** The next annotation of a text part. */
export function annotate(item: Item, part: number, value: Json | undefined): void {
  const slot = slotAt(item, 'text', part);
  if (slot === undefined) return;
  slot.annotations += 1;
  const annotation = findAnnotation(value);
  if (annotation !== undefined) item.answer.writer.annotate(slot.block, annotation);
}

/** The next probabilities of a text part. */
export function weigh(item: Item, part: number, value: Json | undefined): void {
  const tokens = decodeLogprobs(value);
  const slot = tokens.length === 0 ? undefined : slotAt(item, 'text', part);
  if (slot === undefined) return;
  slot.logprobs += tokens.length;
  item.answer.writer.logprobs(slot.block, tokens);
}

/** All probabilities of a text part: adds what its pieces lacked. */
function settleLogprobs(item: Item, part: number, value: Json | undefined): void {
  weigh(item, part, listOf(value).slice(findSlot(item, 'text', part)?.logprobs ?? 0));
}

function finishReasoning(item: Item, wire: JsonObject): void {
  listOf(wire['summary']).forEach((text, part) => settle(item, 'summary', part, textOf(text)));
  listOf(wire['content']).forEach((text, part) => settle(item, 'raw', part, textOf(text)));
  // The state counts here only: the one that `added` carries may be a part of it.
  const data = findString(wire['encrypted_content']) ?? '';
  const { writer, context } = item.answer;
  const owner = ownerOf(context.capabilities);
  if (data !== '') writer.opaque(reasoningBlock(item), { ...owner, kind: 'encrypted_content', data });
  if (item.reasoning !== undefined) writer.close(item.reasoning);
}

const textOf = (part: Json): string => findString(findObject(part)?.['text']) ?? '';

/** A call without a name cannot be told yet: its pieces wait for the whole item. */
function openCall(item: Item, wire: JsonObject): void {
  const name = findString(wire['name']) ?? '';
  if (item.call !== undefined || name === '') return;
  const id = [wire['call_id'], wire['id']].map(findString).find((word) => word !== undefined && word !== '');
  const namespace = findString(wire['namespace']);
  item.call = openBlock(item.answer, {
    kind: 'tool-call',
    id: id ?? item.answer.context.ids.call(),
    callKind: wire['type'] === 'custom_tool_call' ? 'custom' : 'function',
    name,
    ...(namespace !== undefined && { namespace }),
  });
}

function finishCall(item: Item, wire: JsonObject, field: 'arguments' | 'input'): void {
  openCall(item, wire);
  const { writer } = item.answer;
  if (item.call === undefined) {
    writer.fail(new GatewayError('bad-upstream', 'the upstream sent a tool call without a name'));
    return;
  }
  settle(item, 'args', 0, findString(wire[field]) ?? '');
  flushForetold(item);
  const whole = field === 'arguments' && wire['status'] !== 'incomplete';
  if (whole && findSlot(item, 'args', 0) === undefined) grow(item, 'args', 0, '{}');
  writer.close(item.call);
}

/** Arguments in the head of a call that nothing repeated. */
export function flushForetold(item: Item): void {
  if (findSlot(item, 'args', 0) === undefined) grow(item, 'args', 0, item.foretold);
}
