import { describe, expect, it } from 'vitest';
import { readAddAccountArguments } from '../../src/cli/add-account-options.ts';
import { createOpenBrowser } from '../../src/cli/open-browser.ts';
import { createPlainTerminal } from '../../src/cli/plain-terminal.ts';
import { printable, printableLines } from '../../src/cli/printable.ts';
import { startSpinnerLine } from '../../src/cli/spinner-line.ts';
import { createTerminalLogger } from '../../src/cli/terminal-logger.ts';
import { textTable } from '../../src/cli/text-table.ts';
import { duration, minutesLeft, relative } from '../../src/cli/time-words.ts';
import { readSurroundings } from '../../src/config/read-env.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('words for times', () => {
  it.each([
    [300_000, '05:00'],
    [299_001, '05:00'],
    [61_000, '01:01'],
    [0, '00:00'],
    [-5, '00:00'],
  ])('counts %i ms down as %s', (ms, words) => {
    expect(minutesLeft(ms)).toBe(words);
  });

  it.each([
    [0, 'under 1 s'],
    [1000, '1 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [7 * 3_600_000 + 12 * 60_000 + 59_000, '7 h 12 min'],
    [49 * 3_600_000, '2 d 1 h'],
    [86_400_000 + 59_000, '1 d'],
  ])('tells %i ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
    expect(relative(1_000_000 + ms, 1_000_000)).toBe(`in ${words}`);
    expect(relative(-1 - ms, -1)).toBe(ms === 0 ? 'in under 1 s' : `${words} ago`);
  });
});

describe('printable text', () => {
  it('holds nothing that drives a terminal', () => {
    expect(printable('a\u001b[2J\r\nb\u202ec\u0007  ')).toBe('a [2J b c');
    expect(printableLines('  a\u001b \n b\t')).toBe('  a\n b');
  });

  it('stands in columns', () => {
    expect(
      textTable([
        ['a', 'é\n', ''],
        ['long', 'x', 'y'],
      ]),
    ).toEqual(['a     é', 'long  x  y']);
    expect(textTable([])).toEqual([]);
  });
});

describe('a plain terminal', () => {
  it('writes one line after the other and asks nothing', async () => {
    let text = '';
    const terminal = createPlainTerminal((line) => void (text += line));
    terminal.intro('Hello');
    terminal.box('Box', ['one', 'two']);
    const spinner = terminal.spin('Waiting');
    spinner.update('Still waiting');
    spinner.end('success', 'Done\u001b[0m');
    terminal.say('warn', 'careful');
    terminal.say('error', 'broken');
    terminal.outro('Bye');
    expect(await terminal.ask('Really?')).toBe(false);
    expect(text).toBe(
      'Hello\nBox:\n  one\n  two\nWaiting …\nDone [0m\nWarning: careful\nError: broken\nBye\n',
    );
  });
});

describe('the spinner', () => {
  it('draws its line again and again, within the width of the screen, until it is cleared', () => {
    const clock = createFakeClock();
    const written: string[] = [];
    const line = startSpinnerLine(
      'Waiting',
      { write: (text) => void written.push(text), columns: () => 14 },
      clock,
    );
    line.update('A text that is too long');
    clock.advance(250);
    line.clear();
    clock.advance(1000);
    expect(written).toEqual([
      '\r\u001b[2K◒  Waiting',
      '\r\u001b[2K◐  A text th',
      '\r\u001b[2K◓  A text th',
      '\r\u001b[2K',
    ]);
    expect(clock.pending()).toBe(0);
  });
});

describe('the logger of the commands', () => {
  it('tells people what went wrong and nothing else', () => {
    const lines: string[] = [];
    const logger = createTerminalLogger((line) => void lines.push(line)).child({});
    logger.debug({}, 'debug');
    logger.info({}, 'info');
    logger.warn({ secret: 'x' }, 'warn\u001b');
    logger.error({}, 'error');
    expect(lines).toEqual(['Warning: warn\n', 'Error: error\n']);
  });
});

describe('opening a browser', () => {
  const here = { isRemote: false, hasDisplay: true };

  it.each<[string, typeof here, 'opens' | 'fails' | 'missing', boolean, number]>([
    ['at a desktop', here, 'opens', true, 1],
    ['when it fails', here, 'fails', false, 1],
    ['when the package is missing', here, 'missing', false, 0],
    ['over ssh', { ...here, isRemote: true }, 'opens', false, 0],
    ['without a display', { ...here, hasDisplay: false }, 'opens', false, 0],
  ])('%s', async (_, surroundings, fate, expected, launches) => {
    const opened: string[] = [];
    const launch = (url: string): Promise<void> => {
      opened.push(url);
      return fate === 'fails' ? Promise.reject(new Error('no browser')) : Promise.resolve();
    };
    const open = createOpenBrowser(surroundings, () =>
      fate === 'missing' ? Promise.reject(new Error('not found')) : Promise.resolve(launch),
    );
    expect(await open('https://example.com')).toBe(expected);
    expect(opened).toHaveLength(launches);
  });

  it.each<[Record<string, string>, string, boolean, boolean]>([
    [{}, 'linux', false, false],
    [{ DISPLAY: '' }, 'linux', false, false],
    [{ DISPLAY: ':0' }, 'linux', false, true],
    [{ WAYLAND_DISPLAY: 'w' }, 'freebsd', false, true],
    [{ WSL_DISTRO_NAME: 'Debian' }, 'linux', false, true],
    [{ SSH_TTY: '/dev/pts/0' }, 'darwin', true, true],
    [{ SSH_CONNECTION: '1 2 3 4' }, 'win32', true, true],
  ])('is judged by %j on %s', (variables, platform, isRemote, hasDisplay) => {
    expect(readSurroundings(variables, platform)).toEqual({ isRemote, hasDisplay });
  });
});

describe('the arguments of add-account', () => {
  const plain = { loop: false, label: undefined, browser: true };

  it.each<[string[], object]>([
    [[], { kind: 'run', options: plain }],
    [['--loop', '--no-browser'], { kind: 'run', options: { ...plain, loop: true, browser: false } }],
    [['--label', ' me '], { kind: 'run', options: { ...plain, label: 'me' } }],
    [['--label='], { kind: 'wrong', reason: '--label needs a name' }],
    [
      ['--loop', '--label', 'me'],
      { kind: 'wrong', reason: '--label names one account, so it does not go with --loop' },
    ],
    [['-h'], { kind: 'help' }],
    [['me@example.com'], { kind: 'wrong', reason: expect.stringContaining('me@example.com') as string }],
  ])('%j', (args, command) => {
    expect(readAddAccountArguments(args)).toEqual(command);
  });
});
