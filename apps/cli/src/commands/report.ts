/** `sweep report TRIAL K=V…` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { parseMetrics, wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<trial>', 'ID or SWEEP#NUMBER')
    .argument('<metric=value...>', 'numbers; nan and inf are allowed')
    .option('--step <step>', 'the step they belong to', wholeNumber('--step', 0))
    .action(act(report));
  examples(
    command,
    ['sweep report k3f9x2ab#17 loss=0.4 acc=0.91 --step 3', 'prints "go on" or "stop"'],
    ['sweep report k3f9x2ab#17 loss=0.4 --step 3 --json', 'the same with the reason, for programs'],
  );
}

async function report(context: Context, trial: string, texts: string[], { step }: { readonly step?: number }): Promise<void> {
  const client = await context.client();
  const answer = await client.reportTrial(trial, { metrics: parseMetrics(texts), ...(step === undefined ? {} : { step }) });
  await context.print.one(answer, () => `${answer.stop ? 'stop' : 'go on'}${answer.reason === null ? '' : `: ${answer.reason}`}`);
}
