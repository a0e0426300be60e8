/** A whole system for one benchmark: controller with its embedded database in a temporary folder, agents, client. From `bundle`. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from '@sweep/api';

export const root = resolve(import.meta.dirname, '../..');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export async function waitFor(probe, what, { withinMs = 120_000, everyMs = 20 } = {}) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}`);
    await pause(everyMs);
  }
}

/** Resident memory in MiB. */
export async function residentMb(pid) {
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** @param key of a folder that was started before: it is told only once */
export async function startSystem({ redisUrl, folder: given, settings = {}, key: known } = {}) {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'sweep-bench-')));
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    SWEEP_DATA_DIR: join(folder, 'data'),
    SWEEP_LOG_LEVEL: 'warn',
    ...(redisUrl ? { SWEEP_REDIS_URL: redisUrl } : {}),
    ...settings,
  };
  const begun = performance.now();
  const controller = spawn('node', [join(root, 'apps/controller/bundle/main.js'), '--port', '0', '--grpc-port', '0'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  controller.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const said = (event) =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
      .find((line) => line.event === event);
  const ready = await waitFor(() => said('ready'), 'the controller');
  const upMs = performance.now() - begun;
  const key = said('first-key')?.key ?? known;
  const agents = [];

  return {
    folder,
    upMs,
    url: ready.url,
    grpcUrl: ready.grpcUrl,
    key,
    controllerPid: controller.pid,
    client: createClient({ url: ready.url, key: key ?? '' }),
    agent(slots) {
      const name = `box-${agents.length + 1}`;
      const flags = ['--url', ready.url, '--workdir', join(folder, name), '--name', name, '--gpus', 'none', '--slots', String(slots)];
      const child = spawn('node', [join(root, 'apps/agent/bundle/main.js'), ...flags], {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          SWEEP_API_KEY: key,
          SWEEP_GRPC_URL: ready.grpcUrl,
          WANDB_AGENT_DISABLE_FLAPPING: 'true',
        },
        stdio: 'ignore',
      });
      agents.push(child);
      return child;
    },
    async ended(id) {
      let sweep;
      await waitFor(
        async () => {
          sweep = await this.client.getSweep(id);
          return ['completed', 'cancelled', 'failed'].includes(sweep.state);
        },
        `sweep ${id}`,
        // Looking is work for the controller: seldom, so that it is not what is measured.
        { withinMs: 600_000, everyMs: 500 },
      );
      return sweep;
    },
    async stop({ keep = false } = {}) {
      for (const child of [...agents, controller]) {
        const closed = new Promise((done) => child.once('close', done));
        if (child.exitCode === null && child.signalCode === null) {
          child.kill('SIGTERM');
          await closed;
        }
      }
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}

export function quantile(sorted, q) {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
