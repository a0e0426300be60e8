import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Invalid } from '@sweep/domain';
import { type Hello, VerdictKind } from '@sweep/protocol';
import { type FakeGateway, type FakeSession, testWelcome } from '@sweep/protocol/testing';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAgent, exists, Fixture, give, grantOf, Ledger, program, recordOf, trialProcesses, until } from '../testing/fixture.js';

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

const losses = (steps: number): readonly number[] => Array.from({ length: steps }, (_, step) => 1 / (step + 1));

describe('an agent that is killed and started again', () => {
  it('is the same agent, adopts its programs, and loses and repeats no point', async () => {
    const gateway = await fixture.gateway(ledger.options);
    const first = fixture.spawn(gateway.url);
    const before = await gateway.accept();
    const grant = grantOf('train.mjs', ['40', '50']);
    await give(before, grant);
    await until('some points have arrived', () => ledger.values(grant.leaseId, 'loss').length > 3);
    first.kill('SIGKILL');
    await before.closed;
    fixture.spawn(gateway.url);
    const after = await gateway.accept();
    expect(after.hello.agentId).toBe(before.hello.agentId);
    expect(after.hello.held).toMatchObject([{ leaseId: grant.leaseId, ended: false }]);
    expect(await after.next('finished', 10_000)).toMatchObject({ leaseId: grant.leaseId, exitCode: 0, signal: '' });
    expect(ledger.values(grant.leaseId, 'loss')).toEqual(losses(40));
  });

  it('knows the exit code of a program that ended while no agent was there', async () => {
    const gateway = await fixture.gateway(ledger.options);
    const first = fixture.spawn(gateway.url);
    const before = await gateway.accept();
    const grant = grantOf('train.mjs', ['5', '100', '3']);
    await give(before, grant);
    await until('it runs', () => trialProcesses(fixture.folder).length > 0);
    first.kill('SIGKILL');
    await until('it has ended', () => trialProcesses(fixture.folder).length === 0);
    await until('its keeper has written down how', () => exists(join(fixture.workdir, 'attempts', `${grant.trialId}.1`, 'exit.json')));
    fixture.spawn(gateway.url);
    const after = await gateway.accept();
    expect(await after.next('finished')).toMatchObject({ exitCode: 3 });
    expect(ledger.values(grant.leaseId, 'loss')).toEqual(losses(5));
  });

  it('starts an attempt at most once: a start that was journalled and left no trace is given up', async () => {
    const gateway = await fixture.gateway(ledger.options);
    const grant = grantOf('train.mjs', ['1']);
    const first = fixture.spawn(gateway.url);
    await gateway.accept();
    first.kill('SIGKILL');
    const record = { grant, state: 'running', cwd: fixture.cwd, startedAt: Date.now(), stop: null, finished: null };
    appendFileSync(join(fixture.workdir, 'journal.jsonl'), `\n${JSON.stringify({ leaseId: grant.leaseId, record })}`);
    fixture.spawn(gateway.url);
    const after = await gateway.accept();
    await after.next('ready');
    await until('it is out of the journal', () => recordOf(fixture.workdir, grant.leaseId) === null);
    expect(after.received.filter(({ $case }) => $case === 'finished')).toEqual([]);
    expect(ledger.values(grant.leaseId, 'loss')).toEqual([]);
  });

  it('starts what an earlier agent was granted and had not started, once the controller still wants it', async () => {
    const gateway = await fixture.gateway(ledger.options);
    const grant = grantOf('train.mjs', ['2']);
    const first = fixture.spawn(gateway.url);
    await gateway.accept();
    first.kill('SIGKILL');
    const record = { grant, state: 'preparing', cwd: null, startedAt: null, stop: null, finished: null };
    appendFileSync(join(fixture.workdir, 'journal.jsonl'), `\n${JSON.stringify({ leaseId: grant.leaseId, record })}`);
    fixture.spawn(gateway.url);
    expect(await (await gateway.accept()).next('finished')).toMatchObject({ exitCode: 0 });
  });

  it('stops and forgets what the controller does not know', async () => {
    let forgets = false;
    const gateway = await fixture.gateway({
      ...ledger.options,
      welcome: ({ held }) =>
        testWelcome({ verdicts: forgets ? held.map(({ leaseId }) => ({ leaseId, kind: VerdictKind.FORGET, reason: 'unknown' })) : [] }),
    });
    const first = fixture.spawn(gateway.url);
    const before = await gateway.accept();
    const grant = grantOf('train.mjs', ['1000', '50']);
    await give(before, grant);
    await until('it runs', () => trialProcesses(fixture.folder).length > 0);
    first.kill('SIGKILL');
    forgets = true;
    fixture.spawn(gateway.url);
    const after = await gateway.accept();
    await until(
      'nothing of it is left',
      () => trialProcesses(fixture.folder).length === 0 && !exists(join(fixture.workdir, 'attempts', `${grant.trialId}.1`)),
    );
    expect(after.received.filter((message) => 'leaseId' in message.value && message.value.leaseId === grant.leaseId)).toEqual([]);
  });
});

describe('a keeper that is killed', () => {
  it('costs no running program, but its exit code: the trial is given up, and the next one is started by another keeper', async () => {
    const gateway = await fixture.gateway(ledger.options);
    fixture.start(fixture.config(gateway.url));
    const session = await gateway.accept();
    const grant = grantOf('train.mjs', ['10', '50']);
    await give(session, grant);
    await until('it runs', () => trialProcesses(fixture.folder).length === 1);
    const stat = readFileSync(`/proc/${trialProcesses(fixture.folder)[0]}/stat`, 'utf8');
    process.kill(Number(stat.split(') ')[1]!.split(' ')[1]), 'SIGKILL');
    await until('all its points have arrived', () => ledger.values(grant.leaseId, 'loss').length === 10);
    await until('it is forgotten', () => recordOf(fixture.workdir, grant.leaseId) === null);
    expect(session.received.filter(({ $case }) => $case === 'finished')).toEqual([]);
    await give(session, grantOf('train.mjs', ['1']));
    expect(await session.next('finished')).toMatchObject({ exitCode: 0 });
  });
});

describe('a session', () => {
  it('that breaks is begun again, whatever broke it', async () => {
    const gateway = await fixture.gateway(ledger.options);
    const agent = fixture.start(fixture.config(gateway.url));
    (await gateway.accept()).end(new Invalid('a message that makes no sense'));
    const second = await gateway.accept();
    await second.send({ $case: 'reconnect', value: { afterMs: 50 } });
    await give(await gateway.accept(), grantOf('train.mjs', ['1']));
    agent.drain();
    expect(await agent.exit).toBe(0);
  });

  it('begins when the controller comes later than the agent', async () => {
    const early = await fixture.gateway(ledger.options);
    await early.close();
    const agent = fixture.start(fixture.config(early.url));
    await until('it says that it waits', () => agent.said.some((line) => line.startsWith('away from the controller')));
    const gateway = await fixture.gateway({ ...ledger.options, port: early.port });
    await gateway.accept(10_000);
  });

  it('gets results again that were not acknowledged, and the agent leaves only then', async () => {
    ledger.acknowledges = false;
    const gateway = await fixture.gateway(ledger.options);
    const agent = fixture.start(fixture.config(gateway.url, ['--count', '1']));
    const first = await gateway.accept();
    const grant = grantOf('train.mjs', ['2']);
    await give(first, grant);
    await first.next('finished');
    first.end();
    ledger.acknowledges = true;
    const second = await gateway.accept();
    expect(second.hello.held).toMatchObject([{ leaseId: grant.leaseId, ended: true }]);
    expect(await second.next('finished')).toMatchObject({ leaseId: grant.leaseId, exitCode: 0 });
    expect(await agent.exit).toBe(0);
  });
});

describe('away from the controller', () => {
  async function away(
    change: { readonly stopWhileAway: boolean },
    { leaseTtlMs = 1_200, steps = 60 } = {},
  ): Promise<{ gateway: FakeGateway; session: FakeSession; leaseId: string; trialId: string }> {
    const short = {
      ...ledger.options,
      welcome: (hello: Hello) => ({ ...ledger.options.welcome(hello), leaseTtlMs, renewEveryMs: leaseTtlMs / 4 }),
    };
    const gateway = await fixture.gateway(short);
    fixture.start(fixture.config(gateway.url));
    const session = await gateway.accept();
    const grant = grantOf('train.mjs', [String(steps), '50'], change);
    await give(session, grant);
    await until('some points have arrived', () => ledger.values(grant.leaseId, 'loss').length > 2);
    await gateway.close();
    return { gateway, session, leaseId: grant.leaseId, trialId: grant.trialId };
  }

  it('the program runs on, and everything it measured meanwhile arrives in order afterwards', async () => {
    const { gateway, leaseId } = await away({ stopWhileAway: false });
    const known = ledger.values(leaseId, 'loss').length;
    await until('more was measured', () => readFileSync(spoolOf(leaseId), 'utf8').split('\n').length > 6);
    expect(ledger.values(leaseId, 'loss')).toHaveLength(known);
    const again = await fixture.gateway({ ...ledger.options, port: gateway.port });
    const session = await again.accept(10_000);
    expect(session.hello.held).toMatchObject([{ leaseId }]);
    expect(await session.next('finished', 10_000)).toMatchObject({ exitCode: 0 });
    expect(ledger.values(leaseId, 'loss')).toEqual(losses(60));
    expect(ledger.text(leaseId, 'stdout')).toBe('steps 60\n');
  });

  it('the program is ended before its lease can be over, when the sweep says so, and no result is claimed', async () => {
    // Long, so that a machine that is busy ends it in time too; its program alone would go on for longer.
    const leaseTtlMs = 4_000;
    const { gateway, leaseId } = await away({ stopWhileAway: true }, { leaseTtlMs, steps: 400 });
    await until('nothing runs', () => trialProcesses(fixture.folder).length === 0, leaseTtlMs);
    const again = await fixture.gateway({ ...ledger.options, port: gateway.port });
    const session = await again.accept(10_000);
    await session.next('ready');
    await until('its points are delivered and it is forgotten', () => recordOf(fixture.workdir, leaseId) === null);
    expect(session.received.filter(({ $case }) => $case === 'finished')).toEqual([]);
  });

  it('such a program is ended by its keeper when its agent is killed', async () => {
    const short = {
      ...ledger.options,
      welcome: (hello: Hello) => ({ ...ledger.options.welcome(hello), leaseTtlMs: 1_200, renewEveryMs: 300 }),
    };
    const gateway = await fixture.gateway(short);
    const agent = fixture.spawn(gateway.url);
    const session = await gateway.accept();
    await give(session, grantOf('train.mjs', ['1000', '50'], { stopWhileAway: true }));
    await until('it runs', () => trialProcesses(fixture.folder).length > 0);
    agent.kill('SIGKILL');
    await until('nothing runs', () => trialProcesses(fixture.folder).length === 0, 30_000);
  });

  function spoolOf(leaseId: string): string {
    return join(fixture.workdir, 'attempts', `${recordOf(fixture.workdir, leaseId)?.grant.trialId}.1`, 'points.spool');
  }
});

describe('signals', () => {
  it('the first lets programs finish, the second ends them', async () => {
    const gateway = await fixture.gateway(ledger.options);
    const patient = fixture.spawn(gateway.url);
    const session = await gateway.accept();
    await give(session, grantOf('train.mjs', ['10', '50']));
    await until('it runs', () => trialProcesses(fixture.folder).length > 0);
    patient.kill('SIGINT');
    expect(await session.next('finished')).toMatchObject({ exitCode: 0, signalled: false });
    await until('it has left', () => patient.exitCode !== null);
    expect(patient.exitCode).toBe(130);

    const hurried = fixture.spawn(gateway.url);
    const second = await gateway.accept();
    await give(second, grantOf('train.mjs', ['1000', '50']));
    await until('it runs', () => trialProcesses(fixture.folder).length > 0);
    hurried.kill('SIGTERM');
    await second.next('leaving');
    hurried.kill('SIGTERM');
    await until('it has left', () => hurried.exitCode !== null);
    expect(hurried.exitCode).toBe(143);
    expect(trialProcesses(fixture.folder)).toEqual([]);
  });
});

describe('files', () => {
  async function archive(entries: readonly (readonly [string, string])[]): Promise<Buffer> {
    const tar = pack();
    for (const [name, content] of entries) tar.entry({ name }, content);
    tar.finalize();
    const parts: Uint8Array[] = [];
    for await (const part of tar as AsyncIterable<Uint8Array>) parts.push(part);
    return gzipSync(Buffer.concat(parts));
  }

  function put(gateway: FakeGateway, content: Buffer) {
    const hash = createHash('sha256').update(content).digest('hex');
    gateway.blobs.set(hash, content);
    return { hash, size: content.length };
  }

  it('shipped code is where the program runs; it is fetched once, and what would leave its folder is refused', async () => {
    const gateway = await fixture.gateway(ledger.options);
    fixture.start(fixture.config(gateway.url));
    const session = await gateway.accept();
    const code = put(gateway, await archive([['src/hello.sh', 'exit 5']]));
    await give(session, grantOf('x', [], { command: ['/bin/sh', 'src/hello.sh'], code }));
    expect(await session.next('finished')).toMatchObject({ exitCode: 5 });
    gateway.blobs.delete(code.hash);
    await give(session, grantOf('x', [], { command: ['/bin/sh', 'src/hello.sh'], code }));
    expect(await session.next('finished')).toMatchObject({ exitCode: 5 });
    const bad = put(gateway, await archive([['../../evil.sh', 'exit 0']]));
    await give(session, grantOf('x', [], { command: ['/bin/sh', 'evil.sh'], code: bad }));
    expect(await session.next('finished')).toMatchObject({
      evidence: 'start-failed',
      detail: expect.stringContaining('would leave its folder'),
    });
    const swapped = { ...put(gateway, await archive([['a', 'a']])), hash: '0'.repeat(64) };
    gateway.blobs.set(swapped.hash, await archive([['a', 'a']]));
    await give(session, grantOf('x', [], { command: ['/bin/sh', 'a'], code: swapped }));
    expect(await session.next('finished')).toMatchObject({ evidence: 'start-failed' });
    expect(exists(join(fixture.workdir, 'code', swapped.hash))).toBe(false);
  });

  it('a checkpoint goes from a failed attempt to the next one, also on another machine, before the result does', async () => {
    const gateway = await fixture.gateway(ledger.options);
    const agent = fixture.start(fixture.config(gateway.url));
    const session = await gateway.accept();
    await give(session, grantOf('train.mjs', ['4', '0', '75'], { trialId: 'handed' }));
    await session.next('finished');
    const order = session.received.map(({ $case }) => $case);
    expect(order.indexOf('stored')).toBeLessThan(order.indexOf('finished'));
    const stored = await session.next('stored');
    expect(stored).toMatchObject({ kind: 'checkpoint' });
    agent.drain();
    await agent.exit;

    const other = fixture.start(fixture.config(gateway.url, ['--workdir', join(fixture.folder, 'other')]));
    const second = await gateway.accept();
    const command = ['/bin/sh', '-c', 'cp "$SWEEP_CHECKPOINT_DIR/step" "$SWEEP_OUTPUT_DIR/step"'];
    await give(second, grantOf('x', [], { trialId: 'handed', attempt: 2, command, checkpoint: stored.blob! }));
    const output = await second.next('stored');
    expect(output).toMatchObject({ kind: 'output', path: 'step' });
    expect(gateway.blobs.get(output.blob!.hash)!.toString()).toBe('3');
    other.drain();
  });

  it('console output arrives byte for byte: no line ends, no text, much of it', async () => {
    const gateway = await fixture.gateway(ledger.options);
    fixture.start(fixture.config(gateway.url));
    const session = await gateway.accept();
    const grant = grantOf('x', [], {
      command: [process.execPath, '-e', 'process.stdout.write(Buffer.from(Array.from({ length: 3e6 }, (_, i) => i % 251)))'],
    });
    await give(session, grant);
    await session.next('finished', 10_000);
    await until('all of it has arrived', () => ledger.output.get(`${grant.leaseId}/stdout`)?.length === 3e6);
    const got = ledger.output.get(`${grant.leaseId}/stdout`)!;
    expect(got.every((byte, i) => byte === i % 251)).toBe(true);
  });

  it('metrics come from standard output and from TensorBoard too', async () => {
    const gateway = await fixture.gateway(ledger.options);
    fixture.start(fixture.config(gateway.url));
    const session = await gateway.accept();
    const grant = grantOf('x', [], {
      command: [process.execPath, program('prints.mjs')],
      collectStdout: ['epoch (?<step>\\d+).*acc=(?<acc>[0-9.]+)'],
      collectTensorboard: 'runs',
    });
    await give(session, grant);
    await session.next('finished');
    expect(ledger.values(grant.leaseId, 'acc')).toEqual([0.5, 0.75]);
    expect(ledger.values(grant.leaseId, 'train/loss')).toEqual([0.25]);
  });
});
