import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/kernel/secret.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

/** A logger and what it has written. */
async function loggerWith(format: 'json' | 'pretty', level = 'trace') {
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  return { logger: await createLogger({ level, format, destination }), text: () => lines.join('') };
}

describe('createLogger', () => {
  it('writes one JSON object a line for machines', async () => {
    const { logger, text } = await loggerWith('json');
    logger.child({ requestId: 'req_1' }).info({ status: 200 }, 'done');
    expect(JSON.parse(text())).toMatchObject({ level: 'info', requestId: 'req_1', status: 200, msg: 'done' });
  });

  it('writes lines that people can read', async () => {
    const { logger, text } = await loggerWith('pretty');
    logger.warn({ proxy: 'p1' }, 'proxy failed');
    expect(text()).toMatch(/WARN.*proxy failed.*p1/);
  });

  it('leaves out what is below its level', async () => {
    const { logger, text } = await loggerWith('json', 'warn');
    logger.info({}, 'quiet');
    logger.debug({}, 'quieter');
    expect(text()).toBe('');
  });

  it.each(['json', 'pretty'] as const)('never prints a secret as %s', async (format) => {
    const { logger, text } = await loggerWith(format);
    const cause = new Error('refused: Bearer CANARY-1234567890');
    const error = Object.assign(new Error('sk-CANARY-1234567890 was wrong', { cause }), { code: 'EKEY' });
    logger.error(
      { err: error, key: createSecret('CANARY'), nested: { key: createSecret('CANARY') } },
      'failed',
    );
    logger.error({ err: 'not an error: sk-CANARY-1234567890' }, 'failed');
    expect(text()).not.toContain('CANARY');
    expect(text()).toContain('EKEY');
  });
});
