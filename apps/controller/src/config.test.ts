import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@sweep/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readControllerConfig } from './config.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (argv: readonly string[] = [], environment: Record<string, string> = {}) =>
  readControllerConfig(argv, { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, ...environment }, folder);

describe('the controller without settings', () => {
  it('listens on loopback and keeps its own database', () => {
    expect(read([], { USER: 'ada' })).toMatchObject({
      dataDir: join(folder, 'sweep'),
      databaseUrl: null,
      redisUrl: null,
      host: '127.0.0.1',
      port: 8420,
      grpcPort: 8421,
      tls: null,
      rateLimit: { perSecond: 500, burst: 2_000 },
      times: { ttlMs: 30_000, agentSilenceMs: 30_000, controllerHeartbeatMs: 5_000 },
      userName: 'ada',
    });
  });
});

describe('a setting', () => {
  it('of a flag outranks the environment', () => {
    expect(read(['--port', '0'], { SWEEP_PORT: '9000', SWEEP_GRPC_PORT: '9001' })).toMatchObject({ port: 0, grpcPort: 9001 });
  });

  it('of requests a second is none when it is 0', () => {
    expect(read(['--rate-limit', '0']).rateLimit).toBeNull();
    expect(read([], { SWEEP_RATE_LIMIT: '0.1' }).rateLimit).toEqual({ perSecond: 0.1, burst: 1 });
    expect(() => read(['--rate-limit=-1'])).toThrow(/rateLimit.*--rate-limit/);
  });

  it.each([
    ['2', 2_000],
    ['500ms', 500],
    ['1.5s', 1_500],
    ['2m', 120_000],
  ])('of time reads %s', (text, ms) => {
    expect(read([], { SWEEP_LEASE_TTL: text }).times.ttlMs).toBe(ms);
  });

  it.each([
    [['--port', '70000'], {}, /port.*70000.*--port.*0 to 65535/],
    [[], { SWEEP_DATABASE_URL: 'mysql://x' }, /databaseUrl.*SWEEP_DATABASE_URL.*postgres:\/\//],
    [[], { SWEEP_LEASE_TTL: 'soon' }, /leaseTtl.*soon.*30s/],
    [['--prot', '1'], {}, /--prot/],
    [['--tls-cert', 'cert.pem'], {}, /tlsKey/],
  ] as const)('that is wrong stops the start and is named: %j %j', (argv, environment, message) => {
    expect(() => read(argv, environment)).toThrow(ConfigError);
    expect(() => read(argv, environment)).toThrow(message);
  });
});

describe('an address that other machines reach', () => {
  it.each(['0.0.0.0', '10.0.0.5', '::', 'gpu-1.example'])('is %s: TLS without being asked for', (host) => {
    expect(read(['--host', host]).tls).toBe('own');
  });

  it('goes without when something else encrypts, or with a given certificate', () => {
    expect(read(['--host', '0.0.0.0', '--insecure']).tls).toBeNull();
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(cert, 'C');
    writeFileSync(key, 'K');
    expect(read(['--host', '10.0.0.5', '--tls-cert', cert, '--tls-key', key]).tls).toEqual({
      cert: Buffer.from('C'),
      key: Buffer.from('K'),
    });
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('is not %s', (host) => {
    expect(read(['--host', host])).toMatchObject({ host, tls: null });
  });
});
