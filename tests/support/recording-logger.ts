import type { LogFields, Logger } from '../../src/kernel/ports.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: LogFields;
  readonly message: string;
}

/** A logger that keeps its lines; children write into the same list. */
export interface RecordingLogger extends Logger {
  readonly lines: LogLine[];
}

export function createRecordingLogger(lines: LogLine[] = [], base: LogFields = {}): RecordingLogger {
  const at =
    (level: LogLine['level']) =>
    (fields: LogFields, message: string): void => {
      lines.push({ level, fields: { ...base, ...fields }, message });
    };
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => createRecordingLogger(lines, { ...base, ...fields }),
  };
}
