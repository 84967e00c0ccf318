import { describe, expect, it } from 'vitest';
import { createRefreshTurns } from '../../src/credentials/refresh-turns.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createGate } from '../support/gate.ts';
import { until, withTime } from '../support/until.ts';

/** Refreshes that note when they begin, and end when the test says so. */
function makeTurns() {
  const clock = createFakeClock(0);
  const turns = createRefreshTurns({ clock });
  const begun: (readonly [string, number])[] = [];
  const ask = (name: string, isUrgent = false) => {
    const gate = createGate();
    const turn = turns.request(() => {
      begun.push([name, clock.now()]);
      return gate.pass();
    }, isUrgent);
    const end = async (): Promise<void> => {
      gate.open();
      await turn.done;
    };
    return { ...turn, end, break: () => gate.refuse(new Error('broken')) };
  };
  return { clock, turns, begun, ask, names: () => begun.map(([name]) => name) };
}

describe('turns', () => {
  it('come at once while nobody else is there', () => {
    const { ask, begun } = makeTurns();
    ask('one');
    expect(begun).toEqual([['one', 0]]);
  });

  it('lie a quarter of a second apart', async () => {
    const { ask, begun, clock } = makeTurns();
    const [one, two] = [ask('one'), ask('two'), ask('three')];
    await one.end();
    clock.advance(250);
    await two.end();
    clock.advance(1_000);
    expect(begun).toEqual([
      ['one', 0],
      ['two', 250],
      ['three', 500],
    ]);
  });

  it('are two at once', async () => {
    const { ask, names, clock } = makeTurns();
    const first = ask('one');
    ask('two');
    ask('three');
    clock.advance(60_000);
    expect(names()).toEqual(['one', 'two']);
    await first.end();
    await until(() => names().length === 3);
    expect(names()).toEqual(['one', 'two', 'three']);
  });

  it('come to the urgent ones first, and otherwise in the order of asking', async () => {
    const { ask, names, clock } = makeTurns();
    const asked = [ask('one'), ask('two'), ask('three'), ask('urgent', true), ask('urgent too', true)];
    await withTime(clock, Promise.all(asked.map((turn) => turn.end())));
    expect(names()).toEqual(['one', 'urgent', 'urgent too', 'two', 'three']);
  });

  it('that are given up cost nothing, and are over', async () => {
    const { ask, names, clock } = makeTurns();
    await ask('one').end();
    const [two] = [ask('two'), ask('three')];
    two.giveUp();
    await two.done;
    clock.advance(250);
    expect(names()).toEqual(['one', 'three']);
  });

  it('cannot be given up any more once they have come', async () => {
    const { ask, names } = makeTurns();
    const one = ask('one');
    one.giveUp();
    await one.end();
    expect(names()).toEqual(['one']);
  });

  it('leave no timer behind when the last one is given up', async () => {
    const { ask, clock } = makeTurns();
    await ask('one').end();
    ask('two').giveUp();
    expect(clock.pending()).toBe(0);
  });

  it('go on after a refresh that breaks, which is its own affair', async () => {
    const { ask, names, clock } = makeTurns();
    const one = ask('one');
    ask('two');
    clock.advance(250);
    ask('three');
    one.break();
    await one.done;
    await until(() => clock.pending() === 1);
    clock.advance(250);
    expect(names()).toEqual(['one', 'two', 'three']);
  });

  it('are not held up by a clock that is set back', () => {
    const clock = createFakeClock(1e6);
    let setBack = 0;
    const turns = createRefreshTurns({ clock: { ...clock, now: () => clock.now() - setBack } });
    const begun: string[] = [];
    const ask = (name: string) => turns.request(() => Promise.resolve(void begun.push(name)), false);
    ask('one');
    setBack = 3_600_000;
    ask('two');
    clock.advance(250);
    expect(begun).toEqual(['one', 'two']);
  });
});
