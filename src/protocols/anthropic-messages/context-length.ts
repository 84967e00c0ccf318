/** Claude Code compacts the conversation when it reads these words, and by how much it reads from the numbers. */
const TOO_LONG = 'prompt is too long';
const COUNTED = /prompt is too long: \d+ tokens > \d+ maximum/;

/** Where services say how many tokens they take, and how many came: a word, and the next number behind it. */
const MAXIMUM =
  /(?:maximum|limit|allowed|(?:context|model)(?:'s)? (?:length|window))\D{0,60}?(?<count>\d[\d,]{2,})/gi;
const SENT = /(?:resulted in|requested|passed|token count|too long|length)\D{0,60}?(?<count>\d[\d,]{2,})/gi;

/** The message of a request that is too long, in Anthropic's words; with numbers where the other service's words hold both. */
export function wordTooLong(message: string): string {
  if (COUNTED.test(message)) return message;
  const [maximum = Infinity] = countsIn(message, MAXIMUM);
  const sent = countsIn(message, SENT).find((count) => count > maximum);
  if (sent !== undefined) return `${TOO_LONG}: ${sent} tokens > ${maximum} maximum`;
  return message.includes(TOO_LONG) ? message : `${TOO_LONG}: ${message}`;
}

const countsIn = (message: string, pattern: RegExp): readonly number[] =>
  [...message.matchAll(pattern)].map(({ groups }) => Number(groups?.['count']?.replaceAll(',', '')));
