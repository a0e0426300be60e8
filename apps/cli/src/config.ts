/** The settings of the command line and where each comes from. The only file here that reads the environment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config as ConfigOf, configHome, dataHome, logLevels, readConfig } from '@sweep/runtime';
import { z } from 'zod';
import { reasonOf, UsageError } from './exit.js';

const url = z
  .string()
  .regex(/^https?:\/\/[^/\s]+/, 'an address that begins with http:// or https://')
  .transform((text) => text.replace(/\/+$/, ''));
const port = z.coerce.number('0 to 65535').int('a whole number').min(0, '0 to 65535').max(65_535, '0 to 65535');
const isSet = z.union([z.boolean(), z.string().transform((text) => text !== '' && text !== '0' && text !== 'false')]);
/** By the convention of no-color.org any text counts, `0` too. */
const isGiven = z.union([z.boolean(), z.string().transform((text) => text !== '')]);

const settings = (environment: NodeJS.ProcessEnv) => ({
  url: { key: 'url', flag: '--url', variable: 'SWEEP_URL', schema: url.nullable(), default: null },
  fingerprint: {
    key: 'fingerprint',
    flag: '--fingerprint',
    variable: 'SWEEP_FINGERPRINT',
    schema: z
      .string()
      .regex(/^(?:[0-9a-fA-F]{2}:?){32}$/, 'a SHA-256 in hex')
      .nullable(),
    default: null,
  },
  caFile: { key: 'caFile', flag: '--ca-file', variable: 'SWEEP_CA_FILE', schema: z.string().min(1).nullable(), default: null },
  apiKey: { key: 'apiKey', variable: 'SWEEP_API_KEY', schema: z.string().nullable(), default: null },
  apiKeyFile: { key: 'apiKeyFile', flag: '--api-key-file', schema: z.string().nullable(), default: null },
  project: {
    key: 'project',
    flag: '--project',
    variable: 'SWEEP_PROJECT',
    schema: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)?$/, 'ENTITY/PROJECT or PROJECT')
      .nullable(),
    default: null,
  },
  dataDir: {
    key: 'dataDir',
    flag: '--data-dir',
    variable: 'SWEEP_DATA_DIR',
    schema: z.string().min(1),
    default: () => dataHome(environment),
  },
  databaseUrl: {
    key: 'databaseUrl',
    flag: '--database-url',
    variable: 'SWEEP_DATABASE_URL',
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'an address that begins with postgres://')
      .nullable(),
    default: null,
  },
  redisUrl: {
    key: 'redisUrl',
    flag: '--redis-url',
    variable: 'SWEEP_REDIS_URL',
    schema: z
      .string()
      .regex(/^[a-z+-]+:\/\//, 'an address such as redis://host:6379')
      .nullable(),
    default: null,
  },
  host: { key: 'host', flag: '--host', variable: 'SWEEP_HOST', schema: z.string().min(1), default: '127.0.0.1' },
  port: { key: 'port', flag: '--port', variable: 'SWEEP_PORT', schema: port, default: 8420 },
  grpcPort: { key: 'grpcPort', flag: '--grpc-port', variable: 'SWEEP_GRPC_PORT', schema: port, default: 8421 },
  publicUrl: { key: 'publicUrl', flag: '--public-url', variable: 'SWEEP_PUBLIC_URL', schema: url.nullable(), default: null },
  logLevel: {
    key: 'logLevel',
    flag: '--log-level',
    variable: 'SWEEP_LOG_LEVEL',
    schema: z.enum(logLevels as [string, ...string[]], `one of ${logLevels.join(', ')}`),
    default: 'info',
  },
  // Where the packages' own programs are not the ones to start: an image that holds them elsewhere, or a test.
  controllerProgram: {
    key: 'controllerProgram',
    variable: 'SWEEP_CONTROLLER_PROGRAM',
    schema: z.string().min(1).nullable(),
    default: null,
  },
  agentProgram: { key: 'agentProgram', variable: 'SWEEP_AGENT_PROGRAM', schema: z.string().min(1).nullable(), default: null },
  noColor: { key: 'noColor', flag: '--no-color', variable: 'NO_COLOR', schema: isGiven, default: false },
  noProgress: { key: 'noProgress', flag: '--no-progress', variable: 'SWEEP_NO_PROGRESS', schema: isSet, default: false },
});

export type Config = ConfigOf<ReturnType<typeof settings>>;

/** @throws ConfigError naming the setting, the value, what is allowed and where it came from. */
export function loadConfig(flags: Readonly<Record<string, unknown>>): Config {
  return readConfig(settings(process.env), { flags, environment: process.env, cwd: process.cwd() });
}

export const credentialsPath = (): string => join(configHome(process.env), 'credentials');

/** What a started process inherits, with our additions. Secrets travel here and never in an argument. */
export function childEnvironment(additions: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return { ...process.env, ...additions };
}

/** For a program that this process becomes. */
export function inheritable(additions: Readonly<Record<string, string>>): void {
  Object.assign(process.env, additions);
}

/** The first line of a file that holds a key. */
export function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new UsageError(`--api-key-file ${path} cannot be read: ${reasonOf(cause)}`);
  }
}

/** PEM. */
export function readAuthorities(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`--ca-file ${path} cannot be read: ${reasonOf(cause)}`);
  }
}

/** How agents that we start know the controller: the same way as we do. */
export const trustEnvironment = (fingerprint: string | null, caFile: string | null): Readonly<Record<string, string>> => ({
  ...(fingerprint === null ? {} : { SWEEP_FINGERPRINT: fingerprint }),
  ...(caFile === null ? {} : { SWEEP_CA_FILE: caFile }),
});

/** For `${envvar:NAME}` in a sweep's command. */
export const environmentVariable = (name: string): string | undefined => process.env[name];
