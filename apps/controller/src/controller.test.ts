import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@sweep/api';
import { Unavailable } from '@sweep/domain';
import { silentLogger } from '@sweep/runtime';
import { testDatabase } from '@sweep/store/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readControllerConfig } from './config.js';
import { AlreadyRunning, type FirstKey, type RunningController, startController } from './controller.js';

const database = await testDatabase();
const url = 'url' in database ? database.url : null;
let folder: string;
let keys: FirstKey[];
let running: RunningController[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-controller-'));
  [keys, running] = [[], []];
});
afterEach(async () => {
  for (const controller of running) await controller.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  if ('drop' in database) await database.drop();
});

async function start(...flags: string[]): Promise<RunningController> {
  const config = readControllerConfig(
    ['--data-dir', folder, '--database-url', url!, '--port', '0', '--grpc-port', '0', ...flags],
    { USER: 'ada' },
    folder,
  );
  const controller = await startController({ config, version: '1.2.3', log: silentLogger, onFirstKey: (key) => keys.push(key) });
  running.push(controller);
  return controller;
}

describe.skipIf(url === null)(url === null ? 'a controller (postgres: none is here)' : 'a controller', () => {
  it('says where it is, lets in who has the first key, and leaves nothing but blobs', async () => {
    const { server, stop } = await start();
    expect(JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8'))).toEqual(server);
    expect(server).toMatchObject({ pid: process.pid, version: '1.2.3' });
    expect(keys).toEqual([{ user: 'ada', key: expect.stringMatching(/^[a-z0-9]{40}$/) }]);
    const client = createClient({ url: server.url, key: keys[0]!.key });
    expect(await client.server()).toMatchObject({ url: server.url, grpcUrl: server.grpcUrl, database: 'external', queue: 'postgres' });
    await client.ready();
    await stop();
    expect(readdirSync(folder)).toEqual(['blobs']);
    await expect(client.ready()).rejects.toThrow(Unavailable);
  });

  it('makes a key on the first start of a database only', async () => {
    await (await start()).stop();
    expect(keys).toEqual([]);
  });

  it('is alone on its data folder: another one learns where it is and opens nothing', async () => {
    const { server } = await start();
    // A process does not shut itself out, so that another living one must hold the lock.
    writeFileSync(join(folder, 'controller.lock'), JSON.stringify({ pid: process.ppid, born: null }));
    const second = start();
    await expect(second).rejects.toThrow(AlreadyRunning);
    await expect(second).rejects.toMatchObject({ pid: process.ppid, server });
  });

  it('whose port is taken says so, and closes what it had opened', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start('--port', String(port))).rejects.toThrow(new RegExp(`cannot listen on 127.0.0.1:${port}.*EADDRINUSE.*--port`));
    expect(existsSync(join(folder, 'controller.lock'))).toBe(false);
    other.close();
  });
});
