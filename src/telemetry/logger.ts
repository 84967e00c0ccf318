import { pino } from 'pino';
import type { DestinationStream, LoggerOptions } from 'pino';
import { maskSecrets } from '../kernel/mask-secrets.ts';
import type { Logger } from '../kernel/ports.ts';

export interface LoggerSettings {
  readonly level: string;
  readonly format: 'pretty' | 'json';
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

/** The process's logger: pretty for people, one JSON object a line for machines. */
export async function createLogger({ level, format, destination }: LoggerSettings): Promise<Logger> {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  };
  if (format === 'json') return destination === undefined ? pino(options) : pino(options, destination);
  const { default: pretty } = await import('pino-pretty'); // a quarter of the start-up time, for terminals only
  const stream = pretty({
    colorize: destination === undefined && process.stdout.isTTY,
    ignore: 'requestId',
    singleLine: true,
    sync: true,
    ...(destination !== undefined && { destination }),
  });
  return pino(options, stream);
}

/** An error with its causes; texts are masked, because an upstream may have quoted a key. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return maskSecrets(String(error));
  return {
    type: error.name,
    message: maskSecrets(error.message),
    stack: maskSecrets(error.stack ?? ''),
    ...('code' in error && { code: error.code }),
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  };
}
