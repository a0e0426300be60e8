/** The controller's settings: flags, environment and files through one schema. The only reader of the environment in this program. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { s3Place } from '@sweep/blobs';
import { defaultLeaseTimes, type LeaseTimes } from '@sweep/domain';
import { type Config, ConfigError, dataHome, type LogLevel, logLevels, readConfig, type Setting } from '@sweep/runtime';
import { z } from 'zod';
import { isLoopback } from './auth/browser.js';
import type { RateLimit } from './auth/rate-limit.js';

const port = z.coerce.number().int('a whole number').min(0, '0 to 65535').max(65_535, '0 to 65535');
const threads = z.coerce.number().int('a whole number').min(1, '1 to 64').max(64, '1 to 64');
const folder = z
  .string()
  .min(1)
  .transform((path) => resolve(path));
const yes = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');
const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

const rate = z.coerce.number('a number of requests a second').min(0, 'requests a second; 0 for no limit');
/** Seconds that a key may save up: a page of a dashboard asks for much at once. */
const burstSeconds = 4;

/** Seconds, or a number with its unit. */
const duration = z.union([z.number(), z.string()]).transform((value, context) => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(String(value).trim());
  const ms = match === null ? Number.NaN : Number(match[1]) * unitMs[(match[2] ?? 's') as keyof typeof unitMs];
  if (ms > 0) return Math.round(ms);
  context.addIssue('a time such as 30s, 500ms or 2m; seconds without a unit');
  return z.NEVER;
});

const url = (...schemes: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol),
      `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    );

/** Node lists of sentinels and clusters hold several hosts, which is no URL by the standard. */
const redisUrl = z.string().regex(/^rediss?(\+\w+)?:\/\/\S+$/, 'a URL that begins with redis:// or rediss://');

function settings(environment: NodeJS.ProcessEnv) {
  const optional = <T>(key: string, flag: string, variable: string, schema: z.ZodType<T>): Setting<T | null> => ({
    key,
    flag,
    variable,
    schema,
    default: null,
  });
  const time = (key: string, flag: string, variable: string, ms: number): Setting<number> => ({
    key,
    flag,
    variable,
    schema: duration,
    default: ms,
  });
  return {
    dataDir: { key: 'dataDir', flag: '--data-dir', variable: 'SWEEP_DATA_DIR', schema: folder, default: () => dataHome(environment) },
    databaseUrl: optional('databaseUrl', '--database-url', 'SWEEP_DATABASE_URL', url('postgres:', 'postgresql:')),
    redisUrl: optional('redisUrl', '--redis-url', 'SWEEP_REDIS_URL', redisUrl),
    host: { key: 'host', flag: '--host', variable: 'SWEEP_HOST', schema: z.string().min(1), default: '127.0.0.1' },
    port: { key: 'port', flag: '--port', variable: 'SWEEP_PORT', schema: port, default: 8420 },
    grpcPort: { key: 'grpcPort', flag: '--grpc-port', variable: 'SWEEP_GRPC_PORT', schema: port, default: 8421 },
    publicUrl: optional(
      'publicUrl',
      '--public-url',
      'SWEEP_PUBLIC_URL',
      url('http:', 'https:').transform((text) => text.replace(/\/+$/, '')),
    ),
    logLevel: {
      key: 'logLevel',
      flag: '--log-level',
      variable: 'SWEEP_LOG_LEVEL',
      schema: z.enum(logLevels as [LogLevel]),
      default: 'info',
    },
    rateLimit: { key: 'rateLimit', flag: '--rate-limit', variable: 'SWEEP_RATE_LIMIT', schema: rate, default: 500 },
    insecure: { key: 'insecure', flag: '--insecure', variable: 'SWEEP_INSECURE', schema: yes, default: false },
    privateWebhooks: {
      key: 'privateWebhooks',
      flag: '--private-webhooks',
      variable: 'SWEEP_PRIVATE_WEBHOOKS',
      schema: yes,
      default: false,
    },
    blobsUrl: optional(
      'blobsUrl',
      '--blobs-url',
      'SWEEP_BLOBS_URL',
      z.string().refine((text) => s3Place(text) !== null, 's3://BUCKET/PREFIX?endpoint=https://…&region=…, without credentials'),
    ),
    tlsCert: optional('tlsCert', '--tls-cert', 'SWEEP_TLS_CERT', folder),
    tlsKey: optional('tlsKey', '--tls-key', 'SWEEP_TLS_KEY', folder),
    samplerThreads: {
      key: 'samplerThreads',
      flag: '--sampler-threads',
      variable: 'SWEEP_SAMPLER_THREADS',
      schema: threads,
      default: 2,
    },
    leaseTtl: time('leaseTtl', '--lease-ttl', 'SWEEP_LEASE_TTL', defaultLeaseTimes.ttlMs),
    agentSilence: time('agentSilence', '--agent-silence', 'SWEEP_AGENT_SILENCE', defaultLeaseTimes.agentSilenceMs),
    heartbeat: time('heartbeat', '--controller-heartbeat', 'SWEEP_CONTROLLER_HEARTBEAT', defaultLeaseTimes.controllerHeartbeatMs),
  } as const satisfies Record<string, Setting<unknown>>;
}

export interface ControllerConfig
  extends Omit<Config<ReturnType<typeof settings>>, 'tlsCert' | 'tlsKey' | 'rateLimit' | 'leaseTtl' | 'agentSilence' | 'heartbeat'> {
  readonly times: LeaseTimes;
  /** Of HTTP requests with one key, at one controller; null: none. */
  readonly rateLimit: RateLimit | null;
  /** `own`: the certificate that the controller makes for itself. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | 'own' | null;
  /** Of the operating system: the first administrator's name. */
  readonly userName: string;
}

/** @throws ConfigError naming the setting, the value, what is allowed and where it came from */
export function readControllerConfig(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): ControllerConfig {
  const list = settings(environment);
  const { tlsCert, tlsKey, rateLimit, leaseTtl, agentSilence, heartbeat, ...rest } = readConfig(list, {
    flags: flagsIn(argv, Object.values(list)),
    environment,
    cwd,
  });
  return {
    ...rest,
    rateLimit: rateLimit === 0 ? null : { perSecond: rateLimit, burst: Math.max(1, rateLimit * burstSeconds) },
    times: { ttlMs: leaseTtl, agentSilenceMs: agentSilence, controllerHeartbeatMs: heartbeat },
    // Keys and programs would cross the network readable by anyone on the way.
    tls: readTls(tlsCert, tlsKey) ?? (isLoopback(rest.host) || rest.insecure ? null : 'own'),
    userName: environment['USER'] || environment['LOGNAME'] || systemUserName(),
  };
}

/** A container may run under a number that has no name. */
function systemUserName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return 'admin';
    throw error;
  }
}

/** Given without a value. */
const switches: ReadonlySet<string> = new Set(['insecure', 'privateWebhooks']);

function flagsIn(argv: readonly string[], list: readonly Setting<unknown>[]): Readonly<Record<string, unknown>> {
  const named = list.map((setting) => ({ setting, name: setting.flag!.slice(2) }));
  const options = Object.fromEntries(
    named.map(({ setting, name }) => [name, { type: switches.has(setting.key!) ? ('boolean' as const) : ('string' as const) }]),
  );
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    return Object.fromEntries(named.map(({ setting, name }) => [setting.key, values[name]]));
  } catch (error) {
    // parseArgs names the flag and what is wrong with it.
    if (error instanceof TypeError) throw new ConfigError(error.message);
    throw error;
  }
}

function readTls(cert: string | null, key: string | null): ControllerConfig['tls'] {
  if (cert === null && key === null) return null;
  if (cert === null || key === null)
    throw new ConfigError('tlsCert and tlsKey belong together: give both --tls-cert and --tls-key, or neither');
  return { cert: readPem('tlsCert', cert), key: readPem('tlsKey', key) };
}

function readPem(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(`${name}: cannot read ${path}: ${(error as Error).message}`);
  }
}
