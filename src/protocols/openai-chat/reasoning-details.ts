import { createCarrier } from '../../kernel/carrier.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeState } from './reasoning-state.ts';

/** One block of reasoning: its text as the client was told it, perhaps none, and its state. */
export interface ToldReasoning {
  readonly text: string;
  readonly opaque?: OpaqueState | undefined;
}

/**
 * The states of an answer's reasoning in their order, for the client to send back; empty when there are none. An
 * upstream of this dialect gets its own back in the form that it wrote, those of others travel in carriers.
 */
export const encodeDetails = (told: readonly ToldReasoning[], native: boolean): JsonObject[] =>
  told
    .map((block) => encodeDetail(block, native))
    .filter((detail) => detail !== undefined)
    .map((detail, index) => ({ ...detail, index }));

function encodeDetail({ text, opaque }: ToldReasoning, native: boolean): JsonObject | undefined {
  if (opaque === undefined || opaque.kind === 'none') return undefined;
  return native
    ? encodeState(opaque, text)
    : { type: 'reasoning.encrypted', data: createCarrier(opaque, text) };
}
