import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { startStage } from '../conformance/support/stage.ts';
import type { Client, Upstream } from '../conformance/support/stage.ts';
import { chatStream } from '../conformance/support/wire-chat.ts';
import { googleStream } from '../conformance/support/wire-google.ts';
import { messageStream } from '../conformance/support/wire-messages.ts';
import { responsesStream } from '../conformance/support/wire-responses.ts';
import type { ToldItem } from '../conformance/support/wire-responses.ts';
import { SPEAKERS } from './clients.ts';
import { MODEL, PAIRS } from './scenarios.ts';

const WORDS = 'I cannot help with that.';

function refusalItem(): ToldItem {
  const part = { type: 'refusal', refusal: WORDS };
  const item = { id: 'msg_0', type: 'message', role: 'assistant', status: 'completed', content: [part] };
  const at = { item_id: 'msg_0', output_index: 0, content_index: 0 };
  const begun = { ...item, status: 'in_progress', content: [] };
  return {
    item,
    events: [
      { type: 'response.output_item.added', output_index: 0, item: begun },
      { type: 'response.content_part.added', ...at, part: { ...part, refusal: '' } },
      { type: 'response.refusal.delta', ...at, delta: WORDS },
      { type: 'response.refusal.done', ...at, refusal: WORDS },
      { type: 'response.content_part.done', ...at, part },
      { type: 'response.output_item.done', output_index: 0, item },
    ],
  };
}

const REFUSALS: Readonly<Record<Upstream, () => ScriptedAnswer>> = {
  anthropic: () =>
    messageStream([], 'refusal', { stop_details: { type: 'refusal', category: null, explanation: WORDS } }),
  openai: () => responsesStream([refusalItem()]),
  common: () => chatStream([{ refusal: WORDS }]),
  google: () => googleStream([[]], 'SAFETY'),
};

interface Told {
  readonly stop: string;
  readonly text: string;
  readonly refusal: unknown;
}

/** How each client is to hear of each refusal. Gemini gives no words for one. */
const TOLD: Readonly<Record<Upstream, Readonly<Record<Client, Told>>>> = {
  anthropic: {
    chat: { stop: 'content_filter', text: '', refusal: WORDS },
    responses: { stop: 'incomplete: content_filter', text: '', refusal: WORDS },
    messages: { stop: 'refusal', text: '', refusal: WORDS },
  },
  openai: {
    chat: { stop: 'stop', text: '', refusal: WORDS },
    responses: { stop: 'completed', text: '', refusal: WORDS },
    messages: { stop: 'refusal', text: WORDS, refusal: expect.any(String) },
  },
  common: {
    chat: { stop: 'stop', text: '', refusal: WORDS },
    responses: { stop: 'completed', text: '', refusal: WORDS },
    messages: { stop: 'refusal', text: WORDS, refusal: expect.any(String) },
  },
  google: {
    chat: { stop: 'content_filter', text: '', refusal: '' },
    responses: { stop: 'incomplete: content_filter', text: '', refusal: '' },
    messages: { stop: 'refusal', text: '', refusal: '' },
  },
};

describe('a refusal', () => {
  it.each(PAIRS)(
    'C169 from $upstream reaches $client as one, streaming: $stream',
    async ({ client, upstream, stream }) => {
      const stage = await startStage(upstream, { model: MODEL[upstream] });
      stage.script(REFUSALS[upstream]());
      const ask = { text: 'How do I pick a lock?' };
      const heard = await SPEAKERS[client](stage, { ask, before: [], stream, carries: true });
      expect(heard).toMatchObject({ ...TOLD[upstream][client], calls: [], reasoning: '' });
    },
  );
});
