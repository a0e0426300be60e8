import { parseSweepFile } from '@sweep/sweep-file';
import { describe, expect, it } from 'vitest';
import { type Draft, decimal, draftText, flagsOfProgram, parseParameter } from './draft.js';
import { UsageError } from './exit.js';

const draft = (change: Partial<Draft> = {}): Draft => ({
  program: 'train.py',
  method: 'bayes',
  metric: 'loss',
  goal: 'minimize',
  parameters: [parseParameter('lr=1e-4..1e-1')],
  runCap: null,
  ...change,
});

describe('a first sweep file', () => {
  it.each([
    ['bayes', {}],
    ['grid', { method: 'grid', parameters: ['lr=0.1..0.5', 'opt=adam,sgd', 'n=1..4'].map(parseParameter) }],
    [
      'random',
      {
        method: 'random',
        metric: 'val/acc',
        goal: 'maximize',
        parameters: ['on=yes,no', 'date=2020-01-01', 'epochs=10'].map(parseParameter),
        runCap: 5,
      },
    ],
  ])('for %s has no finding', (_name, change) => {
    const { findings, accepted } = parseSweepFile(draftText(draft(change)));
    expect(findings).toEqual([]);
    expect(accepted).toBe(true);
  });

  it('searches a range of decades by its logarithm, a narrow or whole one as it is', () => {
    expect(parseParameter('lr=0.0001..0.1').log).toBe(true);
    expect(parseParameter('p=0.1..0.9').log).toBe(false);
    expect(parseParameter('width=1..1024').log).toBe(false);
  });

  it('takes what a program declares with argparse', () => {
    const source = `parser.add_argument("--lr", type=float, default=0.001)\nparser.add_argument('--opt', choices=['adam', 'sgd'])\nparser.add_argument("--width", type=int, default=64)\nparser.add_argument("--name")`;
    expect(flagsOfProgram(source)).toMatchObject([
      { name: 'lr', min: '0.000033', max: '0.03', log: true },
      { name: 'opt', values: ['adam', 'sgd'] },
      { name: 'width', min: '16', max: '256' },
    ]);
  });

  it.each(['lr', 'lr=', '=1', 'lr=2..1', 'lr=a..b', 'lr=1..2..3'])('refuses "%s"', (text) =>
    expect(() => parseParameter(text)).toThrow(UsageError),
  );

  it.each([
    ['1e-4', '0.0001'],
    ['-2.5e-3', '-0.0025'],
    ['1.5e3', '1500.0'],
    ['1.25e1', '12.5'],
    ['0.1', '0.1'],
  ])('writes %s as %s', (text, wanted) => expect(decimal(text)).toBe(wanted));
});
