import type { Logger } from '../kernel/ports.ts';
import type { RequestRecord } from '../kernel/request-record.ts';

/** Writes one structured line for every request that is over. */
export function createRequestLog(logger: Logger): (record: RequestRecord) => void {
  return (record) => {
    const { usage, firstByteMs, account, model, upstream, lane, notes, errorKind, errorMessage } = record;
    const fields = {
      requestId: record.requestId,
      route: record.route,
      model,
      upstream,
      lane,
      status: record.status,
      durationMs: record.durationMs,
      firstByteMs,
      account,
      clientKey: record.clientKey,
      attempts: record.attempts,
      ...(usage !== undefined && {
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        cachedTokens: usage.cacheReadTokens,
        reasoningTokens: usage.reasoningTokens,
      }),
      ...(notes !== '' && { notes }),
      ...(errorKind !== undefined && { errorKind, error: errorMessage }),
    };
    const line = `${record.route} ${model ?? '-'} ${record.status}`;
    if (errorKind === undefined || errorKind === 'cancelled') logger.info(fields, line);
    else logger.warn(fields, line);
  };
}
