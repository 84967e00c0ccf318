import { assertNever } from '../../kernel/assert-never.ts';
import type { BlockEvent } from '../../kernel/block-queue.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { BlockHead, ReasoningDelta } from '../../kernel/stream-event.ts';
import { encodeEvent } from '../../sse/encode.ts';
import { hostedBlock } from './encode-reply.ts';
import { redactedOf, signatureOf } from './reasoning-state.ts';
import { wireToolName } from './tool-name.ts';

/** Writes one block of a stream. */
export interface BlockWriter {
  readonly start: () => string;
  readonly push: (event: Exclude<BlockEvent, { readonly type: 'block-start' }>) => string;
}

/** A writer that takes the wire's next block number when its block shows content: an empty block is never told. */
export function createBlockWriter(head: BlockHead, takeIndex: () => number): BlockWriter {
  const line = createLine(takeIndex);
  switch (head.kind) {
    case 'text':
    case 'refusal':
      return createTextWriter(line);
    case 'reasoning':
      return createThinkingWriter(line);
    case 'tool-call':
      return createToolWriter(line, head);
    case 'hosted':
      return createHostedWriter(line, head);
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
}

function createLine(takeIndex: () => number): Line {
  let index = -1;
  return {
    isOpen: () => index >= 0,
    open: (block) => {
      index = takeIndex();
      return encodeEvent(
        'content_block_start',
        writeJson({ type: 'content_block_start', index, content_block: block }),
      );
    },
    delta: (type, field, text) =>
      encodeEvent(
        'content_block_delta',
        `{"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${field}":${JSON.stringify(text)}}}`,
      ),
    close: () =>
      index < 0 ? '' : encodeEvent('content_block_stop', `{"type":"content_block_stop","index":${index}}`),
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

function createThinkingWriter(line: Line): BlockWriter {
  let opaque: OpaqueState | undefined;
  let shown: ReasoningDelta | undefined;

  const open = (): string =>
    line.isOpen() ? '' : line.open({ type: 'thinking', thinking: '', signature: '' });
  const think = (event: ReasoningDelta): string => {
    // What comes as summary and again in the model's own words is told once.
    if (event.text === '' || (shown !== undefined && shown.form !== event.form)) return '';
    const gap = shown !== undefined && shown.part !== event.part ? '\n\n' : '';
    shown = event;
    return open() + line.delta('thinking_delta', 'thinking', gap + event.text);
  };
  const finish = (): string => {
    const signature = signatureOf(opaque);
    if (signature !== undefined) {
      return open() + line.delta('signature_delta', 'signature', signature) + line.close();
    }
    const data = line.isOpen() ? undefined : redactedOf(opaque);
    return (data === undefined ? '' : line.open({ type: 'redacted_thinking', data })) + line.close();
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

function createToolWriter(line: Line, head: ToolHead): BlockWriter {
  const write = (text: string): string => line.delta('input_json_delta', 'partial_json', text);
  const isText = head.callKind === 'custom'; // free text travels as the one member of a JSON object
  return {
    start: () =>
      line.open({ type: 'tool_use', id: head.id, name: wireToolName(head), input: {} }) +
      (isText ? write('{"input":"') : ''),
    push: (event) => {
      if (event.type === 'block-end') return (isText ? write('"}') : '') + line.close();
      if (event.type !== 'block-delta' || event.text === '') return '';
      return write(isText ? JSON.stringify(event.text).slice(1, -1) : event.text);
    },
  };
}

function createHostedWriter(line: Line, head: Extract<BlockHead, { readonly kind: 'hosted' }>): BlockWriter {
  const block = hostedBlock(head);
  return {
    start: () => (block === undefined ? '' : line.open(block) + line.close()),
    push: nothing,
  };
}
