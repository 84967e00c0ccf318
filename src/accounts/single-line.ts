import { maskSecrets } from '../kernel/mask-secrets.ts';

const LONGEST = 200;
const MOST_READ = 4096; // masking shortens, so it gets more than may be left

/** What somebody else said, fit for one line of a log: masked, without control characters, at most 200 characters. */
export const singleLine = (text: string): string =>
  maskSecrets(text.slice(0, MOST_READ))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST)
    .replace(/[\ud800-\udbff]$/, '');
