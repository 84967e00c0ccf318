/** One server-sent event without a name; `data` holds no line break. */
export const encodeData = (data: string): string => `data: ${data}\n\n`;

/** One named server-sent event; `data` holds no line break. */
export const encodeEvent = (event: string, data: string): string => `event: ${event}\ndata: ${data}\n\n`;

/** A line that every reader skips. */
export const encodeComment = (text: string): string => `: ${text}\n\n`;
