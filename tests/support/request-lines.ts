import type { LogFields } from '../../src/kernel/ports.ts';
import type { LogLine, RecordingLogger } from './recording-logger.ts';

/** The fields of the lines that tell of a request that is over. */
export const requestLines = ({ lines }: RecordingLogger): readonly LogFields[] =>
  lines.filter(({ fields }) => 'durationMs' in fields).map(({ fields }) => fields);

/** What was logged at a level that wakes somebody up. */
export const alarms = ({ lines }: RecordingLogger): readonly LogLine[] =>
  lines.filter(({ level }) => level === 'warn' || level === 'error');
