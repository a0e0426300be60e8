/** `sweep tell TRIAL` */
import type { Command } from 'commander';
import { type Act, collect, examples } from '../act.js';
import { parseMetrics, readNumeric } from '../assignment.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';
import { metric } from '../show/value.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<trial>', 'ID or SWEEP#NUMBER')
    .option('--value <number>', "the objective's value; once for each objective, in their order", collect)
    .option('--metric <name=number>', 'what else was measured, what the sweep limits, say; several may be given', collect)
    .option('--state <state>', 'failed or pruned, instead of a value (pruned may have one)')
    .option('--reason <text>', 'kept beside the trial')
    .action(act(tell));
  examples(
    command,
    ['sweep tell k3f9x2ab#17 --value 0.31 --metric latency_ms=40', 'it is done'],
    ['sweep tell k3f9x2ab#17 --state failed --reason diverged', 'it came to nothing'],
  );
}

interface Options {
  readonly value?: readonly string[];
  readonly metric?: readonly string[];
  readonly state?: string;
  readonly reason?: string;
}

const states = ['completed', 'failed', 'pruned'] as const;

async function tell(context: Context, trial: string, { value, metric: metrics, state, reason }: Options): Promise<void> {
  const known = states.find((each) => each === state);
  if (state !== undefined && known === undefined) throw new UsageError(`--state ${state}: one of ${states.join(', ')}`);
  if (value === undefined && state === undefined) throw new UsageError('say how it ended: --value NUMBER, or --state failed|pruned');
  const values = (value ?? []).map((text) => readNumeric(text, '--value'));
  const client = await context.client();
  const view = await client.tellTrial(trial, {
    ...(values.length === 1 ? { value: values[0]! } : {}),
    ...(values.length > 1 ? { values } : {}),
    ...(metrics === undefined ? {} : { metrics: parseMetrics(metrics) }),
    ...(known === undefined ? {} : { state: known }),
    ...(reason === undefined ? {} : { reason }),
  });
  await context.print.one(
    view,
    () => `${view.sweep}#${view.number} is ${view.state}${view.objective === null ? '' : ` with ${metric(view.objective)}`}`,
  );
}
