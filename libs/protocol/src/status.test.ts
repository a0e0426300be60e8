import { Metadata, status } from '@grpc/grpc-js';
import * as domain from '@sweep/domain';
import { Bug, Invalid, SweepError, TooMany, Unavailable } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { fromStatus, mappedCodes, toStatus } from './status.js';

type ErrorClass = new (message: string, extra?: number) => SweepError;

const classes = Object.values<unknown>(domain).filter(
  (value): value is ErrorClass => typeof value === 'function' && value.prototype instanceof SweepError,
);

describe('an error of the domain', () => {
  it.each(classes.map((one) => [one.name, one] as const))('%s arrives as the same class with the same words', (_, Class) => {
    const sent = new Class('the sky fell; look up — wörtlich 100 %', 7);
    const arrived = fromStatus(toStatus(sent), 'the controller');
    expect(arrived).toBeInstanceOf(Class);
    expect(arrived.constructor).toBe(Class);
    expect(arrived.message).toBe(sent.message);
  });

  it('has a mapping for every class, and no mapping is for nothing', () => {
    expect([...mappedCodes].sort()).toEqual(classes.map((Class) => new Class('x', 1).code).sort());
  });

  it('keeps how long to wait', () => {
    expect((fromStatus(toStatus(new TooMany('slow down', 7)), 'x') as TooMany).retryAfterSeconds).toBe(7);
  });

  it('is cut when its words would not fit a header', () => {
    expect(toStatus(new Invalid('x'.repeat(100_000))).details.length).toBeLessThanOrEqual(2_000);
  });
});

describe('an error that is not of the domain', () => {
  it('tells the other side nothing of its text', () => {
    const arrived = fromStatus(toStatus(new Error('password is hunter2')), 'the controller');
    expect(arrived).toBeInstanceOf(Bug);
    expect(arrived.message).not.toContain('hunter2');
  });
});

describe('a status of the transport', () => {
  it.each([
    [status.UNAVAILABLE, 'unavailable'],
    [status.INTERNAL, 'unavailable'],
    [status.UNKNOWN, 'unavailable'],
    [status.DEADLINE_EXCEEDED, 'unavailable'],
    [status.UNAUTHENTICATED, 'unauthenticated'],
    [status.PERMISSION_DENIED, 'forbidden'],
    [status.RESOURCE_EXHAUSTED, 'too-large'],
    [status.UNIMPLEMENTED, 'incompatible'],
  ])('%i means %s', (code, expected) => {
    const arrived = fromStatus({ code, details: 'details', metadata: new Metadata() }, 'the controller at http://x');
    expect(arrived.code).toBe(expected);
    expect(arrived.message).toContain('the controller at http://x');
    expect(arrived.message).toContain('details');
  });

  it('is not believed when its code is unknown', () => {
    const metadata = new Metadata();
    metadata.set('sweep-error', 'constructor');
    expect(fromStatus({ code: status.UNAVAILABLE, details: '', metadata }, 'x')).toBeInstanceOf(Unavailable);
  });
});
