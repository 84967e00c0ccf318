/** What a target could not carry. Notes become the header `x-translation-notes` and a log field. */
export interface Losses {
  /**
   * @param field - the client's own path of what was lost (`stop`, `messages[2].name`).
   * @param action - `dropped`, `clamped`, `raised`, `emulated`, `folded`, …
   */
  note(field: string, action: string): void;
}

export interface LossLog extends Losses {
  /** `field=action` pairs, first come first, each once, at most {@link MAX_NOTES}; empty when nothing was lost. */
  readonly summary: () => string;
}

const MAX_NOTES = 32;

/** Collects notes of one request. */
export function createLossLog(): LossLog {
  const notes = new Set<string>();
  return {
    note: (field, action) => {
      if (notes.size < MAX_NOTES) notes.add(`${headerSafe(field)}=${headerSafe(action)}`);
    },
    summary: () => [...notes].join(','),
  };
}

/** Field paths come from the client: only printable ASCII may enter a header. */
const headerSafe = (text: string): string => text.replace(/[^\x21-\x7e]|,/g, '_').slice(0, 80);
