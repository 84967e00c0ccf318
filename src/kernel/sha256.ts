/** The first 32 bits of the fractions of square (`1/2`) or cube (`1/3`) roots of the first `count` primes. */
function primeRoots(count: number, power: number): readonly number[] {
  const roots: number[] = [];
  for (let n = 2; roots.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) roots.push(((n ** power % 1) * 2 ** 32) | 0);
  }
  return roots;
}

const START = primeRoots(8, 1 / 2);
const ROUND = primeRoots(64, 1 / 3);

/**
 * SHA-256 of the UTF-8 form of `text`, in 64 lower-case hex digits. For names that must be the same on every call;
 * written out because the kernel stands on no platform, and the one in Web Crypto cannot answer at once.
 *
 * @see FIPS 180-4, section 6.2.
 */
export function sha256Hex(text: string): string {
  const view = padded(new TextEncoder().encode(text));
  const state = Int32Array.from(START);
  const schedule = new Int32Array(64);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) schedule[i] = view.getInt32(block + i * 4);
    expand(schedule);
    compress(state, schedule);
  }
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The message, a one bit, zeros, and its length in bits, in whole blocks. */
function padded(bytes: Uint8Array): DataView {
  const blocks = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setBigUint64(blocks.length - 8, BigInt(bytes.length) * 8n);
  return view;
}

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** The 16 words of a block, drawn out to one for every round. */
function expand(words: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const near = words[i - 2] ?? 0;
    const far = words[i - 15] ?? 0;
    const mixNear = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
    const mixFar = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
    words[i] = mixNear + (words[i - 7] ?? 0) + mixFar + (words[i - 16] ?? 0);
  }
}

/** One block into the state; a loop over plain numbers, for this runs over whole thoughts of models. */
function compress(state: Int32Array, schedule: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let round = 0; round < 64; round++) {
    const mixE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const mixA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = (h + mixE + choice + (ROUND[round] ?? 0) + (schedule[round] ?? 0)) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + mixA + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] = (state[index] ?? 0) + word;
  });
}
