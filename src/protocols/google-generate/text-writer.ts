import type { Capabilities } from '../../kernel/capabilities.ts';
import type { Annotation } from '../../kernel/conversation.ts';
import type { TokenLogprob } from '../../kernel/reply.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import { createSignature } from './signature.ts';

type Kind = 'text' | 'reasoning';

interface OpenBlock {
  readonly kind: Kind;
  readonly index: number;
  text: string;
  signature: string | undefined;
}

/** Writes texts and thoughts; the last one stays open for more, and for a signature that comes behind it. */
export interface TextWriter {
  /** More text; true when it starts a block, because the open one is of the other kind or signed already. */
  readonly add: (kind: Kind, piece: string, signature: string | undefined) => boolean;
  /** A signature that came without content: it belongs to what is open, or stands alone. */
  readonly sign: (signature: string) => void;
  /** Probabilities of the text that is open. */
  readonly logprobs: (tokens: readonly TokenLogprob[]) => void;
  readonly annotate: (annotate: (text: string) => readonly Annotation[]) => void;
  readonly close: () => void;
}

export function createTextWriter(writer: ReplyWriter, capabilities: Capabilities): TextWriter {
  let open: OpenBlock | undefined;

  const start = (kind: Kind): OpenBlock => {
    close();
    open = { kind, index: writer.open({ kind }), text: '', signature: undefined };
    return open;
  };

  const close = (): void => {
    if (open === undefined) return;
    const { kind, index, signature } = open;
    open = undefined;
    if (kind === 'reasoning') tellSignature(index, signature);
    writer.close(index);
    if (kind === 'text' && signature !== undefined) standAlone(signature);
  };

  const tellSignature = (index: number, signature: string | undefined): void => {
    if (signature !== undefined) writer.opaque(index, createSignature(signature, capabilities));
  };

  /** A signature that no block can carry gets a reasoning block of its own, behind the text that it signs. */
  const standAlone = (signature: string): void => {
    const { index } = start('reasoning');
    tellSignature(index, signature);
    close();
  };

  return {
    add: (kind, piece, signature) => {
      const isSignedTwice = signature !== undefined && open?.signature !== undefined;
      const joins = open?.kind === kind && !isSignedTwice;
      const block = joins && open !== undefined ? open : start(kind);
      if (kind === 'text') writer.text(block.index, piece);
      else writer.reasoning(block.index, piece, 'summary');
      block.text += piece;
      block.signature ??= signature;
      return !joins;
    },
    sign: (signature) => {
      if (open !== undefined && open.signature === undefined) open.signature = signature;
      else standAlone(signature);
    },
    logprobs: (tokens) => {
      if (open?.kind === 'text') writer.logprobs(open.index, tokens);
    },
    annotate: (annotate) => {
      if (open?.kind !== 'text') return;
      for (const annotation of annotate(open.text)) writer.annotate(open.index, annotation);
    },
    close,
  };
}
