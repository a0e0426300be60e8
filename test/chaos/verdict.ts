/** What a schedule came to: every trial and point is counted in the database and in the agents' journals. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialView } from '@sweep/api';
import { checkInvariants } from '@sweep/store';
import pg from 'pg';
import type { Arena } from './arena.js';
import { drawSchedule, type Fault, type Plan } from './schedule.js';
import { gridSweep, learningSweep, steps } from './training.js';

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

/** Enough work to last as long as the faults do. */
const pointsPerKill = 3;
const endWithinMs = 120_000;

/** Throws faults at an arena that is open, and closes it. */
export async function runSchedule(arena: Arena, plan: Plan, faults: readonly Fault[] = drawSchedule(plan)): Promise<Verdict> {
  const points = Math.max(30, Math.min(600, plan.kills * pointsPerKill));
  const wrong: string[] = [];
  let counted: Omit<Verdict, 'kills' | 'processesLeft' | 'wrong'> = { trials: 0, attempts: 0, lost: 0, doubled: 0, pointsMissing: 0 };
  try {
    const sweeps = [await arena.cluster.create(gridSweep(points)), await arena.cluster.create(learningSweep(Math.ceil(points / 3)))];
    for (const fault of faults) {
      await arena.apply(fault);
      await new Promise((resolve) => setTimeout(resolve, fault.pauseMs));
    }
    await arena.settle();
    for (const { id } of sweeps) {
      const ended = await arena.cluster.finished(id, endWithinMs);
      if (ended.state !== 'completed') wrong.push(`sweep ${ended.name} is ${ended.state}: ${ended.reason}`);
    }
    counted = await count(arena, { grid: sweeps[0]!.id, learning: sweeps[1]!.id, points }, wrong);
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error), ...(await whatStands(arena)));
  }
  const processesLeft = await arena.close();
  if (processesLeft > 0) wrong.push(`${processesLeft} processes were left`);
  return { kills: arena.killed, ...counted, processesLeft, wrong };
}

/** For whoever looks for the reason: who holds what at this moment, and where to read what everybody said. */
async function whatStands(arena: Arena): Promise<readonly string[]> {
  const said = `what everybody said: ${await arena.keepLogs()}`;
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

interface Asked {
  readonly grid: string;
  readonly learning: string;
  readonly points: number;
}

async function count(arena: Arena, { grid, learning, points }: Asked, wrong: string[]) {
  const { cluster } = arena;
  const [gridTrials, learnt] = [await cluster.trials(grid), await cluster.trials(learning)];
  const all = [...gridTrials, ...learnt];
  const ended = all.filter(({ state }) => state === 'completed' || state === 'pruned');
  const covered = gridTrials.map(({ params }) => Number(params['x']));
  const distinct = new Set(covered);
  const unended = all.filter((trial) => !ended.includes(trial));
  for (const { number, state, reason } of unended) wrong.push(`trial ${number} is ${state}: ${reason}`);
  const lost = unended.length + Array.from({ length: points }, (_, point) => point).filter((point) => !distinct.has(point)).length;
  const violations = await checkInvariants(arena.databaseUrl);
  for (const { invariant, what } of violations) wrong.push(`${invariant}: ${what}`);
  const doubled = covered.length - distinct.size + violations.filter(({ invariant }) => invariant === 'I2' || invariant === 'I3').length;
  if (covered.length !== distinct.size) wrong.push(`${covered.length - distinct.size} points of the grid were given twice`);
  let pointsMissing = 0;
  for (const trial of ended) pointsMissing += await missingIn(arena, trial, wrong);
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
