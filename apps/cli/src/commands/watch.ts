/** `sweep watch SWEEP`: until it ends. */
import type { Client, TrialView } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { allAgents } from '../all-agents.js';
import type { Context } from '../context.js';
import { type ExitCode, exit } from '../exit.js';
import { frame, type Moment, progressLine } from '../live/frame.js';
import { looks } from '../live/wait.js';
import { asNumber } from '../show/value.js';
import { endedSweep } from '../show/views.js';

export function configure(command: Command, act: Act): void {
  command.argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID').action(act(watch));
  examples(
    command,
    ['sweep watch k3f9x2ab', 'a table that is redrawn; ends with the sweep'],
    ['sweep watch k3f9x2ab | tee progress.log', 'a line for each change'],
  );
}

const everyMs = 1000;
/** Curves are fetched for so many trials: more lines do not fit. */
const mostCurves = 16;

async function watch(context: Context, sweep: string): Promise<ExitCode> {
  const client = await context.client();
  const last = ({ sweep: { state } }: Moment): boolean => endedSweep(state);
  const draw = context.live ? await liveDrawing(context) : plainDrawing(context);
  let failed = false;
  try {
    for await (const moment of looks(() => look(context, client, sweep), { everyMs, last, onAway: draw.away })) {
      draw.moment(moment);
      failed = moment.sweep.state === 'failed';
    }
  } finally {
    draw.done();
  }
  return failed ? exit.failed : exit.done;
}

async function look(context: Context, client: Client, id: string): Promise<Moment> {
  const sweep = await client.getSweep(id);
  if (!context.live) return { sweep, running: [], curves: new Map(), agents: [], now: context.now() };
  const [{ items: running }, agents] = await Promise.all([
    client.listTrials(id, { state: ['running', 'stopping'], limit: 100 }),
    allAgents(client),
  ]);
  const curves = sweep.objective === null ? new Map() : await curvesOf(client, running.slice(0, mostCurves), sweep.objective.name);
  return { sweep, running, curves, agents, now: context.now() };
}

async function curvesOf(client: Client, trials: readonly TrialView[], key: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const views = await Promise.all(trials.map(({ id }) => client.trialMetrics(id, { keys: [key], samples: 100 })));
  return new Map(
    views.map(({ series }, index) => [trials[index]!.id, (series[key]?.values ?? []).map((value) => asNumber(value) ?? Number.NaN)]),
  );
}

interface Drawing {
  moment(moment: Moment): void;
  away(): void;
  done(): void;
}

async function liveDrawing({ colors }: Context): Promise<Drawing> {
  const { default: logUpdate } = await import('log-update');
  let shown = '';
  return {
    moment(moment) {
      shown = frame(moment, { width: process.stdout.columns ?? 80, height: process.stdout.rows ?? 24, colors });
      logUpdate(shown);
    },
    away: () => logUpdate(`${shown}\n${colors.yellow('the controller does not answer; waiting for it')}`),
    done: () => logUpdate.done(),
  };
}

function plainDrawing({ write, notice, print }: Context): Drawing {
  let shown = '';
  let away = false;
  return {
    moment({ sweep }) {
      away = false;
      const line = print.format === 'table' ? `${progressLine(sweep)}\n` : `${JSON.stringify(sweep)}\n`;
      if (line !== shown) write(line);
      shown = line;
    },
    away() {
      if (!away) notice('the controller does not answer; waiting for it');
      away = true;
    },
    done: () => undefined,
  };
}
