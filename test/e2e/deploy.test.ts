/**
 * What `deploy/` promises, as far as it can be held to it without a container daemon: who reaches what, where passwords come from, how Redis
 * keeps its data, and that every setting is one that the programs know. The proxy is run in two-controllers.test.ts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../support/cluster.js';
import { expectNoneLeft, type Started, start } from '../support/processes.js';
import { until } from '../support/until.js';

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: string;
  readonly command?: readonly string[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const compose = join(root, 'deploy/compose');
const units = join(root, 'deploy/systemd');
/** Every variable that a program's configuration names. */
const knownTo = (app: string): ReadonlySet<string> =>
  new Set(readFileSync(join(root, 'apps', app, 'src/config.ts'), 'utf8').match(/SWEEP_[A-Z_]+/g));
const sweepNames = (text: string): readonly string[] => [...new Set(text.match(/\bSWEEP_[A-Z_]+/g))];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-deploy-'));
});
afterAll(async () => {
  await expectNoneLeft(folder);
  await rm(folder, { recursive: true });
});

/** Runs setup.sh; answers the folder of its secrets. */
function setUp(name: string, into: string): string {
  const secrets = join(folder, into);
  const { status, stdout, stderr } = setUpIn(secrets, name);
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/--fingerprint ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
  return secrets;
}

const setUpIn = (secrets: string, name: string) => spawnSync('sh', [join(compose, 'setup.sh'), name, secrets], { encoding: 'utf8' });

describe('the compose file', () => {
  const { services, networks, volumes, secrets } = parse(readFileSync(join(compose, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;
  const controllers = ['controller-1', 'controller-2'];

  it('publishes two ports of the proxy and nothing else', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual(['proxy 8420:8420', 'proxy 8421:8421']);
  });

  it('lets controllers alone reach database and queue, which reach nobody', () => {
    expect(Object.keys(networks).filter((name) => networks[name]?.internal)).toEqual(['inside']);
    expect(services['postgres']?.networks).toEqual(['inside']);
    expect(services['redis']?.networks).toEqual(['inside']);
    const inside = Object.keys(services).filter((name) => services[name]?.networks.includes('inside'));
    expect(inside.sort()).toEqual([...controllers, 'postgres', 'redis']);
  });

  it('gives each controller a data folder of its own, and both the same files', () => {
    const [first, second] = controllers.map((name) => services[name]?.volumes ?? []);
    expect(first).toEqual(['controller-1:/data', 'blobs:/data/blobs']);
    expect(second).toEqual(['controller-2:/data', 'blobs:/data/blobs']);
    const named = Object.values(services)
      .flatMap((service) => service.volumes ?? [])
      .map((volume) => volume.split(':')[0]!);
    expect(Object.keys(volumes)).toEqual(expect.arrayContaining(named.filter((name) => !name.startsWith('.'))));
    // A named volume belongs to whom the image gave the folder that it is mounted over.
    expect(readFileSync(join(compose, 'Dockerfile'), 'utf8')).toMatch(/mkdir -p \/data\/blobs && chown -R node:node \/data\n/);
  });

  it('pins what it runs', () => {
    for (const { image } of Object.values(services)) expect(image).toMatch(/:(\d+\.\d+(\.\d+)?-\w+|local)$/);
  });

  it('runs controllers without any right of the machine', () => {
    for (const name of controllers) expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('holds no password: they lie in files that setup.sh makes', () => {
    const made = setUp('sweeps.example.org', 'files');
    for (const service of Object.values(services)) {
      for (const [name, value] of Object.entries(service.environment ?? {})) {
        if (/PASSWORD|SECRET|KEY|TOKEN|CERT/.test(name)) expect(value, name).toMatch(/^\/run\/secrets\/\w+$/);
        expect(value).not.toMatch(/\w:[^/@]+@/);
      }
      const inFiles = (service.command ?? []).filter((word) => word.startsWith('/run/secrets/')).map((word) => word.slice(13));
      expect(service.secrets ?? []).toEqual(expect.arrayContaining(inFiles));
      for (const secret of service.secrets ?? []) expect(readdirSync(made)).toContain(secrets[secret]?.file.replace('secrets/', ''));
      if (service.env_file !== undefined) expect(readdirSync(made)).toContain(service.env_file.replace('secrets/', ''));
    }
  });

  it('and the image name settings that the controller knows', () => {
    const texts = [JSON.stringify(services), readFileSync(join(compose, 'Dockerfile'), 'utf8')];
    const env = readFileSync(join(setUp('sweeps.example.org', 'names'), 'controller.env'), 'utf8');
    const used = sweepNames([...texts, env].join('\n'));
    expect(used).toEqual(expect.arrayContaining(['SWEEP_DATABASE_URL', 'SWEEP_REDIS_URL', 'SWEEP_TLS_CERT', 'SWEEP_HOST']));
    expect(used.filter((name) => !knownTo('controller').has(name))).toEqual([]);
  });
});

describe('setup.sh', () => {
  const password = (text: string, place: RegExp): string => place.exec(text)![1]!;

  it('makes passwords that are long, of their own, and the same in every file that needs them', () => {
    const made = setUp('10.1.2.3', 'one');
    const text = (name: string): string => readFileSync(join(made, name), 'utf8');
    expect([text('postgres'), text('redis')]).toEqual([expect.stringMatching(/^[0-9a-f]{48}$/), expect.stringMatching(/^[0-9a-f]{48}$/)]);
    expect(text('postgres')).not.toBe(text('redis'));
    expect(password(text('controller.env'), /DATABASE_URL=postgres:\/\/sweep:(\w+)@postgres\/sweep\n/)).toBe(text('postgres'));
    expect(password(text('controller.env'), /REDIS_URL=redis:\/\/:(\w+)@redis:6379\n/)).toBe(text('redis'));
    expect(password(text('redis.conf'), /requirepass (\w+)\n/)).toBe(text('redis'));
    expect(statSync(made).mode & 0o077).toBe(0);
    const other = setUp('10.1.2.3', 'two');
    expect(readFileSync(join(other, 'postgres'), 'utf8')).not.toBe(text('postgres'));
  });

  it.each(['; rm -rf /', '$(id)', 'a b', '', '../x'])('makes nothing for a name like "%s"', (name) => {
    const secrets = join(folder, 'refused');
    expect(setUpIn(secrets, name).status).toBe(1);
    expect(existsSync(secrets)).toBe(false);
  });

  it('keeps what is there when it is run again', () => {
    const made = setUp('10.1.2.3', 'kept');
    const all = () => readdirSync(made).map((name) => readFileSync(join(made, name), 'utf8'));
    const before = all();
    setUp('10.1.2.3', 'kept');
    expect(all()).toEqual(before);
  });

  it.each(['', 'a b', '$(id)', '-x;', '../up'])('refuses "%s" as a name', (name) => {
    const { status, stderr } = spawnSync('sh', [join(compose, 'setup.sh'), name, join(folder, 'refused')], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('is not a host name');
  });

  it('makes a configuration with which Redis asks for the password, appends to its file, and evicts nothing', async ({ skip }) => {
    if (spawnSync('redis-server', ['--version']).status !== 0) return skip('redis: no redis-server is installed');
    const made = setUp('10.1.2.3', 'redis');
    const socket = join(folder, 'redis.sock');
    const conf = join(made, 'redis.conf');
    writeFileSync(conf, readFileSync(conf, 'utf8').replace('dir /data', `dir ${made}`));
    const redis = start('redis-server', [conf, '--port', '0', '--unixsocket', socket], {
      cwd: folder,
      env: {},
    });
    const ask = (env: Readonly<Record<string, string>>, ...words: readonly string[]): string =>
      spawnSync('redis-cli', ['-s', socket, ...words], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } }).stdout.trim();
    try {
      await until(() => ask({}, 'ping').includes('NOAUTH'), {
        what: 'redis to ask for the password',
        seen: () => [redis.stdout(), redis.stderr()],
      });
      const known = { REDISCLI_AUTH: readFileSync(join(made, 'redis'), 'utf8') };
      expect(ask(known, 'config', 'get', 'appendonly')).toBe('appendonly\nyes');
      expect(ask(known, 'config', 'get', 'maxmemory-policy')).toBe('maxmemory-policy\nnoeviction');
    } finally {
      redis.kill('SIGTERM');
      await redis.ended;
    }
  });
});

describe('the systemd units', () => {
  const unit = (name: string): string => readFileSync(join(units, name), 'utf8');
  let analyze: Started | null = null;
  afterAll(async () => {
    await analyze?.ended;
  });

  it.for(['sweep-controller.service', 'sweep-agent.service'])('%s is understood by systemd', async (name, { skip }) => {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) return skip('systemd: no systemd-analyze is installed');
    const copy = join(folder, name);
    // Where programs will be installed there is nothing yet.
    writeFileSync(copy, unit(name).replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
    analyze = start('systemd-analyze', ['verify', copy], { cwd: folder, env: {} });
    expect({ code: await analyze.ended, said: analyze.stderr() }).toEqual({ code: 0, said: '' });
  });

  it.each([
    ['sweep-controller.service', 'controller'],
    ['sweep-agent.service', 'agent'],
  ])('%s names settings that the %s knows', (name, app) => {
    const used = sweepNames(unit(name));
    expect(used).not.toEqual([]);
    expect(used.filter((variable) => !knownTo(app).has(variable))).toEqual([]);
  });

  it('let training programs outlive a restart of the agent, and let the controller finish', () => {
    expect(unit('sweep-agent.service')).toMatch(/^KillMode=process$/m);
    expect(unit('sweep-controller.service')).toMatch(/^KillMode=mixed$/m);
    expect(unit('sweep-controller.service')).toMatch(/^TimeoutStopSec=60$/m);
  });
});
