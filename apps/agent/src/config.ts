/** The agent's settings, read once: flags, environment, configuration files. The only place that looks at `process.env`. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dataHome, type LogLevel, logLevels, readConfig, type Setting } from '@sweep/runtime';
import { z } from 'zod';
import type { Allowed } from './allowed.js';

const text = z.string().trim().min(1, 'expected text');
const whole = (least: number): z.ZodType<number> =>
  z.coerce.number('expected a number').int('expected a whole number').min(least, `expected at least ${least}`);
const seconds = z.coerce.number('expected a number of seconds').min(0, 'expected no less than 0');
const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform((word) => word === 'true' || word === '1')]);
const list = z.union([z.array(text), z.string().transform((texts) => texts.split(',').map((one) => one.trim()))]);
const labels = z
  .union([
    z.array(z.string()),
    z.string().transform((list) => list.split(',')),
    z.record(z.string(), z.string()).transform((map) => Object.entries(map).map((pair) => pair.join('='))),
  ])
  .refine((pairs) => pairs.every((pair) => /^[^=]+=/.test(pair)), 'expected KEY=VALUE');

const setting = <T>(spec: Setting<T>): Setting<T> => spec;

const settings = (environment: NodeJS.ProcessEnv) => ({
  url: setting({ key: 'url', flag: '--url', variable: 'SWEEP_URL', schema: z.url('expected a URL'), default: 'http://127.0.0.1:8420' }),
  grpcUrl: setting<string | null>({
    key: 'grpcUrl',
    flag: '--grpc-url',
    variable: 'SWEEP_GRPC_URL',
    schema: z.url('expected a URL'),
    default: null,
  }),
  apiKey: setting<string | null>({ key: 'apiKey', variable: 'SWEEP_API_KEY', schema: text, default: null }),
  apiKeyFile: setting<string | null>({
    key: 'apiKeyFile',
    flag: '--api-key-file',
    variable: 'SWEEP_API_KEY_FILE',
    schema: text,
    default: null,
  }),
  joinToken: setting<string | null>({ key: 'joinToken', flag: '--join', variable: 'SWEEP_JOIN_TOKEN', schema: text, default: null }),
  caFile: setting<string | null>({ key: 'caFile', flag: '--ca-file', variable: 'SWEEP_CA_FILE', schema: text, default: null }),
  fingerprint: setting<string | null>({
    key: 'fingerprint',
    flag: '--fingerprint',
    variable: 'SWEEP_FINGERPRINT',
    schema: z.string().regex(/^(?:[0-9a-fA-F]{2}:?){32}$/, 'expected a SHA-256 in hex'),
    default: null,
  }),
  workdir: setting<string | null>({ key: 'workdir', flag: '--workdir', variable: 'SWEEP_WORKDIR', schema: text, default: null }),
  name: setting({ key: 'name', flag: '--name', variable: 'SWEEP_AGENT_NAME', schema: text, default: hostname }),
  pool: setting({ key: 'pool', flag: '--pool', variable: 'SWEEP_POOL', schema: text, default: 'default' }),
  gpus: setting({ key: 'gpus', flag: '--gpus', variable: 'SWEEP_GPUS', schema: text, default: () => visibleGpus(environment) }),
  slots: setting<number | null>({ key: 'slots', flag: '--slots', variable: 'SWEEP_SLOTS', schema: whole(1), default: null }),
  slotsPerGpu: setting({ key: 'slotsPerGpu', flag: '--slots-per-gpu', variable: 'SWEEP_SLOTS_PER_GPU', schema: whole(1), default: 1 }),
  labels: setting<string[]>({ key: 'labels', flag: '--label', variable: 'SWEEP_LABELS', schema: labels, default: [] }),
  allowPrograms: setting<string[]>({
    key: 'allowPrograms',
    flag: '--allow-program',
    variable: 'SWEEP_ALLOW_PROGRAMS',
    schema: list,
    default: [],
  }),
  allowFolders: setting<string[]>({
    key: 'allowFolders',
    flag: '--allow-folder',
    variable: 'SWEEP_ALLOW_FOLDERS',
    schema: list,
    default: [],
  }),
  count: setting<number | null>({ key: 'count', flag: '--count', schema: whole(1), default: null }),
  forwardSignals: setting<boolean>({ key: 'forwardSignals', flag: '--forward-signals', schema: flag, default: false }),
  termTimeout: setting({ key: 'termTimeout', flag: '--term-timeout', variable: 'WANDB_AGENT_KILL_DELAY', schema: seconds, default: 30 }),
  maxInitialFailures: setting({
    key: 'maxInitialFailures',
    flag: '--max-initial-failures',
    variable: 'WANDB_AGENT_MAX_INITIAL_FAILURES',
    schema: whole(1),
    default: 5,
  }),
  disableFlapping: setting<boolean>({ key: 'disableFlapping', variable: 'WANDB_AGENT_DISABLE_FLAPPING', schema: flag, default: false }),
  logLevel: setting<LogLevel>({
    key: 'logLevel',
    flag: '--log-level',
    variable: 'SWEEP_LOG_LEVEL',
    schema: z.enum(logLevels as [LogLevel, ...LogLevel[]]),
    default: 'info',
  }),
});

/** Who starts an agent with `CUDA_VISIBLE_DEVICES=1` means that it may use that one. */
function visibleGpus(environment: NodeJS.ProcessEnv): string {
  const visible = environment['CUDA_VISIBLE_DEVICES'];
  if (visible === undefined || visible === '') return 'all';
  return visible.startsWith('-') || visible === 'NoDevFiles' ? 'none' : visible;
}

const flags = {
  url: { type: 'string' },
  'grpc-url': { type: 'string' },
  'api-key-file': { type: 'string' },
  join: { type: 'string' },
  'ca-file': { type: 'string' },
  fingerprint: { type: 'string' },
  workdir: { type: 'string' },
  name: { type: 'string' },
  pool: { type: 'string' },
  gpus: { type: 'string' },
  slots: { type: 'string' },
  'slots-per-gpu': { type: 'string' },
  label: { type: 'string', multiple: true },
  'allow-program': { type: 'string', multiple: true },
  'allow-folder': { type: 'string', multiple: true },
  count: { type: 'string' },
  'forward-signals': { type: 'boolean', short: 'f' },
  'term-timeout': { type: 'string', short: 't' },
  'max-initial-failures': { type: 'string' },
  'log-level': { type: 'string' },
} as const;

export interface AgentConfig {
  readonly url: string;
  readonly grpcUrl: string | null;
  readonly key: string | null;
  readonly joinToken: string | null;
  readonly caFile: string | null;
  readonly fingerprint: string | null;
  /** Null: the first free one of `defaultWorkdirs`. */
  readonly workdir: string | null;
  readonly defaultWorkdirs: string;
  readonly name: string;
  readonly pool: string;
  /** Work for this sweep only; empty = for every sweep of the pool. */
  readonly sweepId: string;
  readonly gpus: string;
  readonly slots: number | null;
  readonly slotsPerGpu: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly allowed: Allowed;
  readonly count: number | null;
  readonly forwardSignals: boolean;
  readonly termTimeoutMs: number;
  /** The time was asked for: forwarded signals are followed by SIGKILL after it. */
  readonly killsAfterForward: boolean;
  readonly maxInitialFailures: number;
  readonly watchFlapping: boolean;
  readonly logLevel: LogLevel;
  /** What programs inherit. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where programs run. */
  readonly cwd: string;
}

/** @throws ConfigError for a value, TypeError for a flag that nobody knows */
export function readAgentConfig(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): AgentConfig {
  const { values, positionals } = parseArgs({ args: [...argv], options: flags, allowPositionals: true, strict: true });
  if (positionals.length > 1) throw new TypeError(`one sweep at most: ${positionals.join(' ')}`);
  const named = Object.entries(values).map(([name, value]) => [keyOfFlag.get(name) ?? camel(name), value]);
  const config = readConfig(settings(environment), { flags: Object.fromEntries(named) as Record<string, unknown>, environment, cwd });
  const { apiKey, apiKeyFile, termTimeout, disableFlapping, labels: pairs, allowPrograms, allowFolders, ...rest } = config;
  return {
    ...rest,
    key: apiKey ?? (apiKeyFile === null ? null : readFileSync(apiKeyFile, 'utf8').trim()),
    // `ENTITY/PROJECT/ID`: only the id is the sweep's own.
    sweepId: positionals[0]?.split('/').at(-1) ?? '',
    labels: Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
    allowed: {
      programs: allowPrograms.map((program) => program.trim().split(/\s+/)),
      folders: allowFolders.map((folder) => resolve(cwd, folder)),
    },
    termTimeoutMs: termTimeout * 1000,
    killsAfterForward: values['term-timeout'] !== undefined,
    watchFlapping: !disableFlapping,
    defaultWorkdirs: join(dataHome(environment), 'agents'),
    environment,
    cwd,
  };
}

/** Flags that are given once for each of several values, and one that is named for what it does. */
const keyOfFlag: ReadonlyMap<string, string> = new Map([
  ['label', 'labels'],
  ['allow-program', 'allowPrograms'],
  ['allow-folder', 'allowFolders'],
  ['join', 'joinToken'],
]);

const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
