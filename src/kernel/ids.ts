import type { Random } from './ports.ts';

/** Fresh identifiers in the form that each dialect's own service gives them. */
export interface Ids {
  request(): string;
  chatCompletion(): string;
  message(): string;
  response(): string;
  /** Item ids of a Responses answer carry the infix `px`, so that a later turn can tell ours from the upstream's. */
  item(prefix: 'rs' | 'msg' | 'fc' | 'ctc'): string;
  call(): string;
  uuid(): string;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv'; // 58 signs: legal in every dialect
const LENGTH = 24;

/** Ids of 24 random letters and digits behind the dialect's prefix. */
export function createIds(random: Random): Ids {
  const letters = (): string => {
    let text = '';
    for (const byte of random.bytes(LENGTH)) text += ALPHABET.charAt(byte % ALPHABET.length);
    return text;
  };
  return {
    request: () => `req_${letters()}`,
    chatCompletion: () => `chatcmpl-${letters()}`,
    message: () => `msg_${letters()}`,
    response: () => `resp_${letters()}`,
    item: (prefix) => `${prefix}_px${letters()}`,
    call: () => `call_${letters()}`,
    uuid: () => random.uuid(),
  };
}
