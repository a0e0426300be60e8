/** `sweep agents ls|show|drain|resume|rm` */
import { agentState } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { allAgents } from '../all-agents.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';
import { agentColumns, agentText } from '../show/views.js';

export function configure(command: Command, act: Act): void {
  const ls = command
    .command('ls')
    .description('list agents')
    .option('--state <states>', 'only in these states, separated by commas')
    .action(act(list));
  examples(ls, ['sweep agents ls', 'machines, and what they run'], ['sweep agents ls --state online,draining', 'those that are there']);
  const show = command.command('show').description('show one agent').argument('<agent>').action(act(showOne));
  examples(show, ['sweep agents show a9c2x1b0', 'its slots, GPUs and labels'], ['sweep agents show a9c2x1b0 --json', 'the same as data']);
  const drain = command
    .command('drain')
    .description('no new trials; running ones finish')
    .argument('<agent>')
    .action(act(change('drainAgent')));
  examples(
    drain,
    ['sweep agents drain a9c2x1b0', 'before taking the machine away'],
    ['sweep agents drain a9c2x1b0 --json', 'the agent as data'],
  );
  const resume = command
    .command('resume')
    .description('take trials again, after a drain or out of quarantine')
    .argument('<agent>')
    .action(act(change('resumeAgent')));
  examples(resume, ['sweep agents resume a9c2x1b0', 'the machine is back'], ['sweep agents resume a9c2x1b0 --json', 'the agent as data']);
  const rm = command.command('rm').description('forget an agent that is gone').argument('<agent>').action(act(remove));
  examples(
    rm,
    ['sweep agents rm a9c2x1b0', 'it no longer shows'],
    ['sweep agents drain a9c2x1b0 && sweep agents rm a9c2x1b0', 'one that still runs'],
  );
  examples(command, ['sweep agents ls', 'machines, slots, what they run'], ['sweep agents drain a9c2x1b0', 'before taking a machine away']);
}

const known: readonly string[] = agentState.options;

async function list(context: Context, options: { readonly state?: string }): Promise<void> {
  const states = options.state?.split(',');
  const wrong = states?.find((state) => !known.includes(state));
  if (wrong !== undefined) throw new UsageError(`--state ${wrong}: one of ${known.join(', ')}`);
  const agents = await allAgents(await context.client());
  const found = agents.filter(({ state }) => states?.includes(state) ?? true);
  await context.print.list(found, agentColumns(context.now()));
}

async function showOne(context: Context, agent: string): Promise<void> {
  const view = await (await context.client()).getAgent(agent);
  await context.print.one(view, () => agentText(view, context.now()));
}

function change(method: 'drainAgent' | 'resumeAgent') {
  return async (context: Context, agent: string): Promise<void> => {
    const view = await (await context.client())[method](agent);
    await context.print.one(view, () => `${view.id} is ${view.state}`);
  };
}

async function remove(context: Context, agent: string): Promise<void> {
  await (await context.client()).removeAgent(agent);
  context.notice(`${agent} is removed`);
}
