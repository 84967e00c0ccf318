import type { DecodeContext } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findObject, findString, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import { createBlockWriter } from './block-writer.ts';
import type { BlockWriter } from './block-writer.ts';

/** Parts that only a server-side tool makes. */
const HOSTED = ['executableCode', 'codeExecutionResult', 'toolCall', 'toolResponse', 'inlineData'];

/** Turns the parts of one answer into blocks. */
export interface BlockDecoder extends Pick<BlockWriter, 'logprobs' | 'finish' | 'delivered'> {
  readonly push: (part: JsonObject) => void;
}

export function createBlockDecoder(writer: ReplyWriter, context: DecodeContext): BlockDecoder {
  const blocks = createBlockWriter(writer, context.capabilities);

  const call = (wire: JsonObject, signature: string | undefined): void => {
    const name = findString(wire['name']) ?? '';
    if (name === '') {
      writer.fail(new GatewayError('bad-upstream', 'the upstream sent a function call without a name'));
      return;
    }
    const id = findString(wire['id']) ?? '';
    const head = { kind: 'tool-call', id: id || context.ids.call(), callKind: 'function', name } as const;
    blocks.call({ head, args: writeJson(findObject(wire['args']) ?? {}) }, signature);
  };

  const push = (part: JsonObject): void => {
    const signature = findString(part['thoughtSignature']) || undefined;
    const functionCall = findObject(part['functionCall']);
    const piece = findString(part['text']) ?? '';
    if (functionCall !== undefined) call(functionCall, signature);
    else if (HOSTED.some((key) => findObject(part[key]) !== undefined)) blocks.hosted(part);
    else if (piece !== '') blocks.text(part['thought'] === true ? 'reasoning' : 'text', piece, signature);
    else if (signature !== undefined) blocks.sign(signature);
    // Kinds of parts that are not known yet carry nothing for a client.
  };

  return { ...blocks, push };
}
