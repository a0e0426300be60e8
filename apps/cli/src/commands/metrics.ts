/** `sweep metrics TRIAL` */
import type { MetricsView } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, collect, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { plot } from '../show/plot.js';
import { asNumber, metric } from '../show/value.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<trial>', 'ID or SWEEP#NUMBER')
    .option('--key <name>', 'this series; several may be given', collect)
    .option('--plot', 'draw them')
    .option('--samples <count>', 'at most so many points a series; 0 = all', wholeNumber('--samples', 0))
    .option('--attempt <number>', 'of this attempt', wholeNumber('--attempt', 1))
    .action(act(metrics));
  examples(
    command,
    ['sweep metrics k3f9x2ab#17 --key loss --plot', 'the curve, in the terminal'],
    ['sweep metrics a1b2c3d4 -o csv', 'every point'],
  );
}

interface Options {
  readonly key?: readonly string[];
  readonly plot?: true;
  readonly samples?: number;
  readonly attempt?: number;
}

async function metrics(context: Context, trial: string, options: Options): Promise<void> {
  const client = await context.client();
  const view = await client.trialMetrics(trial, {
    samples: options.samples ?? (options.plot ? 500 : 0),
    ...(options.key === undefined ? {} : { keys: options.key }),
    ...(options.attempt === undefined ? {} : { attempt: options.attempt }),
  });
  const missing = (options.key ?? []).filter((key) => !Object.hasOwn(view.series, key));
  if (missing.length > 0) context.notice(`nothing was logged as ${missing.join(', ')}`);
  if (options.plot) return context.write(`${plots(view, process.stdout.columns ?? 80)}\n`);
  if (context.print.format !== 'table' && context.print.format !== 'csv') return context.print.one(view, () => '');
  const rows = rowsOf(view);
  await context.print.list(rows, [
    { title: 'KEY', text: ({ key }) => key },
    { title: 'STEP', align: 'right', text: ({ step }) => metric(step) },
    { title: 'VALUE', align: 'right', text: ({ value }) => metric(value) },
  ]);
}

const rowsOf = ({ series }: MetricsView) =>
  Object.entries(series).flatMap(([key, { steps, values }]) => values.map((value, index) => ({ key, step: steps[index] ?? index, value })));

const plots = ({ series }: MetricsView, width: number): string =>
  Object.entries(series)
    .map(([key, { steps, values }]) =>
      plot(
        key,
        steps.map((step) => asNumber(step) ?? Number.NaN),
        values.map((value) => asNumber(value) ?? Number.NaN),
        { width: Math.min(width, 100), height: 14 },
      ),
    )
    .join('\n\n');
