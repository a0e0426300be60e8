/** What every caller relies on, for any stopping rule. */
import type { Pruner, PrunerDefinition, PrunerOptions, TrialCurve } from '@sweep/optimizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** @param options ones with which the rule stops some trials */
export function prunerContract(definition: PrunerDefinition, options: PrunerOptions): void {
  const open = (goal: 'minimize' | 'maximize' = 'minimize'): Pruner => definition.create(options, goal);

  describe(`the stopping rule ${definition.name}`, () => {
    it('has an opinion on every running trial, in their order, and on no other', () => {
      fc.assert(
        fc.property(curves, (all) => {
          const verdicts = open().decide(all);
          expect(verdicts.map(({ number }) => number)).toEqual(all.filter(({ running }) => running).map(({ number }) => number));
          expect(verdicts.every(({ reason }) => reason.length > 0)).toBe(true);
        }),
      );
    });

    it('decides the same twice', () => {
      fc.assert(
        fc.property(curves, (all) => {
          const pruner = open();
          const first = pruner.decide(all);
          pruner.decide(all.slice(1));
          expect(pruner.decide(all)).toEqual(first);
          expect(open().decide(all)).toEqual(first);
        }),
      );
    });

    it('decides the same however the other trials are ordered', () => {
      fc.assert(
        fc.property(curves, (all) => {
          const stopped = (list: readonly TrialCurve[]): number[] => stops(open(), list).sort((a, b) => a - b);
          expect(stopped([...all].reverse())).toEqual(stopped(all));
        }),
      );
    });

    it('stops nothing that has logged nothing', () => {
      const empty = { running: true, steps: [], values: [] };
      expect(
        stops(
          open(),
          [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => ({ number, ...empty })),
        ),
      ).toEqual([]);
      expect(open().decide([])).toEqual([]);
    });

    it('names its rungs in order, no more than asked', () => {
      const rungs = open().rungs(5);
      expect(rungs.length).toBeLessThanOrEqual(5);
      expect([...rungs].sort((a, b) => a - b)).toEqual(rungs);
    });

    it('declares every option with a description, and takes its defaults', () => {
      expect(definition.options.every(({ describe: text }) => text.length > 10)).toBe(true);
      for (const option of definition.options) {
        if (option.default !== undefined) definition.create({ ...options, [option.name]: option.default }, 'minimize');
      }
    });
  });
}

/** The numbers of the trials that it would stop. */
export function stops(pruner: Pruner, all: readonly TrialCurve[]): number[] {
  return pruner
    .decide(all)
    .filter(({ stop }) => stop)
    .map(({ number }) => number);
}

const value = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -20, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
);

/** Of up to a dozen trials, running and ended, with values that are not finite among theirs. */
export const curves: fc.Arbitrary<readonly TrialCurve[]> = fc
  .array(fc.record({ running: fc.boolean(), values: fc.array(value, { maxLength: 12 }) }), { maxLength: 12 })
  .map((list) => list.map(({ running, values }, index) => ({ number: index + 1, running, values, steps: values.map((_, step) => step) })));
