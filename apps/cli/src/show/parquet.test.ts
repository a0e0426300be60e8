import { Float } from '@sweep/optimizer';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { parquetBytes } from './parquet.js';

const fileOf = (items: readonly unknown[]): ArrayBuffer => parquetBytes(items).slice().buffer;
const read = (items: readonly unknown[]) => parquetReadObjects({ file: fileOf(items) });

describe('a Parquet file', () => {
  it('holds nested members as columns, each of the type that all of its values have', async () => {
    const rows = await read([
      { number: 1, params: { lr: new Float(16), bs: 32, deep: { on: true } }, agent: 'a', createdAt: '2026-11-21T10:00:00.500Z', gpus: [] },
      { number: 2, params: { lr: 0.5, bs: 64, deep: { on: false } }, agent: 'ä', createdAt: '2026-11-21T11:00:00Z', gpus: ['GPU-1'] },
    ]);
    expect(rows).toEqual([
      {
        number: 1n,
        'params.lr': 16,
        'params.bs': 32n,
        'params.deep.on': true,
        agent: 'a',
        createdAt: new Date('2026-11-21T10:00:00.500Z'),
        gpus: '[]',
      },
      {
        number: 2n,
        'params.lr': 0.5,
        'params.bs': 64n,
        'params.deep.on': false,
        agent: 'ä',
        createdAt: new Date('2026-11-21T11:00:00Z'),
        gpus: '["GPU-1"]',
      },
    ]);
  });

  it('has null where a value is missing', async () => {
    expect(await read([{ a: 1, b: null }, { b: 'x' }, { a: 3, c: { d: 0.5 } }])).toEqual([
      { a: 1n, b: null, 'c.d': null },
      { a: null, b: 'x', 'c.d': null },
      { a: 3n, b: null, 'c.d': 0.5 },
    ]);
  });

  it('keeps numbers that are not finite as numbers, and words that say so as words', async () => {
    const rows = await read([
      { loss: 'NaN', word: 'NaN' },
      { loss: 'Infinity', word: 'NaN' },
      { loss: 2, word: 'NaN' },
    ]);
    expect(rows.map(({ loss }) => loss)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 2]);
    expect(rows[0]!['word']).toBe('NaN');
  });

  it('takes mixed values as text, and whole numbers that 64 bits do not hold as numbers', async () => {
    const rows = await read([
      { a: 1, big: 2n ** 70n },
      { a: 'one', big: 1 },
    ]);
    expect(rows).toEqual([
      { a: '1', big: 2 ** 70 },
      { a: 'one', big: 1 },
    ]);
  });

  it('may have no rows, and many', async () => {
    expect(Number(parquetMetadata(fileOf([])).num_rows)).toBe(0);
    const rows = await read(Array.from({ length: 5_000 }, (_, number) => ({ number, value: number / 7 })));
    expect([rows.length, rows[4_999]]).toEqual([5_000, { number: 4_999n, value: 4_999 / 7 }]);
  });
});
