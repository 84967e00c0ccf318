const SIGNS_PER_TOKEN = 4;

/** The sandbox's own measure: four UTF-16 units are one token. */
export const tokensOf = (text: string): number => Math.ceil(text.length / SIGNS_PER_TOKEN);

/** The first `count` tokens of `text`; a character is never cut in two. */
export function firstTokens(text: string, count: number): string {
  return text.slice(0, Math.max(0, count) * SIGNS_PER_TOKEN).replace(/[\uD800-\uDBFF]$/, '');
}

/** Text in the pieces that a stream brings: words with the space behind them. */
export const wordsOf = (text: string): readonly string[] => text.match(/\S*\s+|\S+$/g) ?? [];

/** Text in pieces of a few characters, as tool arguments come. */
export const crumbsOf = (text: string): readonly string[] => text.match(/[^]{1,9}/gu) ?? [];
