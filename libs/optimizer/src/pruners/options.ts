/** Options of a stopping rule, read against their declaration: defaults filled in, wrong ones refused by name. */
import { OptionError, type PrunerOption, type PrunerOptions } from '../pruner.js';

export interface ReadOptions {
  number(name: string): number | undefined;
  /** One that is required or has a default. */
  required(name: string): number;
  flag(name: string): boolean;
}

/** @throws OptionError for an unknown option, a wrong type, or a value below the minimum */
export function readOptions(declared: readonly PrunerOption[], given: PrunerOptions): ReadOptions {
  const values = new Map<string, number | boolean | string>();
  for (const [name, value] of Object.entries(given)) {
    const option = declared.find((candidate) => candidate.name === name);
    if (option === undefined)
      throw new OptionError(name, `there is no option "${name}"; there are ${declared.map((one) => one.name).join(', ')}`);
    check(option, value);
    values.set(name, value);
  }
  for (const option of declared) if (option.default !== undefined && !values.has(option.name)) values.set(option.name, option.default);
  const number = (name: string): number | undefined => {
    const value = values.get(name);
    return typeof value === 'number' ? value : undefined;
  };
  const required = (name: string): number => {
    const value = number(name);
    if (value === undefined) throw new OptionError(name, `"${name}" is required`);
    return value;
  };
  return { number, required, flag: (name) => values.get(name) === true };
}

function check(option: PrunerOption, value: number | boolean | string): void {
  const { name, type } = option;
  if (type === 'boolean' || type === 'text') {
    if (typeof value !== (type === 'text' ? 'string' : 'boolean'))
      throw new OptionError(name, `"${name}" is ${type === 'text' ? 'a text' : 'true or false'}`);
    return;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new OptionError(name, `"${name}" is a number`);
  if (type === 'integer' && !Number.isInteger(value)) throw new OptionError(name, `"${name}" is a whole number`);
  if (option.minimum !== undefined && value < option.minimum) throw new OptionError(name, `"${name}" is at least ${option.minimum}`);
  if (option.exclusiveMinimum !== undefined && value <= option.exclusiveMinimum) {
    throw new OptionError(name, `"${name}" is more than ${option.exclusiveMinimum}`);
  }
}
