/**
 * A sweep's command -> the argument vector of one trial.
 *
 * Owns the macros, byte for byte as W&B's agent expands them (`wandb/sdk/launch/sweeps/utils.py`, `wandb/wandb_agent.py`), and `${param}`
 * inside a token, which W&B leaves as it is. No shell is involved.
 */
import { Invalid } from '@sweep/domain';
import { isDict, type Params, type ParamValue } from '@sweep/optimizer';
import { pythonJson, pythonStr } from '../python-text.js';

export const defaultCommand = ['${env}', '${interpreter}', '${program}', '${args}'] as const;

export interface CommandContext {
  readonly program: string | null;
  readonly params: Params;
  readonly environment: (name: string) => string | undefined;
  /** Path of a file that holds this JSON; asked only when the command uses it. */
  readonly argsJsonFile: (json: string) => string;
  readonly platform: string;
}

type Macro = (context: CommandContext) => readonly string[];

const flag = (prefix: string): Macro => {
  return ({ params }) => sortedParams(params).map(([name, value]) => `${prefix}${name}=${pythonStr(value)}`);
};

export const macros: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ['env', ({ platform }) => (platform === 'win32' ? [] : ['/usr/bin/env'])],
  ['interpreter', () => ['python']],
  ['program', ({ program }) => programTokens(program ?? '')],
  ['args', flag('--')],
  ['args_no_hyphens', flag('')],
  ['args_append_hydra', flag('+')],
  ['args_override_hydra', flag('++')],
  ['args_no_equals', ({ params }) => sortedParams(params).flatMap(([name, value]) => [`--${name}`, pythonStr(value)])],
  ['args_no_boolean_flags', ({ params }) => sortedParams(params).flatMap(([name, value]) => booleanFlag(name, value))],
  ['args_json', ({ params }) => [paramsJson(params)]],
  ['args_json_file', ({ params, argsJsonFile }) => [argsJsonFile(paramsJson(params))]],
  // W&B's agent hands over a dict here, and a list made of a dict is its keys.
  ['args_dict', ({ params }) => sortedParams(params).map(([name]) => name)],
]);

/** @throws Invalid when an element is a macro that nobody knows */
export function expandCommand(tokens: readonly string[], context: CommandContext): string[] {
  return tokens.flatMap((token) => {
    const text = withEnvironment(token, context.environment);
    const name = macroName(text);
    if (name === null) return [withParams(text, context.params)];
    const macro = macros.get(name);
    if (macro !== undefined) return macro(context);
    const value = namedParam(context.params, name);
    if (value !== undefined) return [pythonStr(value)];
    throw new Invalid(`the command has no macro \${${name}}; known ones: ${[...macros.keys()].join(', ')}`, [
      { path: 'command', message: text },
    ]);
  });
}

/** The name inside `${…}` if the whole token is one macro. */
export function macroName(token: string): string | null {
  return /^\$\{([\s\S]*)\}$/.exec(token)?.[1] ?? null;
}

/** Names inside a token that is more than one macro. */
export function namesWithin(token: string): readonly string[] {
  return macroName(token) !== null && !token.slice(2).includes('${') ? [] : [...token.matchAll(inner)].map(([, name = '']) => name);
}

/** The tokens that `${program}` stands for: `-m package.module` is two. */
export function programTokens(program: string): readonly string[] {
  const module = /^-m\s+(\S+)$/.exec(program.trim())?.[1];
  return module === undefined ? [program] : ['-m', module];
}

const inner = /\$\{([^{}$]+)\}/g;
const environmentMacro = /\$\{envvar:([A-Z0-9_]*)\}/g;

export function withoutEnvironment(token: string): string {
  return token.replace(environmentMacro, '');
}

/** Before all other macros, and anywhere in a token; an unset variable leaves its name. */
function withEnvironment(token: string, environment: CommandContext['environment']): string {
  return token.replace(environmentMacro, (_, name: string) => environment(name) ?? name);
}

function withParams(token: string, params: Params): string {
  return token.replace(inner, (written, name: string) => {
    const value = namedParam(params, name);
    return value === undefined ? written : pythonStr(value);
  });
}

/** A flat name first, then a nested one: `model.lr`. */
function namedParam(params: Params, name: string): ParamValue | undefined {
  if (Object.hasOwn(params, name)) return params[name];
  let value: ParamValue | undefined = params;
  for (const part of name.split('.')) {
    if (value === undefined || !isDict(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function booleanFlag(name: string, value: ParamValue): readonly string[] {
  if (value === false) return [];
  return value === true ? [`--${name}`] : [`--${name}=${pythonStr(value)}`];
}

function paramsJson(params: Params): string {
  return pythonJson(Object.fromEntries(sortedParams(params)));
}

function sortedParams(params: Params): readonly [string, ParamValue][] {
  return Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
}
