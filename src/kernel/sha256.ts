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
  const words = paddedWords(new TextEncoder().encode(text));
  let state = START;
  for (let block = 0; block < words.length; block += 16) {
    state = compress(state, words.slice(block, block + 16));
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The message, a one bit, zeros, and its length in bits, as big-endian words of whole blocks. */
function paddedWords(bytes: Uint8Array): Int32Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  return Int32Array.from({ length: padded.length / 4 }, (_, index) => view.getInt32(index * 4));
}

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

function compress(state: readonly number[], block: Int32Array): readonly number[] {
  const schedule = expand(block);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  ROUND.forEach((constant, round) => {
    const mixE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const mixA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = (h + mixE + choice + constant + (schedule[round] ?? 0)) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + mixA + majority) | 0];
  });
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + (state[index] ?? 0)) | 0);
}

/** The 16 words of a block drawn out to one for every round. */
function expand(block: Int32Array): Int32Array {
  const words = new Int32Array(64);
  words.set(block);
  for (let i = 16; i < 64; i++) {
    const [near = 0, far = 0] = [words[i - 2], words[i - 15]];
    const mixNear = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
    const mixFar = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
    words[i] = mixNear + (words[i - 7] ?? 0) + mixFar + (words[i - 16] ?? 0);
  }
  return words;
}
