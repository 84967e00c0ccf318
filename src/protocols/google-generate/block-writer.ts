import type { DecodeContext } from '../../kernel/codec.ts';
import type { Annotation } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';
import { PROTOCOL } from './dialect.ts';
import { createSignature } from './signature.ts';
import type { Delivered } from './stop-reason.ts';

type CallHead = Extract<BlockHead, { kind: 'tool-call' }>;
type Head = CallHead | { readonly kind: 'text' | 'reasoning' };

interface OpenBlock {
  readonly kind: Head['kind'];
  readonly index: number;
  text: string;
  signature: string | undefined;
}

/** Writes blocks one after another; the last one stays open for the signature and the text that may still come. */
export interface BlockWriter {
  /** More text; it joins the open block if that is of the same kind. */
  readonly text: (kind: 'text' | 'reasoning', piece: string, signature: string | undefined) => void;
  readonly call: (head: CallHead, args: string, signature: string | undefined) => void;
  readonly hosted: (raw: JsonObject) => void;
  /** A signature that came without content: it belongs to what came before. */
  readonly sign: (signature: string) => void;
  /** Closes the last block, after `annotate` has seen its text if it is one of text. */
  readonly finish: (annotate: (text: string) => readonly Annotation[]) => void;
  readonly delivered: () => Delivered;
}

export function createBlockWriter(writer: ReplyWriter, context: DecodeContext): BlockWriter {
  let open: OpenBlock | undefined;
  let blocks = 0;
  let calls = 0;

  const start = (head: Head, signature?: string): OpenBlock => {
    close();
    if (head.kind !== 'reasoning') blocks += 1;
    open = { kind: head.kind, index: writer.open(head), text: '', signature };
    return open;
  };

  const close = (): void => {
    if (open === undefined) return;
    const { kind, index, signature } = open;
    open = undefined;
    if (signature !== undefined && kind !== 'text') writer.opaque(index, createSignature(signature, context));
    writer.close(index);
    if (signature !== undefined && kind === 'text') lone(signature);
  };

  /** A signature that no block can carry gets a reasoning block of its own, behind the text that it signs. */
  const lone = (signature: string): void => {
    start({ kind: 'reasoning' }, signature);
    close();
  };

  return {
    text: (kind, piece, signature) => {
      const signedTwice = signature !== undefined && open?.signature !== undefined;
      const block = open?.kind === kind && !signedTwice ? open : start({ kind });
      if (kind === 'text') writer.text(block.index, piece);
      else writer.reasoning(block.index, piece, 'summary');
      block.text += piece;
      block.signature ??= signature;
    },
    call: (head, args, signature) => {
      calls += 1;
      writer.text(start(head, signature).index, args);
    },
    hosted: (raw) => {
      close();
      blocks += 1;
      writer.close(writer.open({ kind: 'hosted', protocol: PROTOCOL, raw }));
    },
    sign: (signature) => {
      if (open !== undefined && open.signature === undefined) open.signature = signature;
      else lone(signature);
    },
    finish: (annotate) => {
      if (open?.kind === 'text') {
        for (const annotation of annotate(open.text)) writer.annotate(open.index, annotation);
      }
      close();
    },
    delivered: () => ({ blocks, calls }),
  };
}
