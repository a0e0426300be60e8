import { problem } from '@sweep/api';
import * as domain from '@sweep/domain';
import { SweepError } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { invalidRequest, mappedCodes, problemOf } from './problems.filter.js';

type Made = new (message: string, extra?: never) => SweepError;
const family = Object.values(domain).filter(
  (value) => typeof value === 'function' && value.prototype instanceof SweepError,
) as unknown as readonly Made[];

describe('a problem document', () => {
  it('exists for every error of the domain, and no code is mapped that none has', () => {
    const codes = family.map((Kind) => new Kind('x').code);
    expect(codes.length).toBeGreaterThan(10);
    expect(new Set(codes)).toEqual(new Set(mappedCodes));
  });

  it.each([
    [new domain.Invalid('x'), 400],
    [new domain.SweepFileRefused('x'), 422],
    [new domain.NotFound('x'), 404],
    [new domain.Conflict('x'), 409],
    [new domain.StaleLease('x'), 409],
    [new domain.Unauthenticated('x'), 401],
    [new domain.Forbidden('x'), 403],
    [new domain.TooMany('x', 3), 429],
    [new domain.TooLarge('x'), 413],
    [new domain.Unavailable('x'), 503],
    [new domain.Incompatible('x'), 426],
    [new domain.SamplerFailed('x'), 422],
  ])('of %s has its status, its code and its words', (error, status) => {
    const document = problemOf(error);
    expect(document).toMatchObject({ status, code: error.code, detail: 'x' });
    expect(problem.safeParse(document).success).toBe(true);
  });

  it('tells nothing about our own mistakes and about errors of others', () => {
    for (const error of [new domain.Bug('secret'), new Error('secret'), new TypeError('secret'), 'secret', null, undefined]) {
      expect(problemOf(error).status).toBe(500);
      expect(JSON.stringify(problemOf(error))).not.toContain('secret');
    }
  });

  it('carries where in a file, and the findings when the details are findings', () => {
    const place = { path: 'parameters.lr', line: 3, column: 5, code: 'E-RANGE' };
    const bare = problemOf(new domain.SweepFileRefused('refused', [{ ...place, message: 'min is above max' }]));
    expect(bare.errors).toEqual([{ ...place, message: 'min is above max' }]);
    expect(bare.findings).toBeUndefined();
    const finding = { ...place, severity: 'error' as const, message: 'min is above max', hint: 'swap them' };
    expect(problemOf(new domain.SweepFileRefused('refused', [finding])).findings).toEqual([finding]);
  });

  it('names the first thing that is wrong with a request, and lists the rest by path', () => {
    const error = invalidRequest([
      { message: 'expected a number', path: ['params', 0, { key: 'lr' }] },
      { message: 'unknown', path: [] },
    ]);
    expect(problemOf(error)).toMatchObject({
      status: 400,
      detail: 'params.0.lr: expected a number',
      errors: [{ path: 'params.0.lr' }, { path: '' }],
    });
  });

  it('says of a choice what may be chosen', () => {
    const { error } = z.object({ state: z.array(z.enum(['queued', 'running'])), kind: z.literal('trial') }).safeParse({ state: ['bogus'] });
    expect(problemOf(invalidRequest(error!.issues))).toMatchObject({
      detail: 'state.0: expected one of queued, running',
      errors: [{ message: 'expected one of queued, running' }, { path: 'kind', message: 'expected trial' }],
    });
  });
});
