import type { Capabilities } from '../../kernel/capabilities.ts';
import type { Annotation } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';
import { PROTOCOL } from './dialect.ts';
import { createSignature } from './signature.ts';
import type { Delivered } from './stop-reason.ts';
import { createTextWriter } from './text-writer.ts';
import type { TextWriter } from './text-writer.ts';

/** A call as it comes, whole. */
interface Call {
  readonly head: Extract<BlockHead, { kind: 'tool-call' }>;
  readonly args: string;
}

/** Writes blocks one after another; what came last may still get text, or a signature that comes behind it. */
export interface BlockWriter extends Pick<TextWriter, 'sign' | 'logprobs'> {
  /** More text; it joins the last block if that is of the same kind. */
  readonly text: (...text: Parameters<TextWriter['add']>) => void;
  readonly call: (call: Call, signature: string | undefined) => void;
  readonly hosted: (raw: JsonObject) => void;
  /** Closes the last block, after `annotate` has seen its text if it is one of text. */
  readonly finish: (annotate: (text: string) => readonly Annotation[]) => void;
  readonly delivered: () => Delivered;
}

export function createBlockWriter(writer: ReplyWriter, capabilities: Capabilities): BlockWriter {
  const texts = createTextWriter(writer, capabilities);
  let held: Call | undefined;
  let hasSignedCall = false;
  let blocks = 0;
  let calls = 0;

  const tellCall = ({ head, args }: Call, signature: string | undefined): void => {
    held = undefined;
    hasSignedCall ||= signature !== undefined;
    const opaque = signature === undefined ? {} : { opaque: createSignature(signature, capabilities) };
    const index = writer.open({ ...head, ...opaque });
    writer.text(index, args);
    writer.close(index);
  };

  const release = (): void => {
    if (held !== undefined) tellCall(held, undefined);
  };

  const settle = (): void => {
    release();
    texts.close();
  };

  return {
    text: (kind, piece, signature) => {
      release();
      if (texts.add(kind, piece, signature) && kind === 'text') blocks += 1;
    },
    call: (call, signature) => {
      settle();
      blocks += 1;
      calls += 1;
      // One call of a step is signed: while none is, the signature may still come in a part behind the call.
      if (signature === undefined && !hasSignedCall) held = call;
      else tellCall(call, signature);
    },
    hosted: (raw) => {
      settle();
      blocks += 1;
      writer.close(writer.open({ kind: 'hosted', protocol: PROTOCOL, raw }));
    },
    sign: (signature) => {
      if (held === undefined) texts.sign(signature);
      else tellCall(held, signature);
    },
    logprobs: texts.logprobs,
    finish: (annotate) => {
      texts.annotate(annotate);
      settle();
    },
    delivered: () => ({ blocks, calls }),
  };
}
