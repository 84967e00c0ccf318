import { assertNever } from '../../kernel/assert-never.ts';
import type { BlockEvent } from '../../kernel/block-queue.ts';
import type { AnswerContext } from '../../kernel/codec.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { BlockHead, ReasoningDelta } from '../../kernel/stream-event.ts';
import { encodeEvent } from '../../sse/encode.ts';
import { hostedBlocks, toolUse } from './encode-reply.ts';
import { callStateBlock, encodeState, redactedThinking } from './reasoning-state.ts';
import { beginsObject, inputText } from './tool-input.ts';

/** Writes one block of a stream. */
export interface BlockWriter {
  readonly start: () => string;
  readonly push: (event: Exclude<BlockEvent, { readonly type: 'block-start' }>) => string;
}

/** A writer that takes the wire's next block number when its block shows content: an empty block is never told. */
export function createBlockWriter(
  head: BlockHead,
  takeIndex: () => number,
  context: AnswerContext,
): BlockWriter {
  const line = createLine(takeIndex);
  switch (head.kind) {
    case 'text':
    case 'refusal':
      return createTextWriter(line);
    case 'reasoning':
      return createThinkingWriter(line, context);
    case 'tool-call':
      return createToolWriter(line, head);
    case 'hosted':
      return { start: () => hostedBlocks(head).map(line.whole).join(''), push: nothing };
    default:
      return assertNever(head, 'block');
  }
}

/** The three events of one wire block. */
interface Line {
  readonly isOpen: () => boolean;
  readonly open: (block: JsonObject) => string;
  readonly delta: (type: string, field: string, text: string) => string;
  /** Closes the block if it was opened. */
  readonly close: () => string;
  /** A block that is whole when it starts. */
  readonly whole: (block: JsonObject) => string;
}

function createLine(takeIndex: () => number): Line {
  let index = -1;
  const open = (block: JsonObject): string => {
    index = takeIndex();
    return encodeEvent(
      'content_block_start',
      writeJson({ type: 'content_block_start', index, content_block: block }),
    );
  };
  const close = (): string =>
    index < 0 ? '' : encodeEvent('content_block_stop', `{"type":"content_block_stop","index":${index}}`);
  return {
    isOpen: () => index >= 0,
    open,
    delta: (type, field, text) =>
      encodeEvent(
        'content_block_delta',
        `{"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${field}":${JSON.stringify(text)}}}`,
      ),
    close,
    whole: (block) => open(block) + close(),
  };
}

const nothing = (): string => '';

function createTextWriter(line: Line): BlockWriter {
  return {
    start: nothing,
    push: (event) => {
      if (event.type === 'block-end') return line.close();
      if (event.type !== 'block-delta' || event.text === '') return '';
      const start = line.isOpen() ? '' : line.open({ type: 'text', text: '' });
      return start + line.delta('text_delta', 'text', event.text);
    },
  };
}

function createThinkingWriter(line: Line, context: AnswerContext): BlockWriter {
  let opaque: OpaqueState | undefined;
  let shown: ReasoningDelta | undefined;
  let told = '';

  const open = (): string =>
    line.isOpen() ? '' : line.open({ type: 'thinking', thinking: '', signature: '' });
  const think = (event: ReasoningDelta): string => {
    // What comes as summary and again in the model's own words is told once.
    if (event.text === '' || (shown !== undefined && shown.form !== event.form)) return '';
    const gap = shown !== undefined && shown.part !== event.part ? '\n\n' : '';
    shown = event;
    told += gap + event.text;
    return open() + line.delta('thinking_delta', 'thinking', gap + event.text);
  };
  const finish = (): string => {
    const state = encodeState(opaque, told, context);
    if (state === undefined) return '';
    if ('data' in state) return line.whole(redactedThinking(state.data));
    const { signature } = state;
    return (
      open() + (signature === '' ? '' : line.delta('signature_delta', 'signature', signature)) + line.close()
    );
  };

  return {
    start: nothing,
    push: (event) => {
      if (event.type === 'reasoning-delta') return think(event);
      if (event.type === 'opaque') opaque = event.opaque;
      return event.type === 'block-end' ? finish() : '';
    },
  };
}

type ToolHead = Extract<BlockHead, { readonly kind: 'tool-call' }>;

/** Arguments that begin as an object are told while they come; others wait for their end, to be made into one. */
function createToolWriter(line: Line, head: ToolHead): BlockWriter {
  const { opaque } = head;
  let held = '';
  let isLive = false;

  const tell = (json: string): string => line.delta('input_json_delta', 'partial_json', json);
  const add = (text: string): string => {
    if (isLive) return tell(text);
    held += text;
    isLive = beginsObject(held);
    return isLive ? tell(held) : '';
  };
  const finish = (): string => (isLive || held === '' ? '' : tell(inputText(held))) + line.close();

  return {
    start: () =>
      (opaque === undefined ? '' : line.whole(callStateBlock(opaque))) + line.open(toolUse(head, {})),
    push: (event) => {
      if (event.type === 'block-end') return finish();
      return event.type === 'block-delta' && event.text !== '' ? add(event.text) : '';
    },
  };
}
