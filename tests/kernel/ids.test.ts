import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/kernel/ids.ts';
import type { Ids } from '../../src/kernel/ids.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';

const MAKERS: readonly (readonly [string, (ids: Ids) => string, RegExp])[] = [
  ['requests', (ids) => ids.request(), /^req_[0-9A-Za-z]{24}$/],
  ['chat completions', (ids) => ids.chatCompletion(), /^chatcmpl-[0-9A-Za-z]{24}$/],
  ['messages', (ids) => ids.message(), /^msg_[0-9A-Za-z]{24}$/],
  ['responses', (ids) => ids.response(), /^resp_[0-9A-Za-z]{24}$/],
  ['reasoning items', (ids) => ids.item('rs'), /^rs_px[0-9A-Za-z]{24}$/],
  ['message items', (ids) => ids.item('msg'), /^msg_px[0-9A-Za-z]{24}$/],
  ['function call items', (ids) => ids.item('fc'), /^fc_px[0-9A-Za-z]{24}$/],
  ['custom call items', (ids) => ids.item('ctc'), /^ctc_px[0-9A-Za-z]{24}$/],
  ['calls', (ids) => ids.call(), /^call_[0-9A-Za-z]{24}$/],
  [
    'anything, as a UUID',
    (ids) => ids.uuid(),
    /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  ],
];

describe('createIds', () => {
  it.each(MAKERS)('gives ids of %s their form, a new one each time', (_name, make, form) => {
    const ids = createIds(createRepeatableRandom());
    const made = Array.from({ length: 200 }, () => make(ids));
    expect(made.filter((id) => !form.test(id))).toEqual([]);
    expect(new Set(made).size).toBe(200);
  });

  it('makes a letter or digit of every byte', () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    const ids = createIds({ bytes: () => all, uuid: () => '' });
    expect(ids.call()).toMatch(/^call_[0-9A-Za-z]{256}$/);
  });
});
