import { describe, expect, it } from 'vitest';
import { type Field, type Gate, gates, gateTable } from './gates.js';
import type { Cell, Run } from './scores.js';

const tables = ['a', 'b'];
const functions = ['f'];

interface Level {
  readonly score: number;
  readonly regret?: number;
  readonly trials?: number;
  /** Of the logarithms over seeds. */
  readonly spread?: number;
}

const run = ({ score, regret = 1, trials = 100, spread = 0 }: Level, seed: number): Run => ({
  seed,
  failed: false,
  askMs: 1,
  // Half a point of noise, so that intervals have a width.
  scores: Array<number>(trials).fill(score + (seed % 2) / 2 - 0.25),
  regrets: Array<number>(trials).fill(regret),
  auc60: score,
  recommended: undefined,
  logEcdf60: -score / 40 + (seed % 2 === 0 ? spread : -spread),
  logRegret60: -1,
});

const cell = (method: string, workers: number, level: Level): Cell => {
  const runs = Array.from({ length: 10 }, (_, seed) => run(level, seed));
  return { method, workers, runs: new Map([...tables, ...functions].map((task) => [task, runs])) };
};

const peers = [
  cell('tpe', 1, { score: 94 }),
  cell('tpe', 8, { score: 93 }),
  cell('gp', 1, { score: 95, regret: 2 }),
  cell('gp', 8, { score: 95 }),
];

const gatesOf = (one: Level | undefined, eight: Level | undefined): ReadonlyMap<string, Gate> => {
  const field: Field = {
    ours: { one: one && cell('mine', 1, one), eight: eight && cell('mine', 8, eight) },
    peers,
    tables,
    functions,
  };
  return new Map(gates(field).map((gate) => [gate.what, gate]));
};

const margins = (all: ReadonlyMap<string, Gate>): readonly (number | undefined)[] => [...all.values()].map(({ result }) => result?.margin);

describe('the gates', () => {
  it('are met by an optimiser that is far ahead, but for those that need seven functions', () => {
    const all = gatesOf({ score: 98, regret: 0.5 }, { score: 98 });
    const missed = [...all.values()].filter(({ result }) => result === undefined || result.margin < 0);
    expect(missed.map(({ what }) => what)).toEqual(["at most half of gp's regret"]);
  });

  it('say by how much they are missed', () => {
    const all = gatesOf({ score: 95.5, regret: 3 }, { score: 94.5 });
    expect(all.get('S(60) on T')!.result!.margin).toBeCloseTo(-0.5, 6);
    expect(all.get('S(60) on T minus tpe')!.result!.margin).toBeCloseTo(0, 6);
    expect(all.get('S(60), 8 workers on T minus gp')!.result!.margin).toBeCloseTo(-0.5, 6);
    expect(all.get('S(60) on T, 8 workers minus 1')!.result!.margin).toBeCloseTo(-0.5, 6);
    expect(all.get('regret at 80 on f against gp')!.result!.margin).toBeCloseTo(-0.5, 6);
  });

  it('that ask for an interval are missed while it reaches below 0', () => {
    const gate = '-logECDF on T minus gp';
    expect(gatesOf({ score: 96, spread: 0 }, undefined).get(gate)!.result!.margin).toBeCloseTo(0.025, 6);
    expect(gatesOf({ score: 96, spread: 1 }, undefined).get(gate)!.result!.margin).toBeLessThan(-0.1);
  });

  it('are not measured where runs are too short or missing', () => {
    expect(margins(gatesOf(undefined, undefined)).every((margin) => margin === undefined)).toBe(true);
    const short = gatesOf({ score: 99, trials: 60 }, undefined);
    expect(short.get('S(100) on T')!.result).toBeUndefined();
    expect(short.get('S(60) on T')!.result).toBeDefined();
  });

  it('are printed with their verdicts', () => {
    const lines = gateTable('mine', [
      { what: 'speed', needs: '≥ 1', result: { text: '3', margin: 2 } },
      { what: 'size', needs: '≤ 1', result: { text: '4', margin: -3 } },
      { what: 'taste', needs: '≥ 1', result: undefined },
    ]);
    const text = lines.map((line) => line.trim().split(/ {2,}/).join(' | '));
    expect(text).toContain('speed | ≥ 1 | 3 | met | by 2.0');
    expect(text).toContain('size | ≤ 1 | 4 | MISSED | by 3.0');
    expect(text).toContain('taste | ≥ 1 | not measured');
  });
});
