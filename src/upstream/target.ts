/** An upstream address taken apart once, ready for `http.request`. */
export interface Target {
  /** Without user, password and query: fit for a log. */
  readonly href: string;
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** With the query string, if any. */
  readonly path: string;
}

/** Takes an address apart; `suffix` is put behind its path, `query` (without `?`) joined to its query. */
export function parseTarget(baseUrl: string, suffix = '', query = ''): Target {
  const url = new URL(baseUrl);
  const secure = url.protocol === 'https:';
  const path = url.pathname.replace(/\/$/, '') + suffix;
  const joined = [url.search.slice(1), query].filter((part) => part !== '').join('&');
  return {
    href: `${url.protocol}//${url.host}${path}`,
    secure,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path: joined === '' ? path : `${path}?${joined}`,
  };
}
