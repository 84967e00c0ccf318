import { describe, expect, it } from 'vitest';
import { startStage } from '../conformance/support/stage.ts';
import type { Upstream } from '../conformance/support/stage.ts';
import { namedCalls, SPEAKERS } from './clients.ts';
import type { Heard, Say } from './clients.ts';
import { startNative } from './native.ts';
import { meaningOf } from './normalize.ts';
import { DIALOGUES, KINDS_OF_DIALOGUE, MODEL, PAIRS } from './scenarios.ts';
import type { Pair } from './scenarios.ts';

type Dialogue = (typeof DIALOGUES)[keyof typeof DIALOGUES];

/** Two turns through the gateway and two turns without it, and the bodies that the service saw. */
async function holdBoth({ client, upstream, stream }: Pair, { ask, results }: Dialogue, carries: boolean) {
  const model = MODEL[upstream];
  const stage = await startStage(upstream, { model });
  const native = await startNative(upstream, model);
  const speaks = (say: Say): Promise<Heard> => SPEAKERS[client](stage, say);
  const turn = { ask, before: [], stream, carries };
  const first = await speaks(turn);
  const second = await speaks({ ...turn, before: [{ heard: first, results }] });
  // On the relay lane the gateway adds nothing to what a client leaves out.
  const nativeTurn = { ...turn, carries: carries || !isRelayed({ client, upstream }) };
  const nativeFirst = await native.speak(nativeTurn);
  const nativeSecond = await native.speak({ ...nativeTurn, before: [{ heard: nativeFirst, results }] });
  return {
    first,
    second,
    nativeFirst,
    nativeSecond,
    meaning: meaningOf(upstream, stage.gateway.sandbox.requests.at(-1)?.body ?? ''),
    nativeMeaning: meaningOf(upstream, native.sent()),
  };
}

const isRelayed = ({ client, upstream }: Pick<Pair, 'client' | 'upstream'>): boolean =>
  `${client} ${upstream}` === 'chat common';

/** Where each service keeps what it thought. */
const STATE: Readonly<Record<Upstream, RegExp>> = {
  anthropic: /"signature":"\w{20}/,
  openai: /"encrypted_content":"\w{20}/,
  common: /"reasoning_content":"The caller/,
  google: /"thoughtSignature":"\w{20}/,
};

const CASES = KINDS_OF_DIALOGUE.flatMap((kind) => PAIRS.map((pair) => ({ ...pair, kind })));

describe('two turns', () => {
  it.each(Object.keys(STATE) as Upstream[])(
    'C169 hold the state of %s in what its own client would have said',
    async (upstream) => {
      const native = await startNative(upstream, MODEL[upstream]);
      const { ask, results } = DIALOGUES['reasoning and two tools at once'];
      const turn = { ask, before: [], stream: false, carries: true };
      const heard = await native.speak(turn);
      await native.speak({ ...turn, before: [{ heard, results }] });
      expect(JSON.stringify(meaningOf(upstream, native.sent()))).toMatch(STATE[upstream]);
    },
  );

  it.each(CASES)(
    'C169 mean to $upstream what its own client would have said: $kind, by $client, streaming: $stream',
    async ({ kind, ...pair }) => {
      const told = await holdBoth(pair, DIALOGUES[kind], true);
      expect(told.meaning).toEqual(told.nativeMeaning);
      expect(told.first).toMatchObject({
        text: told.nativeFirst.text,
        reasoning: told.nativeFirst.reasoning,
      });
      expect(namedCalls(told.first)).toEqual(namedCalls(told.nativeFirst));
      expect(told.second.text).toBe(told.nativeSecond.text);
    },
  );

  it.each(CASES.filter(({ client }) => client === 'chat'))(
    'C169 mean the same to $upstream though the client brings nothing back but words and calls: $kind, streaming: $stream',
    async ({ kind, ...pair }) => {
      const told = await holdBoth(pair, DIALOGUES[kind], false);
      expect(told.meaning).toEqual(told.nativeMeaning);
      expect(told.second.text).toBe(told.nativeSecond.text);
    },
  );
});
