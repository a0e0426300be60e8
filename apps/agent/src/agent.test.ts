import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeSession, testWelcome } from '@sweep/protocol/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAgent, exists, Fixture, give, grantOf, Ledger, program, recordOf, until } from '../testing/fixture.js';
import { statOf } from './processes.js';

let built: Awaited<ReturnType<typeof buildAgent>>;
let fixture: Fixture;
let ledger: Ledger;

beforeAll(async () => {
  built = await buildAgent();
});
afterAll(() => built.remove());
beforeEach(() => {
  fixture = new Fixture(built);
  ledger = new Ledger();
});
afterEach(() => fixture.close());

interface Begun {
  readonly session: FakeSession;
  readonly agent: ReturnType<Fixture['start']>;
  readonly gateway: Awaited<ReturnType<Fixture['gateway']>>;
}

async function begin(flags: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Begun> {
  const gateway = await fixture.gateway(ledger.options);
  const agent = fixture.start(fixture.config(gateway.url, flags, environment));
  return { gateway, agent, session: await gateway.accept() };
}

interface Seen {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: string;
  readonly ownGroup: boolean;
  readonly params: string;
  readonly wandb: string;
}

/** What `show.mjs` wrote down, as the controller got it. */
async function seenBy({ session, gateway }: Begun): Promise<Seen> {
  const stored = await session.next('stored');
  return JSON.parse(gateway.blobs.get(stored.blob!.hash)!.toString('utf8')) as Seen;
}

describe('a trial', () => {
  it('runs, reports its points before its end, and frees its slot at once', async () => {
    const { session, agent } = await begin();
    expect(await session.next('ready')).toEqual({ slots: [0] });
    const grant = grantOf('train.mjs', ['3']);
    await give(session, grant);
    const finished = await session.next('finished');
    expect(finished).toMatchObject({
      leaseId: grant.leaseId,
      exitCode: 0,
      signal: '',
      signalled: false,
      evidence: '',
      detail: 'exit code 0',
    });
    expect(ledger.values(grant.leaseId, 'loss')).toEqual([1, 1 / 2, 1 / 3]);
    expect(finished.lastSequence).toBe(ledger.points.get(grant.leaseId)!.at(-1)!.sequence);
    expect(await session.next('ready')).toEqual({ slots: [0] });
    await until('the output has arrived', () => ledger.text(grant.leaseId, 'stderr') === 'leaving with 0\n');
    expect(ledger.text(grant.leaseId, 'stdout')).toBe('steps 3\n');
    agent.drain();
    expect(await agent.exit).toBe(0);
    expect(await session.next('leaving')).toMatchObject({ gone: false });
    expect(await session.next('leaving')).toMatchObject({ gone: true });
  });

  it('leaves nothing behind in the work folder once everything is acknowledged', async () => {
    const { session } = await begin();
    const grant = grantOf('train.mjs', ['1']);
    await give(session, grant);
    await session.next('finished');
    await until('its folder is gone', () => !exists(join(fixture.workdir, 'attempts', `${grant.trialId}.1`)));
    expect(recordOf(fixture.workdir, grant.leaseId)).toBeNull();
    expect(exists(join(fixture.workdir, 'checkpoints', grant.trialId))).toBe(false);
  });

  it('gets exactly its arguments, its params and its environment, stdin at its end, and a group of its own', async () => {
    const begun = await begin([], { SECRET_OF_USER: 'kept', SWEEP_JOIN_TOKEN: 'not for programs' });
    const params = '{"bs": 16.0, "lr": 1e-08, "name": "a b $(date) \'x\'", "nested": {"on": true, "n": null}}';
    const command = [process.execPath, program('show.mjs'), '${args}', '; echo $HOME', '', '*'];
    const grant = grantOf('show.mjs', [], {
      command,
      params,
      entity: 'me',
      project: 'p',
      environment: { WANDB_API_KEY: 'k', WANDB_BASE_URL: 'http://c' },
    });
    await give(begun.session, grant);
    const seen = await seenBy(begun);
    expect(seen.argv).toEqual([
      '--bs=16.0',
      '--lr=1e-08',
      "--name=a b $(date) 'x'",
      "--nested={'on': True, 'n': None}",
      '; echo $HOME',
      '',
      '*',
    ]);
    expect(seen.env).toMatchObject({
      SWEEP_ID: 'sweep001',
      SWEEP_TRIAL_ID: grant.trialId,
      SWEEP_TRIAL_NUMBER: String(grant.number),
      SWEEP_ATTEMPT: '1',
      WANDB_API_KEY: 'k',
      WANDB_BASE_URL: 'http://c',
      WANDB_RUN_ID: grant.trialId,
      WANDB_SWEEP_ID: 'sweep001',
      WANDB_ENTITY: 'me',
      WANDB_PROJECT: 'p',
      WANDB_DIR: fixture.cwd,
      SECRET_OF_USER: 'kept',
    });
    expect(Object.keys(seen.env)).not.toContain('SWEEP_API_KEY');
    expect(Object.keys(seen.env)).not.toContain('SWEEP_JOIN_TOKEN');
    expect(Object.keys(seen.env)).not.toContain('NODE_CHANNEL_FD');
    expect(seen).toMatchObject({ cwd: fixture.cwd, stdin: '', ownGroup: true, params: `${params}\n` });
    expect(seen.wandb).toContain('"bs":\n  value: 16.0\n');
    expect(seen.wandb).toContain('"lr":\n  value: 1.0e-8\n');
  });

  it('that cannot be started ends with a sentence that names the command', async () => {
    const { session } = await begin();
    await give(session, grantOf('none', [], { command: ['pyhton', 'train.py'] }));
    expect(await session.next('finished')).toMatchObject({
      exitCode: -1,
      evidence: 'start-failed',
      detail: expect.stringContaining('cannot start "pyhton": not found'),
    });
    await give(session, grantOf('none', [], { command: ['${env}', '${interpreter}', '${program}'], program: '' }));
    expect(await session.next('finished')).toMatchObject({
      evidence: 'start-failed',
      detail: expect.stringContaining('neither `program` nor `command`'),
    });
    const script = join(fixture.cwd, 'script');
    writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
    await give(session, grantOf('none', [], { command: [script] }));
    expect(await session.next('finished')).toMatchObject({ evidence: 'start-failed', detail: expect.stringContaining('interpreter') });
    await give(session, grantOf('train.mjs', ['1']));
    expect(await session.next('finished')).toMatchObject({ exitCode: 0 });
  });

  it('reports its exit code, its signal, and what its last words say about the cause', async () => {
    const { session } = await begin();
    await give(session, grantOf('train.mjs', ['0', '0', '3']));
    expect(await session.next('finished')).toMatchObject({ exitCode: 3, signal: '', evidence: '', detail: 'exit code 3: leaving with 3' });
    await give(session, grantOf('x', [], { command: ['/bin/sh', '-c', 'kill -SEGV $$'] }));
    expect(await session.next('finished')).toMatchObject({
      exitCode: -1,
      signal: 'SIGSEGV',
      signalled: false,
      detail: 'killed by SIGSEGV',
    });
    await give(
      session,
      grantOf('x', [], { command: ['/bin/sh', '-c', 'echo "torch.cuda.OutOfMemoryError: CUDA out of memory." >&2; exit 1'] }),
    );
    expect(await session.next('finished')).toMatchObject({ exitCode: 1, evidence: 'gpu-oom' });
    await give(session, grantOf('x', [], { command: ['/bin/sh', '-c', 'exit 143'] }));
    expect(await session.next('finished')).toMatchObject({ exitCode: 143, signal: '' });
  });

  it('is stopped at its time limit', async () => {
    const { session } = await begin();
    await give(session, grantOf('train.mjs', ['1000', '50'], { timeoutMs: 400 }));
    expect(await session.next('finished')).toMatchObject({
      evidence: 'timeout',
      signal: 'SIGTERM',
      signalled: true,
      detail: expect.stringContaining('time limit of 0.4 s'),
    });
  });

  it('that ignores SIGTERM is killed with everything it started, also what left its group', async () => {
    const begun = await begin();
    const grant = grantOf('stubborn.mjs', []);
    await give(begun.session, grant);
    const pids = join(fixture.workdir, 'attempts', `${grant.trialId}.1`, 'output', 'pids');
    await until('it runs', () => exists(pids) && readFileSync(pids, 'utf8').includes(' '));
    const started = readFileSync(pids, 'utf8').split(' ').map(Number);
    await begun.session.send({ $case: 'stop', value: { leaseId: grant.leaseId, kind: 'prune', reason: 'rung 3' } });
    expect(await begun.session.next('finished')).toMatchObject({ signal: 'SIGKILL', signalled: true });
    // Whose parent is gone may stay a zombie until the machine's first process looks.
    expect(started.filter((pid) => statOf(pid)?.zombie === false)).toEqual([]);
  });

  it('leaves no process behind when it ends by itself', async () => {
    const { session } = await begin();
    const grant = grantOf('x', [], { command: ['/bin/sh', '-c', 'setsid sleep 1000 & sleep 1000 & exit 0'] });
    await give(session, grant);
    expect(await session.next('finished')).toMatchObject({ exitCode: 0 });
  });

  it('is stopped by a renewal that says so, or that its lease is replaced', async () => {
    const gateway = await fixture.gateway({
      ...ledger.options,
      welcome: () => ({ ...testWelcome(), renewEveryMs: 100 }),
      onMessage: async (message, session) => {
        if (message.$case !== 'renew') return ledger.options.onMessage(message, session);
        await session.send({
          $case: 'renewed',
          value: { renewals: message.value.leaseIds.map((leaseId) => ({ leaseId, current: false })) },
        });
      },
    });
    fixture.start(fixture.config(gateway.url));
    const session = await gateway.accept();
    await give(session, grantOf('train.mjs', ['1000', '50']));
    expect(await session.next('finished')).toMatchObject({ signalled: true, signal: 'SIGTERM' });
  });
});

describe('slots', () => {
  const uuids = ['GPU-aaaa1111-0000', 'GPU-bbbb2222-0000'];

  function fakeNvidia(): NodeJS.ProcessEnv {
    const bin = join(fixture.folder, 'bin');
    mkdirSync(bin);
    const rows = uuids.map((uuid, index) => `echo "${index}, ${uuid}, NVIDIA Test, 8192, 1024, 50, 40, [N/A], 0"`).join('\n');
    writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\n${rows}\ncase "$*" in *" -l "*) exec sleep 1000;; esac\n`, { mode: 0o755 });
    return { PATH: `${bin}:${process.env['PATH']}` };
  }

  it('are one a GPU, and each program sees its own by UUID', async () => {
    const begun = await begin([], fakeNvidia());
    expect(begun.session.hello.slots).toEqual(uuids.map((uuid, index) => ({ index, gpuUuids: [uuid] })));
    expect(begun.session.hello.machine!.gpus).toHaveLength(2);
    await give(begun.session, grantOf('show.mjs', [], { slots: [1] }));
    expect((await seenBy(begun)).env).toMatchObject({ CUDA_VISIBLE_DEVICES: uuids[1] });
  });

  it('are taken together by a trial that needs several GPUs', async () => {
    const begun = await begin([], fakeNvidia());
    await begun.session.next('ready');
    await give(begun.session, grantOf('show.mjs', [], { slots: [0, 1] }));
    expect((await seenBy(begun)).env).toMatchObject({ CUDA_VISIBLE_DEVICES: uuids.join(',') });
    expect(await begun.session.next('ready')).toEqual({ slots: [0, 1] });
  });

  it('are announced once: a word repeated with each renewal could cross a grant, and the slot would be given twice', async () => {
    const gateway = await fixture.gateway({ ...ledger.options, welcome: () => ({ ...testWelcome(), renewEveryMs: 50 }) });
    fixture.start(fixture.config(gateway.url));
    const session = await gateway.accept();
    for (let i = 0; i < 3; i++) await session.next('renew');
    expect(session.received.filter(({ $case }) => $case === 'ready')).toHaveLength(1);
  });

  it('that are taken are not given again: such a trial goes back at once', async () => {
    const { session } = await begin();
    await give(session, grantOf('train.mjs', ['20', '50']));
    const second = grantOf('train.mjs', ['1']);
    await give(session, second);
    expect(await session.next('finished')).toMatchObject({ leaseId: second.leaseId, exitCode: 75, detail: 'slots 0 are not free on box' });
    expect(await session.next('finished')).toMatchObject({ exitCode: 0 });
  });

  it('run programs side by side', async () => {
    const { session } = await begin(['--slots', '3']);
    expect(await session.next('ready')).toEqual({ slots: [0, 1, 2] });
    for (const slot of [0, 1, 2]) await give(session, grantOf('train.mjs', ['3', '20'], { slots: [slot] }));
    const ends = [await session.next('finished'), await session.next('finished'), await session.next('finished')];
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });
});

describe('an agent', () => {
  it('leaves after --count trials, however they end, and asks for no more than that', async () => {
    const { session, agent } = await begin(['--count', '2', '--slots', '4']);
    expect(await session.next('ready')).toEqual({ slots: [0, 1] });
    await give(session, grantOf('train.mjs', ['0', '0', '1'], { slots: [0] }));
    await give(session, grantOf('train.mjs', ['0', '0', '1'], { slots: [1] }));
    expect(await agent.exit).toBe(0);
  });

  it('leaves with exit code 0 when its sweep is over, after its running trial has ended', async () => {
    const { session, agent } = await begin();
    await give(session, grantOf('train.mjs', ['3', '100']));
    await session.send({ $case: 'drain', value: { reason: 'sweep completed', finished: true } });
    expect(await session.next('finished')).toMatchObject({ exitCode: 0, signalled: false });
    expect(await agent.exit).toBe(0);
  });

  it('leaves with exit code 1, the reason and the last lines when its trials keep failing', async () => {
    const { session, agent } = await begin([], { WANDB_AGENT_DISABLE_FLAPPING: 'false' });
    for (let i = 0; i < 3; i++) {
      await give(session, grantOf('train.mjs', ['0', '0', '7']));
      await session.next('finished');
    }
    expect(await agent.exit).toBe(1);
    expect(agent.said.join('\n')).toContain('3 trials failed in the first 60 seconds');
    expect(agent.said.join('\n')).toContain('leaving with 7');
  });

  it('is refused for good: the error reaches the caller', async () => {
    const gateway = await fixture.gateway({ keys: ['another'] });
    const agent = fixture.start(fixture.config(gateway.url));
    await expect(agent.exit).rejects.toMatchObject({ code: 'unauthenticated' });
    // By who started it, and by nobody else before.
    expect(agent.said).toEqual([]);
  });

  it('comes alone to its folder', async () => {
    const { gateway } = await begin();
    await expect(fixture.start(fixture.config(gateway.url)).exit).rejects.toMatchObject({ code: 'conflict' });
  });
});
