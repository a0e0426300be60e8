/** `sweep show SWEEP`, and one trial of it with `SWEEP#NUMBER`. */
import { type Client, type DecisionView, pages } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { allAgents } from '../all-agents.js';
import type { Context } from '../context.js';
import { type TrialRecord, trialText } from '../show/trial-text.js';
import { sweepText } from '../show/views.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID; SWEEP#NUMBER for one trial')
    .option('--config', 'the sweep file alone, as it was given')
    .option('--revisions', 'every edit')
    .option('--decisions', 'why things happened, oldest first')
    .action(act(show));
  examples(
    command,
    ['sweep show k3f9x2ab', 'state, counts, best trial; which parameters matter, and what 20 more trials would bring'],
    ['sweep show k3f9x2ab#17', 'one trial: attempts, and why it was proposed, stopped or retried'],
  );
}

interface Options {
  readonly config?: true;
  readonly revisions?: true;
  readonly decisions?: true;
}

async function show(context: Context, sweep: string, options: Options): Promise<void> {
  const client = await context.client();
  if (sweep.includes('#')) {
    const record = await readTrial(client, sweep);
    // Only people need their names.
    const agents = context.print.format === 'table' ? await allAgents(client) : [];
    return context.print.one(record, () => trialText(record, agents, context.now()));
  }
  if (options.revisions) {
    const { items } = await client.listRevisions(sweep);
    return context.print.list(items, [
      { title: 'REVISION', align: 'right', text: ({ revision }) => String(revision) },
      { title: 'PRIORITY', align: 'right', text: ({ priority }) => String(priority) },
      { title: 'PARALLEL', align: 'right', text: ({ parallel }) => String(parallel ?? '') },
      { title: 'RUN CAP', align: 'right', text: ({ runCap }) => String(runCap ?? '') },
      { title: 'BY', text: ({ by }) => by ?? '' },
      { title: 'AT', text: ({ at }) => at },
    ]);
  }
  if (options.decisions) {
    const items: DecisionView[] = [];
    for await (const decision of pages((page) => client.listSweepDecisions(sweep, page))) items.push(decision);
    return context.print.list(items, [
      { title: 'AT', text: ({ at }) => at },
      { title: 'TRIAL', align: 'right', text: ({ trial }) => String(trial ?? '') },
      { title: 'ABOUT', text: ({ about }) => about },
      { title: 'WHY', text: ({ text }) => text },
    ]);
  }
  const view = await client.getSweep(sweep);
  if (options.config) return context.write(view.config);
  // A model that failed, or has no result yet, cannot be asked.
  const askable = view.counts.completed > 0 && view.objective !== null && view.reason !== 'sampler';
  const insight = askable ? await client.importance(sweep) : null;
  await context.print.one({ ...view, insight }, () => sweepText(view, context.now(), insight));
}

async function readTrial(client: Client, reference: string): Promise<TrialRecord> {
  const trial = await client.getTrial(reference);
  const attempts = (await client.trialAttempts(reference)).items;
  const decisions: DecisionView[] = [];
  for await (const decision of pages((page) => client.trialDecisions(reference, page))) decisions.push(decision);
  return { trial, attempts, decisions };
}
