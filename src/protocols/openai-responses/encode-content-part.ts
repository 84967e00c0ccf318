import type { BlockEvent } from '../../kernel/block-queue.ts';
import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { TokenLogprob } from '../../kernel/reply.ts';
import { encodeAnnotation } from './annotations.ts';
import type { ItemPlace } from './encode-item.ts';
import { encodeLogprob } from './logprobs.ts';

/** What a part of a message holds. */
export type PartKind = 'text' | 'refusal';

/** A part of a message that is being told. Opening it has written its `content_part.added`. */
export interface OpenPart {
  readonly take: (event: BlockEvent) => void;
  /** Writes that the part is done. */
  readonly close: () => void;
  /** The part as it stands. */
  readonly settled: () => JsonObject;
}

/** Begins a part; `where` are the members that place its events. */
export const openContentPart = (place: ItemPlace, where: string, kind: PartKind): OpenPart =>
  kind === 'text' ? openText(place, where) : openRefusal(place, where);

const sayPart = ({ say }: ItemPlace, step: 'added' | 'done', where: string, part: JsonObject): void =>
  say(`response.content_part.${step}`, `${where},"part":${writeJson(part)}`);

function openRefusal(place: ItemPlace, where: string): OpenPart {
  let refusal = '';
  const settled = (): JsonObject => ({ type: 'refusal', refusal });
  sayPart(place, 'added', where, settled());
  return {
    take: (event) => {
      if (event.type !== 'block-delta') return;
      refusal += event.text;
      place.say('response.refusal.delta', `${where},"delta":${JSON.stringify(event.text)}`);
    },
    close: () => {
      place.say('response.refusal.done', `${where},"refusal":${JSON.stringify(refusal)}`);
      sayPart(place, 'done', where, settled());
    },
    settled,
  };
}

function openText(place: ItemPlace, where: string): OpenPart {
  const { say, context } = place;
  // Probabilities belong to the event with their text, so where they are wanted, text waits for what follows it.
  const weighed = context.native || context.request?.logprobs !== undefined;
  const annotations: JsonObject[] = [];
  const logprobs: JsonObject[] = [];
  let text = '';
  let held = '';

  const settled = (): JsonObject => ({
    type: 'output_text',
    text,
    annotations: [...annotations],
    logprobs: [...logprobs],
  });
  const tell = (delta: string, tokens = '[]'): void =>
    say('response.output_text.delta', `${where},"delta":${JSON.stringify(delta)},"logprobs":${tokens}`);
  const release = (): void => {
    if (held !== '') tell(held);
    held = '';
  };
  const grow = (delta: string): void => {
    text += delta;
    release();
    if (weighed) held = delta;
    else tell(delta);
  };
  const weigh = (tokens: readonly TokenLogprob[]): void => {
    const wire = tokens.map(encodeLogprob);
    for (const token of wire) logprobs.push(token);
    tell(held, writeJson(wire));
    held = '';
  };
  const cite = (annotation: JsonObject): void => {
    release();
    const number = annotations.push(annotation) - 1;
    const members = `${where},"annotation_index":${number},"annotation":${writeJson(annotation)}`;
    say('response.output_text.annotation.added', members);
  };

  sayPart(place, 'added', where, settled());
  return {
    take: (event) => {
      if (event.type === 'block-delta') grow(event.text);
      else if (event.type === 'annotation') cite(encodeAnnotation(event.annotation, text.length));
      else if (event.type === 'logprobs' && weighed) weigh(event.tokens);
    },
    close: () => {
      release();
      const members = `${where},"text":${JSON.stringify(text)},"logprobs":${writeJson(logprobs)}`;
      say('response.output_text.done', members);
      sayPart(place, 'done', where, settled());
    },
    settled,
  };
}
