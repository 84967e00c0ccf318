import { describe, expect, it } from 'vitest';
import { createLossLog } from '../../src/kernel/losses.ts';

describe('createLossLog', () => {
  it('is empty when nothing was lost', () => {
    expect(createLossLog().summary()).toBe('');
  });

  it('lists each note once, first come first', () => {
    const log = createLossLog();
    log.note('stop', 'clamped');
    log.note('messages[2].name', 'dropped');
    log.note('stop', 'clamped');
    log.note('stop', 'dropped');
    expect(log.summary()).toBe('stop=clamped,messages[2].name=dropped,stop=dropped');
  });

  it.each([
    ['line breaks', 'a\r\nset-cookie: x'],
    ['commas and spaces', 'a, b'],
    ['signs beyond ASCII', 'é你😀\u2028'],
    ['control signs', '\0\u007f\u001b[0m'],
  ])('lets no %s of the client into a header', (_name, text) => {
    const log = createLossLog();
    log.note(text, text);
    expect(log.summary()).toMatch(/^[\x21-\x2b\x2d-\x7e]+$/);
    expect(() => new Headers({ 'x-translation-notes': log.summary() })).not.toThrow();
  });

  it('stays short whatever the client sends', () => {
    const log = createLossLog();
    Array.from({ length: 5000 }, (_, index) => log.note(`${index}${'x'.repeat(5000)}`, 'y'.repeat(5000)));
    const notes = log.summary().split(',');
    expect(notes).toHaveLength(32);
    expect(Math.max(...notes.map((note) => note.length))).toBeLessThanOrEqual(161);
  });
});
