import { createHash } from 'node:crypto';
import { applyTrialEvent, knownPlace, nothingMeasured } from '@sweep/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../../testing/app.js';
import { trialWithKeys, wandbCalls } from '../../../testing/wandb-calls.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const { ask, fields, newRun, stream, upsert } = wandbCalls(() => app);

const line = (step: number, more = ''): string => `{"_step":${step},"_timestamp":${1.79e9 + step}${more}}`;
const lines = (from: number, to: number, more = ''): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => line(from + at, more));
const ended = { rest: { complete: true, exitcode: 0 } };

describe('the history of a trial whose agent measured it', () => {
  const series = (name: string, steps: readonly number[], values: readonly number[]) => ({
    name,
    steps: Float64Array.from(steps),
    values: Float64Array.from(values),
    times: Float64Array.from(steps.map((step) => 1.79e12 + step * 1_000)),
  });

  it('is what its program would have logged, a line a step', async () => {
    const { trial, home } = await trialWithKeys(app);
    const { id: run } = trial;
    const batch = {
      sequence: 1,
      series: [
        series('loss', [0, 1, 5], [3, Number.NaN, 1]),
        series('acc', [1, 5, 5], [0.5, 0.1, 0.75]),
        series('system/cpu', [0, 1], [40, 50]),
      ],
    };
    await app.store.metrics.append([{ run, attempt: 1, batch }]);
    const read = (selection: string) => fields(run, selection, home.modelName);
    expect(await read('history events historyLineCount historyTail')).toEqual({
      history: [
        '{"_step":0,"_timestamp":1790000000,"loss":3}',
        '{"_step":1,"_timestamp":1790000001,"acc":0.5,"loss":NaN}',
        '{"_step":5,"_timestamp":1790000005,"acc":0.75,"loss":1}',
      ],
      events: ['{"system.cpu":40,"_timestamp":1790000000}', '{"system.cpu":50,"_timestamp":1790000001}'],
      historyLineCount: 3,
      historyTail: JSON.stringify(['{"_step":5,"_timestamp":1790000005,"acc":0.75,"loss":1}']),
    });
    expect(await read('history(minStep: 1, maxStep: 5, samples: 4)')).toEqual({
      history: ['{"_step":1,"_timestamp":1790000001,"acc":0.5,"loss":NaN}'],
    });
    expect(await read(`sampledHistory(specs: ["{\\"keys\\":[\\"_step\\",\\"acc\\"]}"])`)).toEqual({
      sampledHistory: [
        [
          { _step: 1, acc: 0.5 },
          { _step: 5, acc: 0.75 },
        ],
      ],
    });
    const { historyKeys } = (await read('historyKeys')) as { historyKeys: { keys: Record<string, object>; lastStep: number } };
    expect([Object.keys(historyKeys.keys), historyKeys.lastStep]).toEqual([['acc', 'loss', '_step'], 5]);
    expect(historyKeys.keys['acc']).toMatchObject({ previousValue: 0.75 });
  });

  it('is none where nothing was measured', async () => {
    const { trial, home } = await trialWithKeys(app);
    expect(await fields(trial.id, 'history historyKeys historyLineCount historyTail', home.modelName)).toEqual({
      history: [],
      historyKeys: null,
      historyLineCount: 0,
      historyTail: '[]',
    });
  });
});

describe('rewinding', () => {
  const rewind = async (run: string, step: number, key?: string) =>
    (
      await ask(
        'mutation R($i: RewindRunInput!) { rewindRun(input: $i) { rewoundRun { historyLineCount summaryMetrics } } }',
        { i: { runName: run, projectName: 'p', metricName: '_step', metricValue: step } },
        key,
      )
    ).data as unknown as { rewindRun: { rewoundRun: { historyLineCount: number; summaryMetrics: string } } };

  it.each([
    [3, 2, '{"_step":2,"a":2}'],
    [2, 2, '{"_step":2,"a":2}'],
    [4, 3, '{"_step":4,"a":3}'],
    [100, 4, '{"_step":10,"a":4}'],
    [-1, 0, '{}'],
  ])('to step %i keeps the %i lines up to it, gaps or not', async (step, kept, summary) => {
    const name = `rewound-${step + 1}`;
    await newRun(name);
    await stream(name, { history: ['{"_step":0,"a":1}', '{"_step":2,"a":2}', '{"_step":4,"a":3}', '{"_step":10,"a":4}'], ...ended });
    expect((await rewind(name, step)).rewindRun.rewoundRun).toEqual({ historyLineCount: kept, summaryMetrics: summary });
    expect(await fields(name, 'state historyLineCount')).toEqual({ state: 'running', historyLineCount: kept });
  });

  it('is of the lines of the attempt that asks, not of the current one', async () => {
    const { trial, keyOf, home } = await trialWithKeys(app);
    const { id: run } = trial;
    const write = (attempt: number, content: readonly string[]) =>
      app.store.lines.write({
        run,
        attempt,
        blocks: [{ stream: 'history', offset: 0, lines: content }],
        decide: () => ({ change: {}, series: [] }),
      });
    await write(1, lines(0, 9));
    await app.store.runs.change(run, () => ({ attempt: 2 }));
    await write(2, [line(0), line(5), line(6)]);
    const input = { runName: run, projectName: home.modelName, metricName: '_step', metricValue: 5 };
    const { data } = await ask(
      'mutation R($i: RewindRunInput!) { rewindRun(input: $i) { rewoundRun { historyLineCount } } }',
      { i: input },
      await keyOf(1),
    );
    expect(data).toEqual({ rewindRun: { rewoundRun: { historyLineCount: 6 } } });
    const count = (attempt: number) => app.store.lines.count({ run, attempt, stream: 'history' });
    expect([await count(1), await count(2)]).toEqual([6, 3]);
  });
});

describe('a fork', () => {
  const at = (run: string, step: number) => ({
    config: JSON.stringify({ lr: { value: 1 }, _wandb: { value: { branch_point: { run_id: run, step } } } }),
  });

  it('has the history of its origin up to the step, and goes on behind it', async () => {
    await newRun('origin');
    await stream('origin', { history: lines(0, 9, ',"loss":2'), ...ended });
    const { bucket } = await newRun('forked', at('origin', 4));
    expect(bucket.historyLineCount).toBe(5);
    expect(await fields('forked', 'summaryMetrics')).toEqual({ summaryMetrics: line(4, ',"loss":2') });
    await stream('forked', { history: lines(5, 7, ',"loss":1'), offset: 5, ...ended });
    expect(await fields('forked', 'history historyLineCount')).toEqual({
      history: [...lines(0, 4, ',"loss":2'), ...lines(5, 7, ',"loss":1')],
      historyLineCount: 8,
    });
    expect(await fields('origin', 'historyLineCount')).toEqual({ historyLineCount: 10 });
    const { series } = (await app.call('GET', `/api/v1/runs/forked/metrics?keys=loss`)).json() as {
      series: { loss: { values: number[] } };
    };
    expect(series.loss.values).toEqual([2, 2, 2, 2, 2, 1, 1, 1]);
  });

  it('that begins anew, or is synced twice, does so behind its origin; one that is resumed goes on', async () => {
    await newRun('origin-2');
    await stream('origin-2', { history: lines(0, 3), ...ended });
    await newRun('forked-2', at('origin-2', 1));
    await stream('forked-2', { history: lines(2, 6), offset: 2, ...ended });
    const { bucket } = await newRun('forked-2', at('origin-2', 1));
    expect(bucket.historyLineCount).toBe(2);
    await stream('forked-2', { history: lines(2, 4), offset: 2, ...ended });
    expect(await fields('forked-2', 'history')).toEqual({ history: lines(0, 4) });
    await newRun('forked-2', at('origin-2', 1));
    await stream('forked-2', { history: lines(5, 6), offset: 5, ...ended });
    expect(await fields('forked-2', 'history')).toEqual({ history: lines(0, 6) });
  });

  it('of a run that is not there is refused by name, and later forked all the same', async () => {
    const { status, errors } = await upsert({ name: 'forked-3', ...at('origin-3', 1) });
    expect([status, errors![0]!.message]).toEqual([404, 'there is no run ada/p/origin-3 to fork from']);
    await newRun('origin-3');
    await stream('origin-3', { history: lines(0, 3), ...ended });
    expect((await newRun('forked-3', at('origin-3', 1))).bucket.historyLineCount).toBe(2);
  });

  it('that names itself was rewound, and has nothing to take over', async () => {
    expect((await newRun('itself', at('itself', 3))).bucket.historyLineCount).toBe(0);
  });
});

describe('a run that was resumed offline and is synced again', () => {
  const events = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `{"system.cpu":1,"_timestamp":${1.79e9 + from + at},"_runtime":${from + at}}`);
  const output = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => JSON.stringify({ ts: `2026-01-01T00:00:00.${from + at}Z`, content: 'same text' }));

  it('stays as it was, whatever part of it a request carries', async () => {
    const name = 'synced';
    await newRun(name);
    const send = (parts: readonly (readonly [number, number])[], behind: number) =>
      parts.reduce(async (before, [from, to]) => {
        await before;
        await stream(name, {
          history: lines(from, to - 1, ',"a":1'),
          offset: behind + from - 3,
          files: {
            'wandb-events.jsonl': { offset: behind + from - 3, content: events(from, to) },
            'output.log': { offset: behind + from - 3, content: output(from, to) },
          },
        });
      }, Promise.resolve());
    await send([[3, 6]], 0);
    await stream(name, ended);
    const selection = 'history events historyLineCount eventsLineCount logLineCount';
    // The offline run goes on behind these three.
    await newRun(name);
    await send([[6, 20]], 0);
    await stream(name, ended);
    const once = await fields(name, selection);
    expect(once).toMatchObject({ historyLineCount: 17, eventsLineCount: 17, logLineCount: 17 });
    // And again, behind its end, in other portions.
    await newRun(name);
    await send(
      [
        [6, 8],
        [8, 13],
        [13, 20],
      ],
      14,
    );
    await stream(name, ended);
    expect(await fields(name, selection)).toEqual(once);
  });

  it('has what is new in it appended', async () => {
    await newRun('grown');
    await stream('grown', { history: lines(0, 4), ...ended });
    await newRun('grown');
    await stream('grown', { history: lines(3, 6), offset: 5 });
    await stream('grown', { history: lines(7, 8), offset: 9, ...ended });
    expect(await fields('grown', 'history historyLineCount')).toEqual({ history: lines(0, 8), historyLineCount: 9 });
  });

  it('keeps lines of the same step that were logged at another time', async () => {
    await newRun('stepped');
    await stream('stepped', { history: ['{"_step":0,"_timestamp":1}', '{"_step":1,"_timestamp":2}'], ...ended });
    await newRun('stepped');
    await stream('stepped', { history: ['{"_step":1,"_timestamp":3}'], offset: 2, ...ended });
    expect(await fields('stepped', 'historyLineCount')).toEqual({ historyLineCount: 3 });
  });
});

describe('a client that resumes', () => {
  const status = 'query R($r: String!) { model(name: "p", entityName: "ada") { bucket(name: $r, missingOk: true) { historyLineCount } } }';

  it('is told where to go on in both answers, and begins anew once it went on', async () => {
    await newRun('resumed');
    await stream('resumed', { history: lines(0, 4), ...ended });
    expect((await ask(status, { r: 'resumed' })).data).toEqual({ model: { bucket: { historyLineCount: 5 } } });
    expect((await newRun('resumed')).bucket.historyLineCount).toBe(5);
    await stream('resumed', { history: lines(5, 6), offset: 5, ...ended });
    expect((await newRun('resumed')).bucket.historyLineCount).toBe(0);
    expect((await ask(status, { r: 'never-begun' })).data).toEqual({ model: { bucket: null } });
  });

  it('asking as somebody who may only read changes nothing for its owner', async () => {
    await newRun('read-only');
    await stream('read-only', { history: lines(0, 4), ...ended });
    const { trial, keyOf } = await trialWithKeys(app);
    await ask(status, { r: 'read-only' }, await keyOf(1));
    expect(trial.state).toBe('running');
    expect((await newRun('read-only')).bucket.historyLineCount).toBe(0);
  });
});

describe('what is left of a program whose W&B agent was lost', () => {
  it('writes under its own attempt, changes nothing of the one that an agent of ours has now, and is told to stop', async () => {
    const { trial, path, home } = await trialWithKeys(app);
    const sweep = (await app.store.sweeps.find(trial.sweep))!;
    const { id: agent } = await app.engine.wandbAgents.create(sweep, 'box', 'wandb');
    const [command] = JSON.parse(await app.engine.wandbAgents.heartbeat(agent, [])) as { run_id: string }[];
    const run = command!.run_id;
    const orphan = path.replace(trial.id, run);
    await newRun(run, home);
    await stream(run, { history: lines(0, 2, ',"loss":9'), path: orphan });
    const held = (await app.store.trials.find(run as never))!;
    await app.store.agents.connect({ ...(await app.store.agents.find(agent))!, id: 'ours' as never, name: 'ours', sweep: null });
    const rules = { retry: null, objectives: ['loss'], now: await app.store.now(), place: knownPlace };
    const lost = applyTrialEvent(held, { kind: 'lost', measured: nothingMeasured }, rules);
    if (lost.kind === 'moved') await app.store.trials.move(held, { ...lost.move, notBefore: null }, {});
    await app.store.trials.leaseOne(held.id, { id: 'ours-lease', agent: 'ours', slot: 0, ttlMs: 60_000 } as never);
    expect(await app.store.attempts.findByRun(run as never)).toMatchObject({ number: 2, agent: 'ours' });
    // Its program reports by wandb too, with the key of its attempt.
    const secret = 'n'.repeat(40);
    const [user] = await app.store.keys.listUsers();
    await app.store.keys.create(
      {
        id: 'ours-key' as never,
        user: user!.id,
        name: 'k',
        scope: 'attempt',
        expiresAt: null,
        trial: held.id,
        attempt: 2,
        project: sweep.project,
      },
      createHash('sha256').update(secret).digest('hex'),
    );
    await newRun(run, home, secret);
    await stream(run, { history: lines(0, 0, ',"loss":1'), path: orphan, key: secret });
    await newRun(run, { ...home, notes: 'from the past' });
    const answer = await stream(run, { history: lines(3, 4, ',"loss":8'), offset: 3, path: orphan });
    expect(answer).toMatchObject({ status: 200, body: { stopped: true } });
    expect(await app.store.runs.record(run as never)).toMatchObject({ attempt: 2, historyLines: 1, notes: null });
    const count = (attempt: number) => app.store.lines.count({ run: run as never, attempt, stream: 'history' });
    expect([await count(1), await count(2)]).toEqual([5, 1]);
  });
});
