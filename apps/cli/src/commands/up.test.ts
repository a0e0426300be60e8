import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeCommand } from '../../testing/build-command.js';
import { FakeController, goodKey } from '../../testing/fake-controller.js';
import { type Ended, ended, Home, until } from '../../testing/run-sweep.js';
import { isRunning, markOf } from '../local/process.js';

const program = (name: string): string => fileURLToPath(new URL(`../../testing/${name}.mjs`, import.meta.url));
const firstKey = 'f'.repeat(40);

let home: Home;
let dataDir: string;
let env: Record<string, string>;

beforeEach(async () => {
  home = await Home.open();
  dataDir = join(home.folder, 'data/sweep');
  env = {
    SWEEP_CONTROLLER_PROGRAM: program('fake-controller-process'),
    SWEEP_AGENT_PROGRAM: program('fake-agent-process'),
    SWEEP_PORT: '0',
    SWEEP_GRPC_PORT: '0',
    FAKE_AGENT_EVENTS: join(home.folder, 'data/sweep/events'),
  };
});
afterEach(async () => {
  await sweep('down', '--timeout', '5');
  await home.close();
});
afterAll(removeCommand);

const sweep = (...args: string[]): Promise<Ended> => home.run(args, { env });
const events = (): string[] =>
  existsSync(join(dataDir, 'events')) ? readFileSync(join(dataDir, 'events'), 'utf8').trim().split('\n') : [];
const happened = (what: string): number => events().filter((event) => event.startsWith(what)).length;
const server = async (): Promise<{ url: string; pid: number }> =>
  JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')) as { url: string; pid: number };
const alive = (pid: number): boolean => isRunning(markOf(pid));

async function upInFront(...args: string[]): Promise<{ child: ChildProcess; end: Promise<Ended> }> {
  const child = home.start(['up', ...args], { env });
  const end = ended(child);
  await until(() => existsSync(join(dataDir, 'server.json')), 'the controller is ready');
  return { child, end };
}

describe('sweep up', () => {
  it('prints what a person needs, and the first key once, and keeps it for this user', async () => {
    const first = await sweep('up', '--detach');
    expect(first).toMatchObject({ code: 0 });
    const { url } = await server();
    expect(first.stdout).toContain(`dashboard          ${url}`);
    expect(first.stdout).toContain(`sweep agent --url ${url}`);
    expect(first.stdout).toContain(`WANDB_BASE_URL=${url}`);
    expect(first.stdout).toContain(firstKey);
    await sweep('down');
    const second = await sweep('up', '--detach', '--agents', '1');
    expect(second.stdout).not.toContain(firstKey);
    await until(() => happened('agent [') > 0, 'the agent');
    // The port is another one now; the key is found by the data folder.
    expect(events().at(-1)).toContain(firstKey);
  });

  it('beside a live controller reports it and is done', async () => {
    await sweep('up', '--detach');
    const { url, pid } = await server();
    const again = await sweep('up', '--json');
    expect(again).toMatchObject({ code: 0 });
    expect(JSON.parse(again.stdout)).toMatchObject({ url, pid });
    expect(happened('controller ')).toBe(1);
  });

  it('replaces what a killed controller left behind', async () => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(
      join(dataDir, 'server.json'),
      JSON.stringify({ url: 'http://127.0.0.1:9', grpcUrl: '', pid: process.pid, version: '', startedAt: '' }),
    );
    expect((await sweep('up', '--detach')).code).toBe(0);
    expect((await server()).pid).not.toBe(process.pid);
  });

  it('starts the controller again when it dies, on the same port', async () => {
    await sweep('up', '--detach');
    const before = await server();
    process.kill(before.pid, 'SIGKILL');
    await until(async () => (await server()).pid !== before.pid, 'another controller');
    expect((await server()).url).toBe(before.url);
  });

  it('starts an agent again when it dies', async () => {
    await sweep('up', '--detach', '--agents', '1');
    await until(() => happened('agent [') === 1, 'the agent');
    const noted = JSON.parse(await readFile(join(dataDir, 'up.json'), 'utf8')) as { agents: { pid: number }[] };
    process.kill(noted.agents[0]!.pid, 'SIGKILL');
    await until(() => happened('agent [') === 2, 'another agent');
  });

  it('on Ctrl-C ends the agents, then the controller, and leaves nothing', async () => {
    const { child, end } = await upInFront('--agents', '2');
    await until(() => happened('agent [') === 2, 'two agents');
    const names = events().flatMap((event) => /"--name","([^"]+)"/.exec(event)?.[1] ?? []);
    expect(new Set(names).size).toBe(2);
    const { pid } = await server();
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    expect(events().slice(-5)).toEqual([...Array(2).fill('agent drains'), ...Array(2).fill('agent stops by SIGTERM'), 'controller stops']);
    expect(alive(pid)).toBe(false);
    expect(existsSync(join(dataDir, 'up.json'))).toBe(false);
  });

  it('gives each agent its own folder, and no key in an argument', async () => {
    await sweep('up', '--detach', '--agents', '2');
    await until(() => happened('agent [') === 2, 'two agents');
    const folders = events()
      .filter((event) => event.startsWith('agent ['))
      .map((event) => /\[(.*)\]/.exec(event)![1]!);
    expect(new Set(folders).size).toBe(2);
    expect(folders.join()).not.toContain(firstKey);
  });

  it('passes on that the controller refused its settings, in front and behind', async () => {
    for (const flags of [[], ['--detach']]) {
      const { code, stderr } = await sweep('up', ...flags, '--', '--refuse');
      expect(code).toBe(2);
      expect(stderr).toContain('host: no');
    }
  });
});

describe('sweep down', () => {
  it('ends everything, and says so when there is nothing', async () => {
    await sweep('up', '--detach', '--agents', '1');
    const { pid } = await server();
    const { supervisor } = JSON.parse(await readFile(join(dataDir, 'up.json'), 'utf8')) as { supervisor: { pid: number } };
    expect((await sweep('down')).code).toBe(0);
    expect([alive(pid), alive(supervisor.pid), existsSync(join(dataDir, 'server.json'))]).toEqual([false, false, false]);
    expect(await sweep('down')).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing runs') });
  });

  it('ends what a killed supervisor left behind', async () => {
    await sweep('up', '--detach', '--agents', '1');
    await until(() => happened('agent [') === 1, 'the agent');
    const noted = JSON.parse(await readFile(join(dataDir, 'up.json'), 'utf8')) as Record<'supervisor' | 'controller', { pid: number }> & {
      agents: { pid: number }[];
    };
    process.kill(noted.supervisor.pid, 'SIGKILL');
    await until(() => !alive(noted.supervisor.pid), 'the supervisor is gone');
    const orphans = [noted.controller, ...noted.agents].map(({ pid }) => pid);
    expect(orphans.map(alive)).toEqual([true, true]);
    await sweep('down');
    expect(orphans.map(alive)).toEqual([false, false]);
    expect(events().at(-1)).toBe('controller stops');
  });

  it('does not end another program that was given the same process id', async () => {
    await mkdir(dataDir, { recursive: true });
    const mark = { ...markOf(process.pid), startTicks: '1' };
    await writeFile(join(dataDir, 'up.json'), JSON.stringify({ supervisor: mark, controller: mark, agents: [mark] }));
    expect((await sweep('down')).stderr).toContain('nothing runs');
  });
});

describe('sweep agent', () => {
  it('becomes the agent, with its flags and its exit code', async () => {
    await mkdir(dataDir, { recursive: true });
    const { code } = await sweep(
      'agent',
      'k3f9x2ab',
      '--count',
      '2',
      '--label',
      'a=1',
      '--label',
      'b=2',
      '--slots-per-gpu',
      '2',
      '--forward-signals',
      '--url',
      'http://x',
    );
    expect(code).toBe(3);
    expect(events()[0]).toContain(
      'agent ["k3f9x2ab","--count","2","--label","a=1","--label","b=2","--slots-per-gpu","2","--forward-signals"] http://x',
    );
  });

  it('is the agent’s process: what kills or signals one does so to the other', async () => {
    await mkdir(dataDir, { recursive: true });
    const child = home.start(['agent'], { env });
    const end = ended(child);
    await until(() => happened('agent [') === 1, 'the agent');
    expect(events()[0]).toMatch(new RegExp(`as process ${child.pid}$`));
    child.kill('SIGINT');
    await until(() => happened('agent drains') === 1, 'the first signal');
    child.kill('SIGINT');
    expect((await end).code).toBe(0);
    expect(events().at(-1)).toBe('agent stops by SIGINT');
  });
});

describe('sweep create --agents', () => {
  it('runs agents here for that sweep alone, until it ends', async () => {
    const fake = await new FakeController().open();
    try {
      await mkdir(dataDir, { recursive: true });
      const child = home.start(['create', '-', '--agents', '2', '--url', fake.url], { env: { ...env, SWEEP_API_KEY: goodKey }, stdin: '' });
      child.stdin!.end('program: train.py\nmethod: grid\nparameters: {a: {values: [1, 2]}}\n');
      const end = ended(child);
      await until(() => happened('agent ["new00001"') === 2, 'two agents');
      fake.addSweep({ id: 'new00001', state: 'completed' });
      const { code, stdout } = await end;
      expect(code).toBe(0);
      expect(stdout.trim().split('\n').at(-1)).toBe('sweep agent new00001');
      await until(() => happened('agent stops') === 2, 'both have left');
    } finally {
      await fake.close();
    }
  });
});

describe('sweep key reset', () => {
  it('prints the new key of the data folder alone, and keeps it', async () => {
    const { code, stdout } = await sweep('key', 'reset');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${'n'.repeat(40)}\n` });
    expect(await readFile(join(home.folder, 'config/sweep/credentials'), 'utf8')).toContain('n'.repeat(40));
  });

  it('fails when the controller cannot open the folder', async () =>
    expect((await sweep('key', 'reset', '--data-dir', '/nowhere')).code).toBe(1));
});
