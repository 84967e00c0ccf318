const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text on one line, without the control characters that could drive a terminal or turn its lines around. */
export const printable = (text: string): string => text.replace(CONTROL, ' ').replace(/ {2,}/g, ' ').trim();

/** {@link printable}, line by line; indentation stays. */
export const printableLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(CONTROL, ' ').trimEnd())
    .join('\n');
