import type { IncomingMessage } from 'node:http';
import type { HeaderReader } from '../kernel/codec.ts';

/** Request headers by lower-case name; a header that came several times is joined with commas. */
export const headerReader =
  ({ headers }: IncomingMessage): HeaderReader =>
  (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };

/** The query string as the client wrote it, without `?`. */
export function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}
