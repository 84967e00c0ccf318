import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/kernel/codec.ts';
import { createSseDecoder } from '../../src/sse/decode.ts';
import { bytesOf, chunksOf, cutAt } from '../support/chunks.ts';

/** The frames of chunks, with the end of the stream behind them. */
function framesOf(chunks: readonly Uint8Array[]): Frame[] {
  const frames: Frame[] = [];
  const decoder = createSseDecoder((frame) => frames.push(frame));
  chunks.forEach((chunk) => decoder.push(chunk));
  decoder.end();
  return frames;
}

const framesOfText = (text: string): Frame[] => framesOf([bytesOf(text)]);

/** The frames as the standard has them, read line by line out of the whole text. */
function expectedFrames(text: string): Frame[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const cut = lines.pop() ?? '';
  const events: string[][] = [[]];
  for (const line of lines) {
    if (line === '') events.push([]);
    else events.at(-1)?.push(line);
  }
  const last = events.pop() ?? [];
  return [...events.flatMap(frameOf), ...frameOf([...last, cut]).filter(({ data }) => isWhole(data))];
}

function frameOf(lines: readonly string[]): Frame[] {
  const fields = lines.map((line) => /^(data|event)(?:: ?(.*))?$/s.exec(line));
  const data = fields.flatMap((field) => (field?.[1] === 'data' ? [field[2] ?? ''] : []));
  const name = fields.findLast((field) => field?.[1] === 'event')?.[2];
  return data.length === 0 ? [] : [{ event: name === '' ? undefined : name, data: data.join('\n') }];
}

function isWhole(data: string): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    return data === '[DONE]';
  }
}

const line = fc.oneof(
  fc.constantFrom(
    '',
    '',
    'data: {"a":1}',
    'data:{"b":[2]}',
    'data',
    'data:',
    'data: [DONE]',
    'event: ping',
    'event:',
    'event',
  ),
  fc.constantFrom(
    ': comment',
    ':',
    'id: 7',
    'retry: 10',
    'retry: soon',
    'unknown: x',
    'data : x',
    ' data: x',
    'data:  two',
    'datax: y',
  ),
  fc
    .string({
      unit: fc.constantFrom('é', '你', '😀', '\u2028', '\u0085', '\ufeff', 'a', ':', ' '),
      maxLength: 6,
    })
    .map((text) => `data: "${text}"`),
);
const streamText = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n', '\r')), { maxLength: 20 }),
    line,
  )
  .map(([bom, lines, cut]) => bom + lines.flat().join('') + cut);

describe('createSseDecoder', () => {
  it('reads what the standard says', () => {
    fc.assert(
      fc.property(streamText, (text) => {
        expect(framesOfText(text)).toEqual(expectedFrames(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('C006 reads the same frames wherever the chunks begin', () => {
    fc.assert(
      fc.property(streamText, fc.array(fc.nat(200), { maxLength: 20 }), (text, offsets) => {
        const bytes = bytesOf(text);
        const cuts = offsets.map((offset) => Math.min(offset, bytes.length));
        expect(framesOf(cutAt(bytes, cuts))).toEqual(framesOf([bytes]));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the same frames byte by byte', () => {
    fc.assert(
      fc.property(streamText, (text) => {
        expect(framesOf(chunksOf(bytesOf(text), 1))).toEqual(framesOfText(text));
      }),
      { numRuns: 500 },
    );
  });

  const lines = ['event: a', 'data: {"x":1}', '', ': hi', '', 'data: 1', 'data: 2', '', ''];
  const expected: Frame[] = [
    { event: 'a', data: '{"x":1}' },
    { event: undefined, data: '1\n2' },
  ];
  const endings = ['\n', '\r\n', '\r'];
  const sizes = [1, 2, 3, 5, 1000];
  it.each(endings.flatMap((ending) => sizes.map((size) => [ending, size] as const)))(
    'C001 reads lines that end in %j out of chunks of %i bytes',
    (ending, size) => {
      expect(framesOf(chunksOf(bytesOf(lines.join(ending)), size))).toEqual(expected);
    },
  );

  it.each(endings)('C001 sends a frame on as soon as its blank line is there, ended by %j', (ending) => {
    const frames: Frame[] = [];
    const decoder = createSseDecoder((frame) => frames.push(frame));
    decoder.push(bytesOf(`data: not json${ending}${ending}`));
    expect(frames).toEqual([{ event: undefined, data: 'not json' }]);
  });

  it('C001 takes a line feed in the next chunk for the rest of a line end, not for a blank line', () => {
    const frames = framesOf(['data: 1\r', '\n', 'data: 2\r', '', '\n\r', '\n'].map(bytesOf));
    expect(frames).toEqual([{ event: undefined, data: '1\n2' }]);
  });

  const emoji = 'data: {"t":"a😀b你é"}\n\n';
  it.each(Array.from(bytesOf(emoji).keys()))(
    'C002 keeps signs whole that are cut after byte %i',
    (offset) => {
      expect(framesOf(cutAt(bytesOf(emoji), [offset]))).toEqual([
        { event: undefined, data: '{"t":"a😀b你é"}' },
      ]);
    },
  );

  it.each(['\u2028', '\u2029', '\u0085', '\v', '\f', '\0'])(
    'C003 takes %j for text, not for a line end',
    (sign) => {
      expect(framesOfText(`data: {"t":"a${sign}b"}\n\n`)).toEqual([
        { event: undefined, data: `{"t":"a${sign}b"}` },
      ]);
    },
  );

  it('C004 reads data without a space, and steps over comments and blank lines', () => {
    const text = ': keepalive\n\n\n\ndata:{"a":1}\n: more\ndata:  {"b":2}\n\n:\n\n';
    expect(framesOfText(text)).toEqual([{ event: undefined, data: '{"a":1}\n {"b":2}' }]);
  });

  it.each([
    ['without its blank line', 'data: {"a":1}\n'],
    ['without any line end', 'data: {"a":1}'],
    ['with half a line end', 'data: {"a":1}\r'],
  ])('C005 counts a last event %s', (_name, text) => {
    expect(framesOfText(text)).toEqual([{ event: undefined, data: '{"a":1}' }]);
  });

  it('C005 counts a last [DONE] without its blank line', () => {
    expect(framesOfText('data: [DONE]')).toEqual([{ event: undefined, data: '[DONE]' }]);
  });

  it.each([
    'data: {"a":1',
    'data: [DON',
    'data: {"a":1}\ndata: {',
    'data:',
    'event: done',
    'data: {"t":"\ud83d',
  ])('drops a last event that is cut: %j', (text) => {
    expect(framesOfText(text)).toEqual([]);
  });

  it('drops a last event that ends inside a sign', () => {
    const bytes = bytesOf('data: "😀"');
    expect(framesOf([bytes.subarray(0, -2)])).toEqual([]);
  });

  it('C006 reads three events out of one chunk, and one out of two', () => {
    const frames = framesOf(['data: 1\n\ndata: 2\n\ndata: 3\n\nda', 'ta: 4\n\n'].map(bytesOf));
    expect(frames.map(({ data }) => data)).toEqual(['1', '2', '3', '4']);
  });

  it('steps over a byte order mark in front, also when it comes in pieces', () => {
    const bytes = bytesOf('\ufeffdata: 1\n\n');
    expect(framesOf(chunksOf(bytes, 1))).toEqual([{ event: undefined, data: '1' }]);
  });

  it('tells nothing twice when the end is told twice', () => {
    const frames: Frame[] = [];
    const decoder = createSseDecoder((frame) => frames.push(frame));
    decoder.push(bytesOf('data: 1'));
    decoder.end();
    decoder.end();
    expect(frames).toHaveLength(1);
  });
});

describe('createSseDecoder, when an event grows without end', () => {
  const chunk = bytesOf('x'.repeat(1024 * 1024));
  const tooLarge = { kind: 'bad-upstream', message: 'the upstream sent an event larger than 16 MiB' };

  /** A decoder in the middle of a line of 16 Mi characters. */
  function filled(): ReturnType<typeof createSseDecoder> {
    const decoder = createSseDecoder(() => undefined);
    Array.from({ length: 16 }, () => chunk).forEach((piece) => decoder.push(piece));
    return decoder;
  }

  it('refuses more than 16 Mi characters of one line', () => {
    const decoder = filled();
    expect(() => decoder.push(bytesOf('x'))).toThrow(expect.objectContaining(tooLarge));
  });

  it('refuses them in many lines of data as well', () => {
    const decoder = createSseDecoder(() => undefined);
    const piece = bytesOf(`data: ${'x'.repeat(1024 * 1024)}\n`);
    const pushAll = (): void => Array.from({ length: 17 }, () => piece).forEach((data) => decoder.push(data));
    expect(pushAll).toThrow(expect.objectContaining(tooLarge));
  });

  it('says so again at every later call', () => {
    const decoder = filled();
    const more = (): void => decoder.push(bytesOf('x'));
    expect(more).toThrow(expect.objectContaining(tooLarge));
    expect(more).toThrow(expect.objectContaining(tooLarge));
    expect(() => decoder.end()).toThrow(expect.objectContaining(tooLarge));
  });
});
