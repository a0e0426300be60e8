import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Invalid } from '@sweep/domain';
import { silentLogger } from '@sweep/runtime';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Binaries, embeddedBinaries, linkLibraries } from './binaries.js';
import { livePostmaster } from './postmaster.js';
import { type Embedded, startEmbedded } from './supervisor.js';

const present = process.platform === 'linux' && (await embeddedBinaries(join(tmpdir(), 'sweep-unused'))) !== null;

let folder = '';
const running: Embedded[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sweep-embedded-')));
});
afterEach(async () => {
  for (const server of running.splice(0).reverse()) await server.stop();
  rmSync(folder, { recursive: true });
});

async function start(dataDir = folder): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, log: silentLogger });
  running.push(server);
  return server;
}

async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function until<T>(read: () => Promise<T | null>, withinMs: number): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await read();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${read.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const cluster = (dataDir = folder): string => join(dataDir, 'postgres');
const pidOf = async (dataDir = folder): Promise<number> => (await livePostmaster(cluster(dataDir)))!.pid;
/** Of the server and its children: all of them work in the cluster's folder. */
const processes = (dataDir = folder): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === cluster(dataDir);
    } catch {
      return false;
    }
  });

/** The children of a killed server end by themselves, after what they are writing is on disk: not at once on a busy machine. */
async function untilNoneIsLeft(): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (let left = processes(); left.length > 0; left = processes()) {
    if (Date.now() > deadline)
      throw new Error(`still there: ${left.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Another program on the same data folder; it is killed, not stopped. */
async function startInChild(dataDir: string): Promise<ChildProcess> {
  const module = fileURLToPath(new URL('supervisor.ts', import.meta.url));
  const script = `
    import { runnerImport } from 'vite';
    const conditions = ['source', 'module', 'node', 'import', 'default'];
    const { module } = await runnerImport(${JSON.stringify(module)}, { configFile: false, logLevel: 'error',
      resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } },
      environments: { inline: { resolve: { conditions, noExternal: [/^@sweep/] } } } });
    const log = { info() {}, warn() {}, error() {}, debug() {} };
    await module.startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log });
    console.log('up');`;
  const cwd = dirname(module);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the other program did not start'))),
  ]);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

describe.skipIf(!present)(present ? 'embedded PostgreSQL' : 'embedded PostgreSQL (postgres: the optional package is not installed)', () => {
  it('starts in an empty folder, keeps what was written and leaves no process when stopped', async () => {
    const first = await start();
    expect(first.adopted).toBe(false);
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    expect(processes()).toEqual([]);
    const second = await start();
    expect(second).toMatchObject({ adopted: false, url: first.url });
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('puts what is committed on disk, in UTF-8, for this user alone', async () => {
    const { url } = await start();
    const settings = await query(url, "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit");
    expect(settings).toEqual([{ fsync: 'on', commit: 'on' }]);
    expect(await query(url, "SELECT pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = 'sweep'")).toEqual([
      { encoding: 'UTF8' },
    ]);
    expect(await query(url, "SELECT current_setting('listen_addresses') AS addresses")).toEqual([{ addresses: '' }]);
    expect(new URL(url).pathname).toBe('/sweep');
  });

  it('lives on when its parent is killed, and is adopted and stopped by the next', async () => {
    const parent = await startInChild(folder);
    const pid = await pidOf();
    await kill(parent);
    expect(await pidOf()).toBe(pid);
    const server = await start();
    expect(server.adopted).toBe(true);
    expect(await pidOf()).toBe(pid);
    await server.stop();
    expect(processes()).toEqual([]);
  });

  it('is started again within 5 s when it is killed, with every committed row', async () => {
    const { url } = await start();
    await query(url, 'CREATE TABLE kept (n int)');
    for (let n = 0; n < 20; n++) await query(url, `INSERT INTO kept VALUES (${n})`);
    process.kill(await pidOf(), 'SIGKILL');
    const rows = await until(() => query(url, 'SELECT count(*)::int AS n FROM kept').catch(() => null), 5_000);
    expect(rows).toEqual([{ n: 20 }]);
  });

  it('is started again when it was adopted and is killed', async () => {
    await kill(await startInChild(folder));
    const { url, adopted } = await start();
    expect(adopted).toBe(true);
    const pid = await pidOf();
    process.kill(pid, 'SIGKILL');
    await until(async () => ((await livePostmaster(cluster()))?.pid ?? pid) !== pid || null, 5_000);
    expect(await until(() => query(url, 'SELECT 1 AS n').catch(() => null), 5_000)).toEqual([{ n: 1 }]);
  });

  it('is not stopped by a guest, and is revived by one when its owner stops it', async () => {
    const owner = await start();
    const guest = await start();
    expect(guest).toMatchObject({ adopted: true, url: owner.url });
    const passing = await start();
    await passing.stop();
    expect(await query(owner.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await owner.stop();
    expect(await until(() => query(guest.url, 'SELECT 1 AS n').catch(() => null), 5_000)).toEqual([{ n: 1 }]);
    await guest.stop();
    expect(processes()).toEqual([]);
  });

  it('starts once when two start at the same moment in an empty folder', async () => {
    const [one, other] = await Promise.all([start(), startInChild(folder)]);
    expect(await query(one.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await kill(other);
    await one.stop();
    await until(async () => (processes().length === 0 ? true : null), 5_000).catch(async () => (await start()).stop());
    expect(processes()).toEqual([]);
  });

  it('starts although another process has the number that both of its lock files name', async () => {
    await kill(await startInChild(folder));
    const { pid, socketFolder } = (await livePostmaster(cluster()))!;
    process.kill(pid, 'SIGKILL');
    await untilNoneIsLeft();
    const stranger = spawn('sleep', ['60']);
    try {
      for (const file of [join(cluster(), 'postmaster.pid'), join(socketFolder, '.s.PGSQL.5432.lock')]) {
        writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.pid)));
      }
      const server = await start();
      expect(server.adopted).toBe(false);
      expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    } finally {
      stranger.kill();
    }
  });

  it('has a socket on a short path however long the path of the data folder is', async () => {
    const far = join(folder, 'a'.repeat(80), 'b'.repeat(80));
    const { url } = await start(far);
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('refuses a folder that holds something else', async () => {
    mkdirSync(cluster());
    writeFileSync(join(cluster(), 'thesis.tex'), '');
    await expect(start()).rejects.toThrow(new Invalid(`${cluster()} holds something else than a PostgreSQL database: move it away`));
  });

  it('refuses a database of another major version, naming both', async () => {
    mkdirSync(cluster());
    writeFileSync(join(cluster(), 'PG_VERSION'), '12\n');
    await expect(start()).rejects.toThrow(/written by PostgreSQL 12, and this Sweep brings PostgreSQL \d+/);
  });

  it('refuses a server on its folder that does not let it in, and leaves that running', async () => {
    const parent = await startInChild(folder);
    const { url } = await start();
    await query(url, 'ALTER ROLE sweep NOLOGIN');
    await running.pop()!.stop();
    await expect(start()).rejects.toThrow(/another PostgreSQL \(process \d+\) runs on .* and does not let us in/);
    expect(processes()).not.toEqual([]);
    const { pid, socketFolder } = (await livePostmaster(cluster()))!;
    await kill(parent);
    process.kill(pid, 'SIGINT');
    await untilNoneIsLeft();
    rmSync(socketFolder, { recursive: true });
  });

  it('says what the server said when it does not start', async () => {
    const server = await start();
    await server.stop();
    writeFileSync(join(cluster(), 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start()).rejects.toThrow(/does not start .*(no_such_setting|configuration file).*postgres\.log/);
  });

  it('runs from an install whose library links were never made, without writing into it', async () => {
    const install = join(folder, 'install');
    const binaries = (await embeddedBinaries(folder)) as Binaries;
    const original = dirname(dirname(dirname(binaries.postgres)));
    mkdirSync(join(install, 'native', 'lib'), { recursive: true });
    symlinkSync(join(original, 'native', 'bin'), join(install, 'native', 'bin'));
    const list = join('native', 'pg-symlinks.json');
    writeFileSync(join(install, list), readFileSync(join(original, list)));
    const before = readdirSync(join(install, 'native', 'lib'));
    const links = await linkLibraries(install, join(folder, 'links'));
    expect(links).toBe(join(folder, 'links'));
    expect(readdirSync(links!)).toContain('libicuuc.so.60');
    expect(readdirSync(join(install, 'native', 'lib'))).toEqual(before);
    expect(await linkLibraries(original, join(folder, 'none'))).toBeNull();
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
