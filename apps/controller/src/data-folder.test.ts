import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Announcement, claimDataFolder, type HeldFolder } from './data-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const server: Announcement = {
  url: 'http://127.0.0.1:1',
  grpcUrl: 'http://127.0.0.1:2',
  pid: process.pid,
  version: '1',
  startedAt: '2026-01-01T00:00:00.000Z',
};
/** Some other process that lives. */
const other = process.ppid;

function held(pid?: number): HeldFolder {
  const claim = claimDataFolder(folder, pid);
  if (!claim.held) throw new Error(`held by ${claim.pid}`);
  return claim.folder;
}

describe('a data folder', () => {
  it('is held by one controller; the others learn where that one is', () => {
    const mine = held(other);
    expect(claimDataFolder(folder)).toEqual({ held: false, pid: other, server: null });
    mine.announce({ ...server, pid: other });
    expect(claimDataFolder(folder)).toEqual({ held: false, pid: other, server: { ...server, pid: other } });
  });

  it('is free again after its release, and nothing is left', () => {
    const mine = held();
    mine.announce(server);
    mine.retract();
    mine.release();
    expect(readdirSync(folder)).toEqual([]);
    held();
  });

  it('announces in one step, readable by its owner alone', () => {
    held().announce(server);
    expect(JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8'))).toEqual(server);
    expect(statSync(join(folder, 'server.json')).mode & 0o077).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['controller.lock', 'server.json']);
  });

  it('is taken over from a controller that was killed, whose announcement goes with it', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    held(child.pid!).announce({ ...server, pid: child.pid! });
    held();
    expect(readdirSync(folder)).toEqual(['controller.lock']);
  });

  it.runIf(existsSync('/proc/self/stat'))('is taken over when the process id was given to another program since (needs /proc)', () => {
    writeFileSync(join(folder, 'controller.lock'), JSON.stringify({ pid: other, born: '1' }));
    held();
  });

  it('is taken over from a lock file that nobody can read', () => {
    writeFileSync(join(folder, 'controller.lock'), '{"pid":');
    held();
  });
});
