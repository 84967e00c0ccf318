const MASK = '[redacted]';

// Ordinary words have the shapes of keys too (`sk-learn`, `user_location`, `Basic knowledge`): a digit, a capital
// inside, an asterisk or padding tells the difference. Passwords may be plain words or numbers, and what is very long
// is no word.
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, MASK], // JSON web token
  [/\b([Bb]earer|BEARER|Basic|basic)\s+(?=[\w.~+/-]*(?:\d|[a-z][A-Z]|=))[\w.~+/=-]{8,}/g, `$1 ${MASK}`],
  [/\b(?:sk|fk|pk|rk|gsk|xai|ghp|gho)[-_](?=[\w*-]*[\dA-Z*])[\w*-]{6,}/g, MASK],
  [/\b[fs]k-[\w-]{20,}/g, MASK],
  [/\bAIza[\w-]{20,}/g, MASK],
  [/\b(?:org|proj|acct|user)[-_](?=[A-Za-z0-9]*(?:\d|[a-z][A-Z]))[A-Za-z0-9]{8,}/g, MASK],
  [/(:\/\/)(?:[^\s/:@]+:[^\s/]+|[^\s/?#"'<>]+)@/g, `$1${MASK}@`], // user and password of a proxy, up to the last `@`
  [/((?:password|secret)\\?["']?\s*[:=]\s*\\?["']?)[^\s"',&}\\]{6,}/gi, `$1${MASK}`],
  [
    /((?:api[-_ ]?key(?: provided)?|token)\\?["']?\s*[:=]\s*\\?["']?)(?!\d+\b)(?=\S*\d)[^\s"',&}\\]{6,}/gi,
    `$1${MASK}`,
  ],
  [/((?:api[-_ ]?key|token)\\?["']?\s*[:=]\s*\\?["']?)[^\s"',&}\\]{20,}/gi, `$1${MASK}`],
  [
    /(?<![\w.-])(?:[\w-]+\.)+(?:internal|local|lan|intranet|corp|svc)(?!\.?[\w-])(?::\d+)?/gi,
    '[internal host]',
  ],
  [
    /(?<![\d.])(?:(?:10|127)\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2}(?!\.?\d)(?::\d+)?/g,
    '[internal host]',
  ],
];

/** `text` without keys, tokens, passwords, account ids and internal hosts that an upstream may have quoted. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const [pattern, replacement] of SECRETS) masked = masked.replace(pattern, replacement);
  return masked;
}
