/** A controller that other machines can reach: TLS without being asked for, with a certificate that agents know by its fingerprint. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SweepView, TrialView } from '@sweep/api';
import { testCertificate } from '@sweep/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { gridOf } from '../support/programs.js';

/** Asks the controller's HTTP interface as the `wandb` client would: with the authorities that its environment names. */
const program = `
const url = new URL('/healthz', env.WANDB_BASE_URL);
url.hostname = '127.0.0.1';
const probe = 'require("https").get(process.argv[1], (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on("error", () => process.exit(2))';
const { status } = require('child_process').spawnSync(process.execPath, ['--use-openssl-ca', '-e', probe, url.href]);
report({ loss: status, bundles: env.SSL_CERT_FILE === env.REQUESTS_CA_BUNDLE ? 1 : 2 });
console.log(url.protocol);`;

describe('a controller on an address that other machines reach', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ settings: { SWEEP_HOST: '0.0.0.0' } });
  });
  afterAll(() => cluster.stop());

  it('speaks TLS alone, with a certificate of its own that it keeps', async () => {
    expect(cluster.url).toMatch(/^https:/);
    const kept = new X509Certificate(readFileSync(join(cluster.folder, 'data/tls/cert.pem')));
    expect(cluster.fingerprint).toBe(kept.fingerprint256);
    expect(JSON.parse(readFileSync(join(cluster.folder, 'data/server.json'), 'utf8'))).toMatchObject({ fingerprint: cluster.fingerprint });
    const plain = await new Promise((resolve) => {
      request(new URL('/healthz', cluster.url.replace('https:', 'http:')), (answer) => resolve(answer.statusCode))
        .once('error', () => resolve('refused'))
        .end();
    });
    expect(plain).not.toBe(200);
  });

  it('is used by the command line, by an agent over gRPC and HTTP, and by its programs, all by the fingerprint', async () => {
    const agent = cluster.startAgent({ name: 'friend' });
    const created = await cluster.sweep(['create', '-', '--wait', '--json'], { input: gridOf(program) });
    expect(created, created.stderr).toMatchObject({ code: 0 });
    const { id } = JSON.parse(created.stdout) as SweepView;
    const shown = await cluster.sweep(['trials', id, '--json']);
    expect(JSON.parse(shown.stdout) as TrialView[], agent.stderr()).toMatchObject([
      { state: 'completed', summary: { loss: 0, bundles: 1 } },
    ]);
    expect(readFileSync(join(agent.workdir, 'agent.fingerprint'), 'utf8').trim()).toBe(cluster.fingerprint);
  });

  it('is refused by an agent that trusts another certificate, in a sentence that names both', async () => {
    const other = 'ab'.repeat(32);
    const agent = cluster.startAgent({ name: 'stranger', env: { SWEEP_FINGERPRINT: other } });
    expect(await agent.ended).toBe(4);
    const found = cluster.fingerprint!.replaceAll(':', '').toLowerCase();
    expect(agent.stderr()).toContain(`has the fingerprint ${found}, this agent trusts ${other}`);
  });

  it('is refused by who knows nothing of its certificate, with what to do', async () => {
    const agent = cluster.startAgent({ name: 'newcomer', env: { SWEEP_FINGERPRINT: '' } });
    expect(await agent.ended).toBe(4);
    expect(agent.stderr()).toMatch(/is not trusted .*--fingerprint/);
  });

  it('stays known to an agent that has pinned it, and to a controller that starts again', async () => {
    const agent = cluster.startAgent({ name: 'friend', workdir: join(cluster.folder, 'again') });
    await expect.poll(() => agent.stderr(), { timeout: 20_000 }).toContain('connected as friend');
    cluster.controller.kill('SIGTERM');
    await cluster.controller.ended;
    await cluster.startController();
    agent.kill('SIGINT');
    expect(await agent.ended).toBe(130);
    const back = cluster.startAgent({ name: 'friend', workdir: agent.workdir, env: { SWEEP_FINGERPRINT: '' } });
    await expect.poll(() => back.stderr(), { timeout: 20_000 }).toContain('connected as friend');
  });
});

describe('a controller with a given certificate', () => {
  let cluster: Cluster;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sweep-given-'));
    await writeFile(join(folder, 'cert.pem'), testCertificate.cert);
    await writeFile(join(folder, 'key.pem'), testCertificate.key);
    cluster = await startCluster({ settings: { SWEEP_TLS_CERT: join(folder, 'cert.pem'), SWEEP_TLS_KEY: join(folder, 'key.pem') } });
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['its authority', () => ['--ca-file', join(folder, 'cert.pem')]],
    ['its fingerprint', () => ['--fingerprint', new X509Certificate(testCertificate.cert).fingerprint256]],
  ])('serves an agent that knows %s, and its programs', async (what, flags) => {
    const agent = cluster.startAgent({ name: what.replace(/\W/g, '-'), args: [...flags(), '--count', '1'] });
    const created = await cluster.sweep(['create', '-', '--wait', '--json', ...flags()], { input: gridOf(program) });
    expect(created, created.stderr + agent.stderr()).toMatchObject({ code: 0 });
    const { id } = JSON.parse(created.stdout) as SweepView;
    const shown = await cluster.sweep(['trials', id, '--json', ...flags()]);
    expect(JSON.parse(shown.stdout)).toMatchObject([{ state: 'completed', summary: { loss: 0, bundles: 1 } }]);
    expect(await agent.ended).toBe(0);
  });

  it('is not trusted by whoever knows neither, and says what to give', async () => {
    const refused = await cluster.sweep(['ls']);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain('--fingerprint');
  });

  it('stays known to who logged in by its fingerprint, and logs in again without', async () => {
    const fingerprint = new X509Certificate(testCertificate.cert).fingerprint256;
    for (const flags of [['--fingerprint', fingerprint], []]) {
      const done = await cluster.sweep(['login', cluster.url, ...flags], { input: cluster.key });
      expect(done, done.stderr).toMatchObject({ code: 0 });
    }
    const listed = await cluster.sweep(['ls']);
    expect(listed, listed.stderr).toMatchObject({ code: 0 });
  });
});
