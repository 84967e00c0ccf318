import { Refusal } from '../refusal.ts';

/** @throws Refusal 400 as an OAuth service words it, always. */
export function refuse(error: string, description: string): never {
  throw new Refusal(400, { error, error_description: description });
}
