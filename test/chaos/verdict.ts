/** What a schedule came to: every trial and point is counted in the database and in the agents' journals. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepView, TrialView } from '@sweep/api';
import { checkInvariants } from '@sweep/store';
import pg from 'pg';
import type { Arena } from './arena.js';
import { drawSchedule, type Fault, type Plan } from './schedule.js';
import { steps } from './training.js';
import { keepBusy } from './work.js';

export interface Verdict {
  readonly kills: number;
  readonly trials: number;
  readonly attempts: number;
  readonly lost: number;
  readonly doubled: number;
  readonly pointsMissing: number;
  readonly processesLeft: number;
  /** Sentences; empty when all is well. */
  readonly wrong: readonly string[];
}

export const lineOf = (verdict: Verdict): string =>
  `kills ${verdict.kills}, trials ${verdict.trials}, attempts ${verdict.attempts}, lost ${verdict.lost}, doubled ${verdict.doubled}, ` +
  `points missing ${verdict.pointsMissing}, processes left ${verdict.processesLeft}`;

/** Throws faults at an arena that is open, and closes it. */
export async function runSchedule(arena: Arena, plan: Plan, faults: readonly Fault[] = drawSchedule(plan)): Promise<Verdict> {
  const wrong: string[] = [];
  let counted: Omit<Verdict, 'kills' | 'processesLeft' | 'wrong'> = { trials: 0, attempts: 0, lost: 0, doubled: 0, pointsMissing: 0 };
  try {
    const work = await keepBusy(arena.cluster, plan.kills);
    for (const fault of faults) {
      await arena.apply(fault);
      await new Promise((resolve) => setTimeout(resolve, fault.pauseMs));
    }
    await arena.settle();
    counted = await count(arena, await work.end(), wrong);
    if (wrong.length > 0) wrong.push(await whatWasSaid(arena));
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error), ...(await whatStands(arena)));
  }
  const processesLeft = await arena.close();
  if (processesLeft > 0) wrong.push(`${processesLeft} processes were left`);
  return { kills: arena.killed, ...counted, processesLeft, wrong };
}

const whatWasSaid = async (arena: Arena): Promise<string> => `what everybody said: ${await arena.keepLogs()}`;

/** For whoever looks for the reason: who holds what at this moment, and where to read what everybody said. */
async function whatStands(arena: Arena): Promise<readonly string[]> {
  const said = await whatWasSaid(arena);
  try {
    const { client } = arena.cluster;
    const agents = (await client.listAgents()).items.map(({ id, name, state, slots }) => ({ id, name, state, slots }));
    return [JSON.stringify(agents), ...(await liveTrials(arena.databaseUrl)), said];
  } catch (error) {
    return [`no controller answers: ${String(error)}`, said];
  }
}

async function liveTrials(databaseUrl: string): Promise<readonly string[]> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const { rows } = await database.query(
      `SELECT id, number, state, attempt, lease_agent, lease_id, lease_expires_at - sweep_now() AS left, not_before - sweep_now() AS waits
       FROM trials WHERE state IN ('queued', 'running', 'stopping') LIMIT 20`,
    );
    return rows.map((row) => JSON.stringify(row));
  } finally {
    await database.end();
  }
}

async function count(arena: Arena, sweeps: readonly SweepView[], wrong: string[]) {
  const all: TrialView[] = [];
  let [lost, doubled] = [0, 0];
  for (const sweep of sweeps) {
    if (sweep.state !== 'completed') wrong.push(`sweep ${sweep.name} is ${sweep.state}: ${sweep.reason}`);
    const trials = await arena.cluster.trials(sweep.id);
    const unended = trials.filter(({ state }) => state !== 'completed' && state !== 'pruned');
    for (const { number, state, reason } of unended) wrong.push(`trial ${number} of ${sweep.name} is ${state}: ${reason}`);
    // Of a grid every point must be there; of the other as many trials as it may have.
    const distinct = new Set(trials.map(({ number, params }) => (sweep.method === 'grid' ? params['x'] : number))).size;
    if (trials.length !== distinct) wrong.push(`${trials.length - distinct} points of ${sweep.name} were given twice`);
    if (sweep.expectedTrials !== distinct) wrong.push(`${sweep.name} has ${distinct} of ${sweep.expectedTrials} trials`);
    lost += unended.length + Math.max(0, (sweep.expectedTrials ?? 0) - distinct);
    doubled += trials.length - distinct;
    all.push(...trials);
  }
  const violations = await checkInvariants(arena.databaseUrl);
  for (const { invariant, what } of violations) wrong.push(`${invariant}: ${what}`);
  doubled += violations.filter(({ invariant }) => invariant === 'I2' || invariant === 'I3').length;
  let pointsMissing = 0;
  for (const trial of all)
    if (trial.state === 'completed' || trial.state === 'pruned') pointsMissing += await missingIn(arena, trial, wrong);
  for (const { name, workdir } of arena.boxes) wrong.push(...(await journalFaults(arena, name, workdir)));
  return { trials: all.length, attempts: all.reduce((sum, { attempts }) => sum + attempts, 0), lost, doubled, pointsMissing };
}

/** A completed trial has every step once and in order; a pruned one the first of them. */
async function missingIn(arena: Arena, trial: TrialView, wrong: string[]): Promise<number> {
  const { series } = await arena.cluster.client.trialMetrics(trial.id, { keys: ['loss'], samples: 0 });
  const seen = (series['loss']?.steps ?? []).map(Number);
  const wanted = trial.state === 'completed' ? steps : seen.length;
  const expected = Array.from({ length: wanted }, (_, step) => step);
  if (seen.length === wanted && seen.every((step, index) => step === expected[index])) return 0;
  wrong.push(`trial ${trial.number} (${trial.state}) has steps ${seen.join(' ')}`);
  return Math.max(1, expected.filter((step) => !seen.includes(step)).length);
}

interface JournalLine {
  readonly leaseId: string;
  readonly record: { readonly state: string; readonly grant: { readonly trialId: string } } | null;
}

/** When all is over an agent holds nothing: what it still has in hand was forgotten by somebody. */
async function journalFaults({ cluster }: Arena, name: string, workdir: string): Promise<readonly string[]> {
  const lines = readFileSync(join(workdir, 'journal.jsonl'), 'utf8').split('\n');
  const last = new Map<string, JournalLine['record']>();
  for (const line of lines) {
    const parsed = parse(line);
    if (parsed !== null) last.set(parsed.leaseId, parsed.record);
  }
  const held = [...last].flatMap(([lease, record]) => (record === null ? [] : [{ lease, record }]));
  const faults: string[] = [];
  for (const { lease, record } of held) {
    const { items } = await cluster.client.trialAttempts(record.grant.trialId);
    if (items.every(({ endedAt }) => endedAt !== null)) continue;
    faults.push(`the journal of ${name} holds lease ${lease} (${record.state}), and the trial has an attempt without an end`);
  }
  return faults;
}

/** Null for what a kill or a full disk cut off. */
function parse(line: string): JournalLine | null {
  try {
    return line === '' ? null : (JSON.parse(line) as JournalLine);
  } catch {
    return null;
  }
}
