import { Invalid } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { readRawObject } from '../json/raw.js';
import { type FilterValue, parseFilter } from './filter.js';
import { evenlySpread, historySpec, specRow } from './history-spec.js';
import { matches } from './matching.js';
import { parseRunOrder, type RunField, runField, valueAt } from './run-fields.js';

const run: Readonly<Record<string, FilterValue | readonly FilterValue[] | undefined>> = {
  state: 'finished',
  tags: ['baseline', 'big'],
  name: 'ab12cd34',
  displayName: 'sunny-lake-2',
  'config.lr': 0.1,
  'config.seed': 1152921504606846977n,
  'summary.loss': 3,
  'summary.none': null,
};

const nameOf = (field: RunField): string =>
  field.kind === 'column' ? field.column : field.kind === 'unknown' ? '?' : `${field.kind}.${field.path}`;

const holds = (filter: string): boolean =>
  matches(parseFilter(filter, runField), {
    read: (field) => run[nameOf(field)],
    search: (pattern, text) => new RegExp(pattern).test(text),
  });

describe('a filter of runs', () => {
  it.each([
    ['{}', true],
    ['null', true],
    ['{"state":"finished"}', true],
    ['{"state":"running"}', false],
    ['{"state":{"$ne":"running"}}', true],
    ['{"state":"finished","name":"other"}', false],
    ['{"$or":[{"state":"running"},{"name":"ab12cd34"}]}', true],
    ['{"$or":[]}', false],
    ['{"$and":[]}', true],
    ['{"$nor":[{"state":"running"},{"name":"other"}]}', true],
    ['{"$not":{"state":"finished"}}', false],
    ['{"state":{"$not":{"$in":["running"]}}}', true],
    ['{"tags":"baseline"}', true],
    ['{"tags":{"$in":["none","big"]}}', true],
    ['{"tags":{"$nin":["big"]}}', false],
    ['{"tags":{"$ne":"big"}}', false],
    ['{"config.lr":0.1}', true],
    ['{"config.lr.value":{"$gte":0.1,"$lt":0.2}}', true],
    ['{"config.lr":{"$gt":0.1}}', false],
    ['{"config.seed":1152921504606846977}', true],
    ['{"config.seed":1152921504606846976}', false],
    ['{"config.lr":{"$gt":"0"}}', false],
    ['{"summary_metrics.loss":{"$lte":3.0}}', true],
    ['{"summary_metrics.loss":3.0}', true],
    ['{"summary_metrics.missing":{"$lt":3}}', false],
    ['{"summary_metrics.missing":null}', true],
    ['{"summary_metrics.missing":{"$ne":3}}', true],
    ['{"summary_metrics.missing":{"$exists":true}}', false],
    ['{"summary_metrics.missing":{"$exists":false}}', true],
    ['{"summary_metrics.none":{"$exists":true}}', true],
    ['{"display_name":{"$regex":"^sunny"}}', true],
    ['{"displayName":{"$regex":"^lake"}}', false],
    ['{"config.lr":{"$regex":"1"}}', false],
    ['{"novel":1}', false],
    ['{"novel":{"$ne":1}}', true],
  ])('%s: %s', (filter, expected) => {
    expect(holds(filter)).toBe(expected);
  });

  it('holds for everything when there is none', () => {
    for (const none of [null, undefined, '']) expect(parseFilter(none, runField)).toEqual({ op: 'and', of: [] });
  });

  it('is a tree of comparisons on fields', () => {
    expect(parseFilter('{"$and":[{"sweep":"ab12cd34"}],"config.lr.value":{"$gt":1}}', runField)).toEqual({
      op: 'and',
      of: [
        { op: 'and', of: [{ op: 'eq', field: { kind: 'column', column: 'sweep' }, value: 'ab12cd34' }] },
        { op: 'gt', field: { kind: 'config', path: 'lr' }, value: 1 },
      ],
    });
  });

  it.each([
    '[]',
    '{oops',
    '"state"',
    '{"$and":{}}',
    '{"$and":[1]}',
    '{"$where":"1"}',
    '{"$not":1}',
    '{"state":{"$near":1}}',
    '{"state":{"constructor":1}}',
    '{"state":["finished"]}',
    '{"state":{"$eq":{}}}',
    '{"state":{"$in":"finished"}}',
    '{"state":{"$in":[[]]}}',
    '{"state":{"$regex":1}}',
  ])('is refused, saying why, when it is %s', (filter) => {
    expect(() => parseFilter(filter, runField)).toThrow(Invalid);
  });

  it('is refused when it nests or compares without end', () => {
    const nested = (levels: number): string => (levels === 0 ? '{}' : `{"$and":[${nested(levels - 1)}]}`);
    expect(() => parseFilter(nested(30), runField)).toThrow(/nests/);
    expect(() => parseFilter(`{"$or":[${Array(1_001).fill('{"state":"x"}').join()}]}`, runField)).toThrow(/comparisons/);
    expect(() => parseFilter(`{"name":{"$in":[${Array(10_001).fill('"x"').join()}]}}`, runField)).toThrow(/values/);
  });
});

describe("the name of a run's field", () => {
  it.each([
    ['display_name', { kind: 'column', column: 'displayName' }],
    ['jobType', { kind: 'column', column: 'jobType' }],
    ['job_type', { kind: 'column', column: 'jobType' }],
    ['created_at', { kind: 'column', column: 'createdAt' }],
    ['config.a.b.value', { kind: 'config', path: 'a.b' }],
    ['summary_metrics.val/loss', { kind: 'summary', path: 'val/loss' }],
    ['toString', { kind: 'unknown', name: 'toString' }],
  ])('%s', (name, field) => {
    expect(runField(name)).toEqual(field);
  });

  it('with dots is the longest literal key that leads somewhere', () => {
    const at = (text: string, path: string) => {
      const document = readRawObject(text);
      return document === undefined ? undefined : valueAt(document, path)?.text;
    };
    expect(at('{"a.b":1,"a":{"b":2}}', 'a.b')).toBe('1');
    expect(at('{"a":{"b":2}}', 'a.b')).toBe('2');
    expect(at('{"a.b":{"c":3},"a":{"b.c":4}}', 'a.b.c')).toBe('3');
    expect(at('{"a.b":{"d":3},"a":{"b":{"c":5}}}', 'a.b.c')).toBe('5');
    expect(at('{"a":1}', 'a.b')).toBeUndefined();
    expect(at('{"a":1}', '')).toBeUndefined();
  });
});

describe('the order of runs', () => {
  it.each([
    [null, 'createdAt', false],
    ['', 'createdAt', false],
    ['+created_at', 'createdAt', false],
    ['-created_at', 'createdAt', true],
    ['heartbeat_at', 'heartbeatAt', false],
    ['-summary_metrics.loss', 'summary.loss', true],
    ['+config.lr.value', 'config.lr', false],
  ])('%j', (text, name, descending) => {
    expect(parseRunOrder(text).map((order) => [nameOf(order.field), order.descending])).toEqual([[name, descending]]);
  });

  it('may have several parts, but not any number', () => {
    expect(parseRunOrder('state, -created_at')).toHaveLength(2);
    expect(() => parseRunOrder(Array(9).fill('state').join())).toThrow(Invalid);
  });
});

describe('what sampledHistory is asked for', () => {
  it('is metrics, a range of steps, and a number of rows', () => {
    expect(historySpec('{"keys":["_step","loss","_step"],"minStep":0,"maxStep":9,"samples":10}')).toEqual({
      keys: ['_step', 'loss'],
      minStep: 0,
      maxStep: 9,
      samples: 10,
    });
  });

  it.each(['{}', '', 'nonsense', '{"keys":5,"samples":"x"}'])('is whole rows, 500 of them, for %j', (text) => {
    expect(historySpec(text)).toEqual({ keys: [], minStep: null, maxStep: null, samples: 500 });
  });

  it('makes a row of every line that has all its metrics, values as they were', () => {
    const line = readRawObject('{"_step":1,"big":1152921504606846977,"val":{"loss":1.0}}')!;
    expect(specRow(line, ['_step', 'val.loss', 'big'])).toBe('{"_step":1,"val.loss":1.0,"big":1152921504606846977}');
    expect(specRow(line, ['_step', 'other'])).toBeUndefined();
    expect(specRow(line, [])).toBe(line.text);
  });

  it('takes rows evenly, the first and the last among them, and all of them when they fit', () => {
    expect(evenlySpread(5, 10)).toEqual([0, 1, 2, 3, 4]);
    expect(evenlySpread(101, 5)).toEqual([0, 25, 50, 75, 100]);
    expect(evenlySpread(10, 1)).toEqual([9]);
    expect(evenlySpread(0, 5)).toEqual([]);
    expect(evenlySpread(5, 0)).toEqual([]);
  });
});
