/**
 * JSON read by a reader of the tests' own, so that a fault of the gateway's reader shows: numbers stay exact (as
 * `#` with digits and exponent), the last of several members with one name counts, members are sorted by name.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function exactJson(text: string): unknown {
  JSON.parse(text);
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  return readValue(tokens, { at: 0 });
}

interface Place {
  at: number;
}

function readValue(tokens: readonly string[], place: Place): unknown {
  const token = tokens[place.at++] ?? '';
  if (token === '{') return { members: readMembers(tokens, place) };
  if (token === '[') return readElements(tokens, place);
  return /^[-\d]/.test(token) ? exactNumber(token) : (JSON.parse(token) as unknown);
}

function readElements(tokens: readonly string[], place: Place): unknown[] {
  const elements: unknown[] = [];
  while (tokens[place.at] !== ']') {
    if (tokens[place.at] === ',') place.at++;
    elements.push(readValue(tokens, place));
  }
  place.at++;
  return elements;
}

function readMembers(tokens: readonly string[], place: Place): [string, unknown][] {
  const members = new Map<string, unknown>();
  while (tokens[place.at] !== '}') {
    if (tokens[place.at] === ',') place.at++;
    const key = JSON.parse(tokens[place.at] ?? '') as string;
    place.at += 2;
    members.set(key, readValue(tokens, place));
  }
  place.at++;
  return [...members].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `1.50e3` is `#15e2`, and so are `1500` and `1500.0`; zero keeps its sign. */
function exactNumber(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const sign = token.startsWith('-') ? '-' : '';
  let digits = BigInt(whole + fraction);
  if (digits === 0n) return `#${sign}0`;
  let power = BigInt(exponent) - BigInt(fraction.length);
  while (digits % 10n === 0n) {
    digits /= 10n;
    power++;
  }
  return `#${sign}${digits}e${power}`;
}
