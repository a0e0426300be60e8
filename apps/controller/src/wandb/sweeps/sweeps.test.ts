import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grid, startTestApp, type TestApp } from '../../../testing/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Answer {
  readonly status: number;
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

async function ask(query: string, variables: object = {}, key?: string): Promise<Answer> {
  const body = JSON.stringify({ query, variables, operationName: '' });
  const headers = { 'content-type': 'application/json' };
  const answer = await app.call('POST', '/graphql', { body, headers, ...(key === undefined ? {} : { key }) });
  return { status: answer.statusCode, ...(answer.json() as object) };
}

const upsert = `mutation UpsertSweep($id: ID, $config: String, $projectName: String, $state: String, $displayName: String, $priorRunsFilters: JSONString) {
  upsertSweep(input: { id: $id, config: $config, projectName: $projectName, state: $state, displayName: $displayName, priorRunsFilters: $priorRunsFilters }) {
    sweep { id name project { name entity { name } } } configValidationWarnings } }`;

const obey = `mutation UpsertSweep($id: ID, $config: String, $controller: JSONString) {
  upsertSweep(input: { id: $id, config: $config, controller: $controller }) { sweep { name } configValidationWarnings } }`;

interface Upserted {
  readonly sweep: { readonly id: string; readonly name: string };
  readonly configValidationWarnings: readonly string[];
}

async function make(config: string, more: object = {}): Promise<Upserted> {
  const { data, errors } = await ask(upsert, { config, projectName: 'p', ...more });
  if (errors !== undefined) throw new Error(errors[0]!.message);
  return (data as { upsertSweep: Upserted }).upsertSweep;
}

async function fields(name: string, selection: string, operation = 'GetSweep'): Promise<Readonly<Record<string, unknown>> | null> {
  const query = `query ${operation}($n: String!) { project(name: "p", entityName: "ada") { sweep(sweepName: $n) { ${selection} } } }`;
  const { data } = await ask(query, { n: name });
  return (data as { project: { sweep: Record<string, unknown> | null } }).project.sweep;
}

/** Alike but for a comment, so that no other test's is taken for it. */
let made = 0;
const fresh = (file: string): string => `# ${++made}\n${file}`;

describe('a sweep that is posted', () => {
  it('reads back as it was posted, with what is known of it', async () => {
    const config = fresh(grid);
    const { sweep, configValidationWarnings } = await make(config, { displayName: 'my sweep' });
    expect(sweep).toMatchObject({ name: expect.stringMatching(/^[a-z0-9]{8}$/), project: { name: 'p', entity: { name: 'ada' } } });
    expect(configValidationWarnings).toEqual([]);
    expect(await fields(sweep.name, 'id name displayName method state bestLoss config runCountExpected controllerRunName')).toEqual({
      id: sweep.id,
      name: sweep.name,
      displayName: 'my sweep',
      method: 'grid',
      state: 'PENDING',
      bestLoss: null,
      config,
      runCountExpected: 6,
      controllerRunName: `scheduler-${sweep.name}`,
    });
  });

  it('is RUNNING to who asks in order to pause it', async () => {
    const { sweep } = await make(fresh(grid));
    expect(await fields(sweep.name, 'state', 'SweepWithRuns')).toEqual({ state: 'RUNNING' });
  });

  it('is the same one when it is posted again at once, and another one when anything differs', async () => {
    const config = fresh(grid);
    const { sweep: first } = await make(config);
    expect((await make(config)).sweep.name).toBe(first.name);
    expect((await make(config, { displayName: 'another' })).sweep.name).not.toBe(first.name);
    expect((await make(config, { projectName: 'q' })).sweep.name).not.toBe(first.name);
  });

  it('is told its warnings', async () => {
    const { configValidationWarnings } = await make(fresh(`${grid}novelty: 1\n`));
    expect(configValidationWarnings.join()).toContain('novelty');
  });

  it('that is wrong is refused with everything that is wrong, and not made', async () => {
    const before = (await app.store.sweeps.list({}, { limit: 1, cursor: null })).total;
    const file = 'method: bayez\nmetric: {name: loss, goal: minimize}\nparameters: {x: {min: 3, max: 1}}\n';
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(upsert, { config: file, projectName: 'p' })));
    for (const { status, errors } of answers) {
      expect(status).toBe(400);
      expect(errors![0]!.message).toMatch(/^Invalid sweep config: method: .*bayez.*; parameters\.x\./);
    }
    expect(await ask(upsert, { projectName: 'p' })).toMatchObject({ status: 400 });
    expect((await app.store.sweeps.list({}, { limit: 1, cursor: null })).total).toBe(before);
  });

  it('may learn from prior runs, which must exist', async () => {
    const run =
      'mutation { upsertBucket(input: { name: "prior001", modelName: "p", config: "{\\"lr\\":{\\"value\\":0.1}}" }) { inserted } }';
    await ask(run);
    const filters = (name: string) => ({ priorRunsFilters: JSON.stringify({ $or: [{ name }] }) });
    const { sweep } = await make(fresh(grid), filters('prior001'));
    expect((await app.engine.sweeps.find(sweep.name)).priorRuns).toEqual(['prior001']);
    expect(await ask(upsert, { config: fresh(grid), projectName: 'p', ...filters('nobody00') })).toMatchObject({ status: 400 });
    expect(await ask(upsert, { config: fresh(grid), projectName: 'p', priorRunsFilters: '{"$and":[]}' })).toMatchObject({ status: 400 });
  });
});

describe('a sweep that is changed', () => {
  it('takes the states that clients send, again as often as they come', async () => {
    const { sweep } = await make(fresh(grid));
    for (const state of ['PAUSED', 'PAUSED', 'RUNNING', 'RUNNING', 'FINISHED', 'FINISHED']) {
      expect(await ask(upsert, { id: sweep.id, state })).toMatchObject({ status: 200 });
      expect(await fields(sweep.name, 'state')).toEqual({ state });
    }
    expect(await ask(upsert, { id: sweep.id, state: 'PAUSED' })).toMatchObject({ status: 400 });
    expect(await ask(upsert, { id: sweep.id, state: 'nonsense' })).toMatchObject({ status: 400 });
  });

  it('takes another file and another name', async () => {
    const { sweep } = await make(fresh(grid));
    const config = fresh(grid.replace('0.3', '0.4, 0.5'));
    await ask(upsert, { id: sweep.id, config, displayName: 'renamed' });
    expect(await fields(sweep.name, 'config displayName runCountExpected')).toEqual({
      config,
      displayName: 'renamed',
      runCountExpected: 8,
    });
    expect((await ask(upsert, { id: sweep.id, config: 'method: nonsense' })).errors![0]!.message).toMatch(/^Invalid sweep config: /);
  });

  it('must exist', async () => {
    expect(await ask(upsert, { id: 'U3dlZXA6YWFhYWFhYWE=', state: 'PAUSED' })).toMatchObject({ status: 404 });
    expect(await fields('aaaaaaaa', 'name')).toBeNull();
    expect(await fields('../etc', 'name')).toBeNull();
  });
});

describe('an agent over GraphQL', () => {
  const create = 'mutation CreateAgent($h: String!, $s: String!) { createAgent(input: { host: $h, sweep: $s }) { agent { id } } }';
  const heartbeat =
    'mutation Heartbeat($id: ID!, $r: JSONString) { agentHeartbeat(input: { id: $id, metrics: "{}", runState: $r }) { agent { id } commands } }';
  const agentOf = async (sweep: string): Promise<string> =>
    ((await ask(create, { h: 'box', s: sweep })).data as { createAgent: { agent: { id: string } } }).createAgent.agent.id;
  const commandsOf = ({ data }: Answer) =>
    JSON.parse((data as { agentHeartbeat: { commands: string } }).agentHeartbeat.commands) as readonly { type: string; run_id: string }[];

  it('is given a run, and is listed with it', async () => {
    const { sweep } = await make(fresh(grid));
    const id = await agentOf(sweep.name);
    const [command] = commandsOf(await ask(heartbeat, { id, r: '{}' }));
    expect(command).toMatchObject({ type: 'run', args: { bs: { value: 16 }, lr: { value: 0.1 } } });
    // What was proposed beside it is no run before somebody has it.
    expect(await fields(sweep.name, 'runCount priorRuns { edges { node { name } } } runs { edges { node { name } } }')).toEqual({
      runCount: 1,
      priorRuns: { edges: [] },
      runs: { edges: [{ node: { name: command!.run_id } }] },
    });
    const selection = 'state runCount agents { edges { node { id host state totalRuns runs { edges { node { name state } } } } } }';
    expect(await fields(sweep.name, selection)).toMatchObject({
      state: 'RUNNING',
      agents: {
        edges: [
          {
            node: {
              id,
              host: 'box',
              state: 'RUNNING',
              totalRuns: 1,
              runs: { edges: [{ node: { name: command!.run_id, state: 'running' } }] },
            },
          },
        ],
      },
    });
  });

  it('is given what a scheduler on the user’s side asks for, in the order of its asking', async () => {
    const enqueue =
      'mutation EnqueueSweepRun($id: ID!, $c: JSONString!, $d: String) { enqueueSweepRun(input: { id: $id, config: $c, displayName: $d }) { id } }';
    const { sweep } = await make(fresh(`scheduler: {engine: optuna}\n${grid.replace('grid', 'custom')}`));
    const id = await agentOf(sweep.name);
    expect(commandsOf(await ask(heartbeat, { id, r: '{}' }))).toEqual([]);
    const config = '{"lr":{"value":0.3},"bs":{"value":32}}';
    const { data } = await ask(enqueue, { id: sweep.id, c: config, d: 'the third' });
    const { id: run } = (data as { enqueueSweepRun: { id: string } }).enqueueSweepRun;
    expect(commandsOf(await ask(heartbeat, { id, r: '{}' }))).toMatchObject([
      { run_id: run, args: { lr: { value: 0.3 }, bs: { value: 32 } } },
    ]);
    expect(await fields(sweep.name, 'runs { edges { node { name displayName } } }')).toEqual({
      runs: { edges: [{ node: { name: run, displayName: 'the third' } }] },
    });
    expect(await ask(enqueue, { id: sweep.id, c: '{"lr":{"value":"high"}}' })).toMatchObject({ status: 400 });
    expect(await ask(enqueue, { id: sweep.id, c: '[]' })).toMatchObject({ status: 400 });
  });

  it('is given what a local controller schedules, which reads back what became of it and says when nothing is left', async () => {
    const { sweep } = await make(fresh(`controller: {type: local}\n${grid}`));
    const id = await agentOf(sweep.name);
    const wish = (document: object) => ask(obey, { id: sweep.id, config: grid, controller: JSON.stringify(document) });
    const state = async () => {
      const { controller, scheduler } = (await fields(sweep.name, 'controller scheduler', 'SweepWithRuns'))!;
      return [JSON.parse(String(controller)), JSON.parse(String(scheduler))];
    };
    expect(commandsOf(await ask(heartbeat, { id, r: '{}' }))).toEqual([]);
    expect(await state()).toEqual([{ schedule: [], earlystop: [] }, { scheduled: [] }]);

    const args = { lr: { value: 0.3 }, bs: { value: 32 } };
    const first = { schedule: [{ id: 'k3f9x2ab0c', data: { args } }] };
    for (let time = 0; time < 2; time++) expect(await wish(first)).toMatchObject({ status: 200 });
    const [waiting, known] = await state();
    const [{ id: run }] = waiting.schedule;
    expect(waiting).toEqual({ schedule: [{ id: run, data: { args } }], earlystop: [] });
    expect(known).toEqual({ scheduled: [{ id: run, runid: run }] });
    // As the client sends it from then on, with what it read.
    expect(await wish({ ...waiting, earlystop: ['nobodyis'] })).toMatchObject({ status: 200 });
    expect(commandsOf(await ask(heartbeat, { id, r: '{}' }))).toMatchObject([{ run_id: run, args }]);
    await ask(heartbeat, { id, r: JSON.stringify({ [run]: true }) });
    expect(await state()).toEqual([{ schedule: [], earlystop: [] }, { scheduled: [{ id: run, runid: run }] }]);

    expect(await wish({ schedule: [], earlystop: [run] })).toMatchObject({ status: 200 });
    expect((await state())[0]).toEqual({ schedule: [], earlystop: [run] });
    expect(await wish({ schedule: [{ id: 'last', data: { args: null } }] })).toMatchObject({ status: 200 });
    expect(await fields(sweep.name, 'state config')).toMatchObject({ state: 'RUNNING', config: expect.stringContaining('local') });
    const last = { body: '{"complete": true, "exitcode": 255}', headers: { 'content-type': 'application/json' } };
    expect((await app.call('POST', `/files/ada/p/${run}/file_stream`, last)).statusCode).toBe(200);
    expect(commandsOf(await ask(heartbeat, { id, r: '{}' }))).toEqual([{ type: 'exit' }]);
    expect(await fields(sweep.name, 'state')).toEqual({ state: 'FINISHED' });
  });

  it('takes from a local controller what is in its form and in the space, and none where the search is ours', async () => {
    const { sweep: ours } = await make(fresh(grid));
    const { sweep: local } = await make(fresh(`controller: {type: local}\n${grid}`));
    const wrong = ['{"schedule": 1}', 'schedule', '[]', '{"schedule": [{"id": "a", "data": {"args": {"lr": {"value": "high"}}}}]}'];
    for (const controller of wrong) expect(await ask(obey, { id: local.id, controller }), controller).toMatchObject({ status: 400 });
    expect(await ask(obey, { id: ours.id, controller: '{}' })).toMatchObject({
      status: 400,
      errors: [{ message: expect.stringContaining('searched here') }],
    });
    expect(await fields(ours.name, 'controller scheduler')).toEqual({ controller: null, scheduler: null });
    expect(JSON.parse(String((await fields(local.name, 'scheduler'))!['scheduler']))).toEqual({ scheduled: [] });
  });

  it('that nobody knows gets 404, and what is no run state 400', async () => {
    expect(await ask(heartbeat, { id: 'nobody', r: '{}' })).toMatchObject({ status: 404 });
    const { sweep } = await make(fresh(grid));
    expect(await ask(heartbeat, { id: await agentOf(sweep.name), r: '[]' })).toMatchObject({ status: 400 });
  });

  it('is not made for a sweep that is unknown or over', async () => {
    expect(await ask(create, { h: 'box', s: 'aaaaaaaa' })).toMatchObject({ status: 400 });
    const { sweep } = await make(fresh(grid));
    await ask(upsert, { id: sweep.id, state: 'FINISHED' });
    expect(await ask(create, { h: 'box', s: sweep.name })).toMatchObject({ status: 400 });
  });
});
