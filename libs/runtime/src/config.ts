/**
 * Settings: flag > environment > ./sweep.config.yaml > $XDG_CONFIG_HOME/sweep/config.yaml > default, read once through one schema.
 *
 * Owns the precedence and the message about a wrong value. Which settings exist is each program's own list.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';

export interface Setting<T> {
  /** In configuration files, e.g. `dataDir`. */
  readonly key: string;
  /** e.g. `--data-dir`. */
  readonly flag?: string;
  /** e.g. `SWEEP_DATA_DIR`. */
  readonly variable?: string;
  /** Reads text (environment, flag) or a YAML value (file). */
  readonly schema: z.ZodType<T>;
  readonly default: T | (() => T);
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Config<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export interface Sources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Names the setting, the value, what is allowed and where the value came from. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function readConfig<S extends Settings>(settings: S, sources: Sources): Config<S> {
  const files = configFiles(sources).map(readFile);
  const result: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) result[name] = readSetting(setting, sources, files);
  return result as Config<S>;
}

interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export function configHome(environment: NodeJS.ProcessEnv): string {
  return join(environment['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'sweep');
}

export function dataHome(environment: NodeJS.ProcessEnv): string {
  return join(environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'sweep');
}

function configFiles({ environment, cwd }: Sources): readonly string[] {
  return [join(cwd, 'sweep.config.yaml'), join(configHome(environment), 'config.yaml')];
}

function readFile(path: string): ConfigFile {
  if (!existsSync(path)) return { path, values: {} };
  const values = parseFile(path);
  if (values === null) return { path, values: {} };
  if (typeof values !== 'object' || Array.isArray(values)) throw new ConfigError(`${path}: expected a mapping of settings`);
  return { path, values: values as Record<string, unknown> };
}

function parseFile(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read: ${cause instanceof Error ? cause.message.trim() : String(cause)}`, { cause });
  }
}

function readSetting(setting: Setting<unknown>, sources: Sources, files: readonly ConfigFile[]): unknown {
  const found = lookUp(setting, sources, files);
  if (found === undefined) return typeof setting.default === 'function' ? setting.default() : setting.default;
  const parsed = setting.schema.safeParse(found.value);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => issue.message).join('; ');
  throw new ConfigError(`${setting.key}: ${JSON.stringify(found.value)} (from ${found.from}) is not allowed: ${reasons}`);
}

function lookUp(
  setting: Setting<unknown>,
  { flags, environment }: Sources,
  files: readonly ConfigFile[],
): { value: unknown; from: string } | undefined {
  const flag = flags[setting.key];
  if (flag !== undefined) return { value: flag, from: `flag ${setting.flag ?? setting.key}` };
  const variable = setting.variable === undefined ? undefined : environment[setting.variable];
  if (variable !== undefined && variable !== '') return { value: variable, from: `environment variable ${setting.variable}` };
  for (const file of files) {
    if (Object.hasOwn(file.values, setting.key)) return { value: file.values[setting.key], from: file.path };
  }
  return undefined;
}
