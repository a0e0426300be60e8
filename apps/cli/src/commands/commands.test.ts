import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeCommand } from '../../testing/build-command.js';
import { FakeController, goodKey, problem } from '../../testing/fake-controller.js';
import { type Ended, ended, Home, type RunOptions, until } from '../../testing/run-sweep.js';

let fake: FakeController;
let home: Home;

beforeEach(async () => {
  [fake, home] = [await new FakeController().open(), await Home.open()];
  fake.addSweep();
});
afterEach(async () => {
  await fake.close();
  await home.close();
});

afterAll(removeCommand);

const sweep = (args: readonly string[], options: RunOptions = {}): Promise<Ended> =>
  home.run(args, { ...options, env: { SWEEP_URL: fake.url, SWEEP_API_KEY: goodKey, ...options.env } });

const file = 'program: train.py\nmethod: grid\nparameters:\n  lr: {values: [0.1, 0.2]}\n';

describe('exit codes and streams', () => {
  it('0: the result on stdout, nothing else there', async () => {
    const { code, stdout, stderr } = await sweep(['ls', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ id: 'k3f9x2ab' }]);
    expect(stderr).toBe('');
  });

  it('1: the operation failed, with the current state', async () => {
    fake.addSweep({ state: 'completed' });
    const { code, stdout, stderr } = await sweep(['pause', 'k3f9x2ab']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('is completed');
  });

  it('2: wrong usage, with what was perhaps meant', async () => {
    expect(await sweep(['crate'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Did you mean create?') });
    expect(await sweep(['ls', '--sate', 'x'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean --state?') });
    expect(await sweep(['ls', '--jsn'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean --json?') });
    expect(await sweep(['help', 'crate'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Did you mean create?') });
    expect(await sweep(['agents', 'ls', '--state', 'gone'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('online, draining'),
    });
    expect(await sweep(['check', 'nope.yaml'])).toMatchObject({
      code: 2,
      stderr: 'error: nope.yaml cannot be read: there is no such file\n',
    });
    expect(await sweep(['ls', '-o', 'xml'])).toMatchObject({ code: 2, stderr: expect.stringContaining('one of table, json') });
    expect(fake.seen).toHaveLength(0);
  });

  it('help of a command is the same by both ways, whole', async () => {
    const [flag, word] = [await sweep(['create', '--help']), await sweep(['help', 'create'])];
    expect(word).toEqual(flag);
    expect(word).toMatchObject({ code: 0, stdout: expect.stringContaining('--prior-run'), stderr: '' });
    expect(word.stdout).toContain('Global flags: --url');
  });

  it('2: a wrong setting, with its name, value, place and what is allowed', async () => {
    const { code, stderr } = await sweep(['ls'], { env: { SWEEP_PORT: 'http' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/port: "http" \(from environment variable SWEEP_PORT\) is not allowed: 0 to 65535/);
  });

  it('2: the controller refuses the file, with the places', async () => {
    await writeFile(join(home.folder, 'sweep.yaml'), `# refuse-me\n${file}`);
    const { code, stderr } = await sweep(['create', 'sweep.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('2:3 method: no [E-METHOD]');
  });

  it('3: no such thing', async () =>
    expect(await sweep(['show', 'nope0000'])).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('nope0000') }));

  it('4: not logged in, and how to', async () => {
    const { code, stderr } = await sweep(['ls'], { env: { SWEEP_API_KEY: undefined } });
    expect(code).toBe(4);
    expect(stderr).toContain('sweep login');
  });

  it('5: nobody answers, with the address', async () => {
    const { code, stderr } = await sweep(['ls', '--url', 'http://127.0.0.1:1234']);
    expect(code).toBe(5);
    expect(stderr).toContain('http://127.0.0.1:1234');
  });

  it('130 and 143: interrupted', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const child = home.start(['watch', 'k3f9x2ab'], { env: { SWEEP_URL: fake.url, SWEEP_API_KEY: goodKey } });
      const end = ended(child);
      const before = fake.seen.length;
      await until(() => fake.seen.length > before, 'the first look');
      child.kill(signal);
      expect((await end).code).toBe(code);
    }
  });

  it('waits as long as a busy controller asks, then goes on', async () => {
    fake.outOfOrder.push(problem(503, 'unavailable', 'busy'));
    expect((await sweep(['show', 'k3f9x2ab'])).code).toBe(5);
    expect((await sweep(['show', 'k3f9x2ab'])).code).toBe(0);
  });
});

describe('the key', () => {
  it('is read from the file of --api-key-file', async () => {
    await writeFile(join(home.folder, 'key'), `${goodKey}\n`);
    expect((await sweep(['ls', '--api-key-file', 'key'], { env: { SWEEP_API_KEY: 'wrong' } })).code).toBe(0);
  });

  it('is kept by `login`, for this user alone', async () => {
    const env = { SWEEP_API_KEY: undefined, SWEEP_URL: undefined };
    expect(await sweep(['login', fake.url], { stdin: `${goodKey}\n`, env })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('as me'),
    });
    expect((await stat(join(home.folder, 'config/sweep/credentials'))).mode & 0o777).toBe(0o600);
    expect((await sweep(['ls', '--url', fake.url], { env })).code).toBe(0);
  });

  it('that is wrong is not kept', async () => {
    const { code } = await sweep(['login', fake.url], { stdin: 'x'.repeat(40) });
    expect(code).toBe(4);
    await expect(stat(join(home.folder, 'config/sweep/credentials'))).rejects.toThrow();
  });

  it('is printed alone when it is made', async () => {
    const { stdout } = await sweep(['key', 'create', 'laptop', '--scope', 'agent', '--expires', '2h']);
    expect(stdout).toBe(`${'s'.repeat(40)}\n`);
    expect(JSON.parse(fake.last('POST', /keys$/)!.body.toString())).toEqual({ name: 'laptop', scope: 'agent', expiresInSeconds: 7200 });
  });
});

describe('the controller that is talked to', () => {
  it('is the one in the data folder, when none is named', async () => {
    await mkdir(join(home.folder, 'data/sweep'), { recursive: true });
    await writeFile(
      join(home.folder, 'data/sweep/server.json'),
      JSON.stringify({ url: fake.url, grpcUrl: '', pid: 1, version: '', startedAt: '' }),
    );
    expect((await sweep(['ls'], { env: { SWEEP_URL: undefined } })).code).toBe(0);
  });

  it('is the flag’s rather than the environment’s, and the file’s only without both', async () => {
    await writeFile(join(home.folder, 'sweep.config.yaml'), `url: ${fake.url}\n`);
    expect((await sweep(['ls'], { env: { SWEEP_URL: undefined } })).code).toBe(0);
    expect((await sweep(['ls'], { env: { SWEEP_URL: 'http://127.0.0.1:1234' } })).code).toBe(5);
    expect((await sweep(['--url', fake.url, 'ls'], { env: { SWEEP_URL: 'http://127.0.0.1:1234' } })).code).toBe(0);
  });
});

describe('sweep create', () => {
  it('prints the id, the URL and, last, the line that starts an agent', async () => {
    const { code, stdout } = await sweep(['create', '-'], { stdin: file });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(['new00001', `${fake.url}/me/mnist/sweeps/new00001`, 'sweep agent new00001']);
  });

  it('sends the file with what the flags change', async () => {
    await sweep(
      [
        'create',
        '-',
        '--set',
        'parameters.lr.values=[0.5]',
        '--set',
        'run_cap=3',
        '--name',
        'mine',
        '--project',
        'me/p',
        '--prior-run',
        'a',
        '--prior-run',
        'b',
      ],
      { stdin: file },
    );
    const body = JSON.parse(fake.last('POST', /sweeps$/)!.body.toString()) as { config: string };
    expect(body).toMatchObject({ project: 'me/p', priorRuns: ['a', 'b'] });
    expect(body.config).toMatch(/name: mine/);
    expect(body.config).toMatch(/run_cap: 3/);
    expect(body.config).toMatch(/values: \[ ?0\.5 ?\]/);
  });

  it('refuses a bad file itself, with a caret', async () => {
    const { code, stderr } = await sweep(['create', '-'], { stdin: 'method: gird\nparameters: {a: {value: 1}}\n' });
    expect(code).toBe(2);
    expect(stderr).toContain('<stdin>:1:9');
    expect(stderr).toContain('^^^^');
    expect(fake.seen).toHaveLength(0);
  });

  it('refuses warnings only when it is strict', async () => {
    const stdin = `${file}colour: red\n`;
    expect((await sweep(['create', '-', '--strict'], { stdin })).code).toBe(2);
    expect((await sweep(['create', '-'], { stdin })).code).toBe(0);
  });

  it('ships the working folder before the sweep is made', async () => {
    await writeFile(join(home.folder, 'train.py'), 'print(1)');
    await sweep(['create', '-'], { stdin: `${file}code: {ship: true, include: ['*.py']}\n` });
    const { code } = JSON.parse(fake.last('POST', /sweeps$/)!.body.toString()) as { code: { hash: string; size: number } };
    const stored = fake.blobs.get(code.hash)!;
    expect(stored).toHaveLength(code.size);
    expect(createHash('sha256').update(stored).digest('hex')).toBe(code.hash);
  });

  /** Created, looked at once while it runs, and then failed. */
  async function waitedFor(...flags: readonly string[]) {
    const child = home.start(['create', '-', '--wait', ...flags], { stdin: '', env: { SWEEP_URL: fake.url, SWEEP_API_KEY: goodKey } });
    child.stdin!.end(file);
    const end = ended(child);
    await until(() => fake.last('GET', /sweeps\/new00001$/) !== undefined, 'the first look');
    expect(child.exitCode).toBeNull();
    fake.addSweep({ id: 'new00001', state: 'failed', reason: 'failures' });
    return await end;
  }

  it('with --wait goes on until the sweep ends, and fails if it failed', async () => {
    const { code, stdout, stderr } = await waitedFor();
    expect(code).toBe(1);
    expect(stdout.trim().split('\n').at(-1)).toBe('sweep agent new00001');
    expect(stderr).toContain('failed (failures)');
  });

  it('with --wait tells a program what came of it, not what it began as', async () => {
    const { code, stdout } = await waitedFor('--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'new00001', state: 'failed', reason: 'failures' });
  });
});

describe('lists', () => {
  beforeEach(() => {
    for (const number of [1, 2, 3, 4])
      fake.addTrial(number, number === 4 ? { state: 'failed', objective: null, summary: {}, reason: 'exit code 3' } : {});
  });

  it('of nothing say what to do next', async () => {
    const { code, stdout, stderr } = await sweep(['ls', '--where', 'name == "nobody"']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'no sweep is like that\n' });
    expect((await sweep(['ls', '--where', 'name == "nobody"', '--json'])).stdout.trim()).toBe('[]');
  });

  it('are filtered, sorted and cut', async () => {
    const { stdout } = await sweep([
      'trials',
      'k3f9x2ab',
      '--where',
      'params.lr > 0.1 and metrics.acc > 0',
      '--sort',
      '-number',
      '-n',
      '1',
      '-o',
      'jsonl',
    ]);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { number: number }).number),
    ).toEqual([3]);
  });

  it('take names that begin like a flag after --sort', async () => {
    const { code, stdout } = await sweep(['trials', 'k3f9x2ab', '--sort', '-objective', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { number: number }[]).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it('ask the controller for the states alone', async () => {
    const { stdout } = await sweep(['trials', 'k3f9x2ab', '--state', 'failed']);
    expect(fake.last('GET', /trials$/)!.query.get('state')).toBe('failed');
    expect(stdout).toContain('exit code 3');
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });

  it('are read to the last page', async () => {
    for (let number = 10; number < 260; number++) fake.addTrial(number, { id: `x${number}` });
    const { stdout } = await sweep(['trials', 'k3f9x2ab', '-o', 'jsonl']);
    expect(stdout.trim().split('\n')).toHaveLength(254);
  });

  it('as CSV have a column for each param and metric', async () => {
    const { stdout } = await sweep(['export', 'k3f9x2ab', '-o', 'csv']);
    expect(stdout.split('\n')[0]).toContain('params.lr,');
    expect(stdout.split('\n')[0]).toContain('summary.acc');
    expect((await sweep(['export', 'k3f9x2ab', '-o', 'parquet'])).stdout).toMatch(/^PAR1.*params\.lr.*PAR1$/s);
    expect(await sweep(['export', 'k3f9x2ab', '-o', 'yaml'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('jsonl'),
    });
  });

  it('of the best are by the objective', async () => {
    const { stdout } = await sweep(['best', 'k3f9x2ab', '-n', '2', '--where', 'number > 1', '--json']);
    expect((JSON.parse(stdout) as { number: number }[]).map(({ number }) => number)).toEqual([2, 3]);
  });
});

describe('the best', () => {
  const two = [
    { name: 'loss', goal: 'minimize', target: null },
    { name: 'acc', goal: 'maximize', target: null },
  ] as const;
  const limits = [{ name: 'ms', keep: 'below', bound: 50 }] as const;

  it('of several objectives are all that no other beats, with a column for each and for each limit', async () => {
    fake.addSweep({ objectives: [...two], limits: [...limits] });
    for (const number of [1, 2])
      fake.addTrial(number, { objective: [number / 4, number], limits: [{ name: 'ms', value: 10 * number, kept: true }] });
    const lines = (await sweep(['best', 'k3f9x2ab'])).stdout.split('\n');
    expect(lines[0]).toMatch(/^# +ID +STATE +loss \(min\) +acc \(max\) +ms <= 50 +PARAMS/);
    expect(lines.slice(1, 3).join('\n')).toMatch(/0\.25 +1 +10 [\s\S]*0\.5 +2 +20 /);
    expect(fake.last('GET', /best$/)!.query.has('limit')).toBe(false);
    await sweep(['best', 'k3f9x2ab', '-n', '1']);
    expect(fake.last('GET', /best$/)!.query.get('limit')).toBe('1');
  });

  it('is none while no trial keeps the limits, which is said', async () => {
    fake.addSweep({ limits: [...limits], best: null });
    expect(await sweep(['best', 'k3f9x2ab', '--json'])).toMatchObject({
      code: 0,
      stdout: '[]\n',
      stderr: expect.stringContaining('none of 2 completed trials keeps ms <= 50'),
    });
    expect((await sweep(['show', 'k3f9x2ab'])).stdout).toMatch(/limits +ms <= 50\n[\s\S]*best +no trial has kept all limits so far/);
  });

  it('among chosen ones keep the limits too', async () => {
    fake.addTrial(1, { limits: [{ name: 'ms', value: 60, kept: false }] });
    fake.addTrial(2, { limits: [{ name: 'ms', value: 40, kept: true }] });
    const { stdout } = await sweep(['best', 'k3f9x2ab', '-n', '9', '--where', 'number > 0', '--json']);
    expect((JSON.parse(stdout) as { number: number }[]).map(({ number }) => number)).toEqual([2]);
  });
});

describe('what matters in a sweep', () => {
  it('is shown with it: shares, what more trials would bring, and what cannot be said yet', async () => {
    const lr = { param: 'lr', importance: 0.8, correlation: -0.8, samples: 9, share: 0.624, low: 0.41, high: 0.8 };
    const depth = { ...lr, param: 'model.depth', share: null, low: null, high: null };
    const outlook = { trials: 20, improvement: 0.0125, low: 0, high: 0.05 };
    fake.insight = { items: [lr, depth], nextCursor: null, total: 2, outlook, notes: ['this and that'] };
    const { stdout } = await sweep(['show', 'k3f9x2ab']);
    expect(stdout).toMatch(/importance +lr: 62 % \(41 to 80 with 95 %\)\n +model\.depth: rank correlation -0\.8\n/);
    expect(stdout).toMatch(/outlook +20 more trials: 0\.0125 better expected \(0 to 0\.05 with 90 %\)\n/);
    expect(stdout).toMatch(/not yet +this and that\n/);
    expect(JSON.parse((await sweep(['show', 'k3f9x2ab', '--json'])).stdout)).toMatchObject({ id: 'k3f9x2ab', insight: { outlook } });
  });

  it('is not asked for before the first trial has completed, nor of a search that failed', async () => {
    fake.addSweep({ counts: { queued: 1, running: 0, stopping: 0, completed: 0, pruned: 0, failed: 0, cancelled: 0 }, best: null });
    expect((await sweep(['show', 'k3f9x2ab'])).code).toBe(0);
    fake.addSweep({ state: 'failed', reason: 'sampler' });
    expect((await sweep(['show', 'k3f9x2ab'])).code).toBe(0);
    expect(fake.last('GET', /importance$/)).toBeUndefined();
  });
});

describe('a live sweep', () => {
  it('is edited at the revision that was looked at', async () => {
    expect(await sweep(['edit', 'k3f9x2ab', '--run-cap', '50', '--parallel', 'none'])).toMatchObject({
      code: 0,
      stdout: 'k3f9x2ab is at revision 2\n',
    });
    expect(JSON.parse(fake.last('PATCH', /sweeps/)!.body.toString())).toEqual({ runCap: 50, parallel: null });
    expect((await sweep(['edit', 'k3f9x2ab', '--priority', '-1', '--revision', '1'])).code).toBe(1);
    expect((await sweep(['edit', 'k3f9x2ab'])).code).toBe(2);
  });

  it('takes params where its space has them, with their types', async () => {
    expect((await sweep(['enqueue', 'k3f9x2ab', 'lr=16.0', 'model.depth=4'])).code).toBe(0);
    expect(fake.last('POST', /trials$/)!.body.toString()).toBe('{"params":[{"lr":16.0,"model":{"depth":4}}]}');
    expect(await sweep(['enqueue', 'k3f9x2ab', 'lrr=1'])).toMatchObject({ code: 2, stderr: expect.stringContaining('lr, model.depth') });
  });

  it('answers programs without an agent', async () => {
    expect((await sweep(['ask', 'k3f9x2ab', '--json'])).stdout).toContain('"exhausted": false');
    expect(JSON.parse(fake.last('POST', /ask$/)!.body.toString())).toEqual({ count: 1 });
    expect((await sweep(['report', 't0000007', 'loss=nan', 'acc=0.5', '--step', '9'])).stdout).toBe('stop\n');
    expect(JSON.parse(fake.last('POST', /report$/)!.body.toString())).toEqual({ metrics: { loss: 'NaN', acc: 0.5 }, step: 9 });
    expect((await sweep(['tell', 't0000007', '--value', '-0.5'])).code).toBe(0);
    expect(JSON.parse(fake.last('POST', /tell$/)!.body.toString())).toEqual({ value: -0.5 });
    expect((await sweep(['tell', 't0000007', '--value', '1', '--metric', 'ms=40', '--metric', 'mb=inf'])).code).toBe(0);
    expect(JSON.parse(fake.last('POST', /tell$/)!.body.toString())).toEqual({ value: 1, metrics: { ms: 40, mb: 'Infinity' } });
    expect((await sweep(['tell', 't0000007'])).code).toBe(2);
  });

  it('is watched as plain lines where nothing can be redrawn, and the command ends with it', async () => {
    const child = home.start(['watch', 'k3f9x2ab'], { env: { SWEEP_URL: fake.url, SWEEP_API_KEY: goodKey } });
    const end = ended(child);
    await until(() => fake.seen.length > 1, 'two looks');
    fake.addSweep({ state: 'completed', reason: 'budget' });
    const { code, stdout } = await end;
    expect(code).toBe(0);
    expect(stdout).toBe(
      'k3f9x2ab running, 3/30 done, 1 running, 1 failed, best 0.98 (trial 2)\nk3f9x2ab completed (budget), 3/30 done, 1 running, 1 failed, best 0.98 (trial 2)\n',
    );
  });
});

describe('a trial', () => {
  it('by its number has its # in the path', async () => {
    fake.addTrial(1, { id: 'k3f9x2ab#1' });
    fake.logs.set('k3f9x2ab#1/stdout', 'out\n');
    fake.logs.set('k3f9x2ab#1/stderr', 'err\n');
    expect(await sweep(['logs', 'k3f9x2ab#1'])).toMatchObject({ code: 0, stdout: 'out\nerr\n' });
    expect(await sweep(['logs', 'k3f9x2ab#1', '--stream', 'stderr'])).toMatchObject({ stdout: 'err\n' });
  });

  it('is followed until it has ended', async () => {
    fake.addTrial(1, { state: 'running' });
    fake.logs.set('t0000001/stdout', 'one\n');
    const child = home.start(['logs', 't0000001', '-f'], { env: { SWEEP_URL: fake.url, SWEEP_API_KEY: goodKey } });
    const end = ended(child);
    await until(() => fake.last('GET', /trials\/t0000001$/) !== undefined, 'it asks whether more can come');
    fake.logs.set('t0000001/stdout', 'one\ntwo\n');
    fake.addTrial(1);
    expect(await end).toMatchObject({ code: 0, stdout: 'one\ntwo\n' });
  });

  it('has curves as numbers and as a plot', async () => {
    expect((await sweep(['metrics', 't0000001', '-o', 'csv'])).stdout).toBe('key,step,value\nacc,0,0.1\nacc,1,NaN\nacc,2,0.9\n');
    expect((await sweep(['metrics', 't0000001', '--plot', '--key', 'acc'])).stdout).toMatch(/^acc\n0\.9 ┤/);
  });
});

describe('without a controller', () => {
  it('optimizes by lines, also wrong ones, until it is told to close', async () => {
    await writeFile(join(home.folder, 'sweep.yaml'), file);
    const lines = [
      '{"op":"ask","n":3}',
      'what?',
      '{"op":"tell","number":2,"value":0.5}',
      '{"op":"best"}',
      '{"op":"close"}',
      '{"op":"ask"}',
    ];
    const { code, stdout, stderr } = await home.run(['optimize', 'sweep.yaml', '--seed', '3', '--stdio'], { stdin: lines.join('\n') });
    expect([code, stderr]).toEqual([0, '']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        trials: [
          { number: 1, params: { lr: 0.1 } },
          { number: 2, params: { lr: 0.2 } },
        ],
        exhausted: true,
      },
      { error: { code: 'invalid', message: expect.any(String) } },
      { ok: true },
      { number: 2, value: 0.5, params: { lr: 0.2 }, recommended: { lr: 0.2 } },
    ]);
  });

  it('ends with its input, and says what is wrong with its flags', async () => {
    await writeFile(join(home.folder, 'sweep.yaml'), file);
    expect(await home.run(['optimize', 'sweep.yaml', '--stdio'], { stdin: '' })).toMatchObject({ code: 0, stdout: '' });
    expect(await home.run(['optimize', 'sweep.yaml'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--stdio') });
    expect(await home.run(['optimize', 'sweep.yaml', '--stdio', '--seed', '-1'])).toMatchObject({ code: 2 });
    expect(await home.run(['optimize', '-', '--stdio'], { stdin: file })).toMatchObject({ code: 2 });
  });

  it('files are checked: one object each, in order, and exit code 2 if one is refused', async () => {
    await writeFile(join(home.folder, 'good.yaml'), file);
    await writeFile(join(home.folder, 'bad.yaml'), 'method: gird\nprogram: a.py\nparameters: {a: {value: 1}}\n');
    const { code, stdout } = await sweep(['check', 'good.yaml', 'bad.yaml', '--json']);
    expect(code).toBe(2);
    const [good, bad] = JSON.parse(stdout) as [object, { findings: object[] }];
    expect(good).toEqual({ file: 'good.yaml', accepted: true, method: 'grid', expectedTrials: 2, findings: [] });
    expect(bad).toMatchObject({
      file: 'bad.yaml',
      accepted: false,
      findings: [{ code: 'E-METHOD', severity: 'error', path: 'method', line: 1, column: 9 }],
    });
    expect(Object.keys(bad.findings[0]!)).toEqual(['code', 'severity', 'path', 'line', 'column', 'message', 'hint']);
    expect(await sweep(['check', 'nope.yaml', 'good.yaml'])).toEqual({
      code: 2,
      stdout: 'good.yaml: ok\n',
      stderr: 'error: nope.yaml cannot be read: there is no such file\n',
    });
  });

  it('a preview has the params and the exact argument vectors', async () => {
    const { code, stdout } = await sweep(['preview', '-', '-n', '3', '--seed', '1', '--json'], { stdin: file });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      method: 'grid',
      expectedTrials: 2,
      exhausted: true,
      rungs: [],
      trials: [{ number: 1, params: { lr: 0.1 }, argv: ['/usr/bin/env', 'python', 'train.py', '--lr=0.1'] }, { number: 2 }],
    });
  });

  it('a first file is written once, without questions where nobody can answer', async () => {
    expect((await sweep(['init', 'train.py', '--param', 'lr=1e-4..1e-1', '--metric', 'acc'])).code).toBe(0);
    const text = await readFile(join(home.folder, 'sweep.yaml'), 'utf8');
    expect(text).toContain('goal: maximize');
    expect((await sweep(['init', 'train.py'])).code).toBe(1);
    expect((await sweep(['check', 'sweep.yaml'])).code).toBe(0);
  });

  it('the doctor finds what is well and says how to mend the rest', async () => {
    const { code, stdout } = await sweep(['doctor', '--json']);
    expect(code).toBe(0);
    const checks = JSON.parse(stdout) as { name: string; status: string }[];
    expect(checks.filter(({ status }) => status === 'ok').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['node', 'controller', 'versions', 'database', 'queue', 'clock', 'login']),
    );
    const away = await sweep(['doctor', '--url', 'http://127.0.0.1:1234']);
    expect(away.code).toBe(1);
    expect(away.stdout).toMatch(/controller +none at http:\/\/127\.0\.0\.1:1234\n +mend: /);
  });
});
