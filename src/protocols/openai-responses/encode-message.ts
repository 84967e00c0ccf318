import type { JsonObject } from '../../kernel/json.ts';
import { writeJson } from '../../kernel/json.ts';
import { encodeAnnotation } from './annotations.ts';
import { itemMembers, sayItem } from './encode-item.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './encode-item.ts';

type PartKind = 'text' | 'refusal';

/** An assistant message, whose parts are the neighbouring text and refusal blocks of one phase. */
export interface OpenMessage extends OpenItem {
  readonly phase: string | undefined;
  /** The block that `take` hears of next is a part of this kind. */
  readonly beginPart: (kind: PartKind) => void;
}

interface Part {
  readonly kind: PartKind;
  readonly where: string;
  readonly annotations: JsonObject[];
  text: string;
}

const WORDS = {
  text: { event: 'output_text', field: 'text', tail: ',"logprobs":[]' },
  refusal: { event: 'refusal', field: 'refusal', tail: '' },
} as const;

/** Begins a message; `phase` says whether it is commentary or the final answer, when the upstream knew. */
export function openMessage(place: ItemPlace, phase: string | undefined): OpenMessage {
  const { say, outputIndex, ids } = place;
  const id = ids.item('msg');
  const where = itemMembers(id, outputIndex);
  const content: JsonObject[] = [];
  let part: Part | undefined;

  const settled = (status: ItemStatus): JsonObject => ({
    id,
    type: 'message',
    status,
    role: 'assistant',
    content: part === undefined ? [...content] : [...content, partObject(part)],
    ...(phase !== undefined && { phase }),
  });
  const grow = (into: Part, text: string): void => {
    const { event, tail } = WORDS[into.kind];
    into.text += text;
    say(`response.${event}.delta`, `${into.where},"delta":${JSON.stringify(text)}${tail}`);
  };
  const cite = (into: Part, annotation: JsonObject): void => {
    const number = into.annotations.push(annotation) - 1;
    const members = `${into.where},"annotation_index":${number},"annotation":${writeJson(annotation)}`;
    say('response.output_text.annotation.added', members);
  };
  const endPart = (): void => {
    if (part === undefined) return;
    const { event, field, tail } = WORDS[part.kind];
    const whole = partObject(part);
    say(`response.${event}.done`, `${part.where},"${field}":${JSON.stringify(part.text)}${tail}`);
    say('response.content_part.done', `${part.where},"part":${writeJson(whole)}`);
    content.push(whole);
    part = undefined;
  };

  sayItem(place, 'added', settled('in_progress'));
  return {
    phase,
    beginPart: (kind) => {
      endPart();
      part = { kind, where: `${where},"content_index":${content.length}`, annotations: [], text: '' };
      say('response.content_part.added', `${part.where},"part":${writeJson(partObject(part))}`);
    },
    take: (event) => {
      if (part === undefined) return;
      if (event.type === 'block-delta') grow(part, event.text);
      else if (event.type === 'annotation' && part.kind === 'text') {
        cite(part, encodeAnnotation(event.annotation, part.text.length));
      } else if (event.type === 'block-end') endPart();
    },
    close: endPart,
    settled,
  };
}

const partObject = ({ kind, text, annotations }: Part): JsonObject =>
  kind === 'refusal'
    ? { type: 'refusal', refusal: text }
    : { type: 'output_text', text, annotations: [...annotations], logprobs: [] };
