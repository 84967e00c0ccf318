import { describe, expect, it } from 'vitest';
import { kindOfFailure, kindOfStatus, passedStatus } from '../../src/kernel/error-of-status.ts';
import {
  ERROR_KINDS,
  GatewayError,
  invalidField,
  statusOfKind,
  unsupportedField,
} from '../../src/kernel/gateway-error.ts';
import type { ErrorKind } from '../../src/kernel/gateway-error.ts';

describe('GatewayError', () => {
  it('has the status of its kind, unless a more exact one is known', () => {
    expect(new GatewayError('rate-limit', 'm').status).toBe(429);
    expect(new GatewayError('invalid-request', 'm', { status: 422 }).status).toBe(422);
  });

  it('keeps its cause out of the message', () => {
    const error = new GatewayError('server', 'm', { cause: 'the log only' });
    expect([error.message, error.cause, error.name]).toEqual(['m', 'the log only', 'GatewayError']);
  });

  it.each([...ERROR_KINDS])('knows a failing status for %s', (kind) => {
    expect(statusOfKind(kind)).toBeGreaterThanOrEqual(400);
    expect(new GatewayError(kind, 'm').status).toBe(statusOfKind(kind));
  });
});

describe('invalidField and unsupportedField', () => {
  it('name the field in message and details', () => {
    expect(invalidField('messages[2]', 'must be an object')).toMatchObject({
      kind: 'invalid-request',
      message: 'messages[2]: must be an object',
      details: { param: 'messages[2]', code: 'invalid_value' },
    });
    expect(unsupportedField('n', 'must be 1').details).toEqual({ param: 'n', code: 'unsupported_parameter' });
  });
});

describe('kindOfStatus', () => {
  it.each<[number, ErrorKind]>([
    [400, 'invalid-request'],
    [401, 'authentication'],
    [402, 'billing'],
    [403, 'permission'],
    [404, 'not-found'],
    [405, 'invalid-request'],
    [408, 'timeout'],
    [409, 'conflict'],
    [413, 'too-large'],
    [422, 'invalid-request'],
    [429, 'rate-limit'],
    [499, 'invalid-request'],
    [500, 'server'],
    [501, 'server'],
    [502, 'bad-upstream'],
    [503, 'overloaded'],
    [504, 'timeout'],
    [519, 'server'],
    [520, 'bad-upstream'],
    [523, 'bad-upstream'],
    [524, 'timeout'],
    [529, 'overloaded'],
    [302, 'server'],
  ])('takes %i for %s', (status, kind) => {
    expect(kindOfStatus(status)).toBe(kind);
  });
});

describe('kindOfFailure', () => {
  it.each<[number, ErrorKind | undefined, ErrorKind]>([
    [0, undefined, 'server'],
    [0, 'invalid-request', 'invalid-request'],
    [200, 'billing', 'billing'],
    [400, 'not-found', 'not-found'],
    [404, 'invalid-request', 'not-found'],
    [504, 'server', 'timeout'],
    [400, 'overloaded', 'invalid-request'],
    [503, 'rate-limit', 'overloaded'],
  ])('takes %i with the word of %s for %s', (status, word, kind) => {
    expect(kindOfFailure(status, word)).toBe(kind);
  });
});

describe('passedStatus', () => {
  it.each([
    [405, 405],
    [418, 418],
    [422, 422],
    [400, undefined],
    [404, undefined],
    [500, undefined],
    [501, undefined],
    [0, undefined],
    [302, undefined],
  ])('of %i is %s', (status, passed) => {
    expect(passedStatus(status)).toBe(passed);
  });
});
