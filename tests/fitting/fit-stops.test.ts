import { describe, expect, it } from 'vitest';
import { fitStops } from '../../src/fitting/fit-stops.ts';
import type { StopRule } from '../../src/kernel/codec.ts';
import { createLossLog } from '../../src/kernel/losses.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { emptyRequest } from '../support/empty-request.ts';

const ANY: StopRule = { max: Infinity, blank: true };

/** The sequences that are sent and those that the gateway watches for, with the notes. */
function split(stop: readonly string[], stopRule: StopRule, capabilities = {}) {
  const losses = createLossLog();
  const fitted = fitStops({ ...emptyRequest, stop }, { stopRule, capabilities, losses });
  return [fitted.request.stop, fitted.untold, losses.summary()];
}

describe('fitStops', () => {
  it.each([
    [['END'], ANY, ['END'], [], ''],
    [[], ANY, undefined, [], ''],
    [['a', 'b', 'c'], { max: 2, blank: true }, ['a', 'b'], ['c'], 'stop=emulated'],
    [['a'], { max: 0, blank: true }, undefined, ['a'], 'stop=emulated'],
    [['\n', 'a'], { max: 4, blank: false }, ['a'], ['\n'], 'stop=emulated'],
  ])(
    'leaves %j under %j to the gateway where the format takes no more',
    (stop, rule, told, untold, notes) => {
      expect(split(stop, rule)).toEqual([told, untold, notes]);
    },
  );

  it('tells nothing to a model that takes no stop sequences', () => {
    expect(split(['a'], ANY, { stop: false })).toEqual([undefined, ['a'], 'stop=emulated']);
  });

  it('knows what each dialect takes', () => {
    const five = ['a', 'b', 'c', 'd', 'e', ' '];
    const told = protocols.all.map(({ id, upstream }) => [id, split(five, upstream.stopRule)[0]]);
    expect(Object.fromEntries(told)).toEqual({
      'openai-chat': ['a', 'b', 'c', 'd'],
      'openai-responses': undefined,
      'anthropic-messages': ['a', 'b', 'c', 'd', 'e'],
      'google-generate': ['a', 'b', 'c', 'd', 'e'],
    });
  });
});
