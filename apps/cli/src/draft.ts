/** A first sweep file: from short descriptions of parameters, or from the flags that a program's source declares, to commented YAML. */
import { UsageError } from './exit.js';

export interface DraftParameter {
  readonly name: string;
  /** As written: the file must say what the user said. */
  readonly values?: readonly string[];
  readonly min?: string;
  readonly max?: string;
  readonly log?: boolean;
  /** Shown beside it. */
  readonly note?: string;
}

export interface Draft {
  readonly program: string;
  readonly method: string;
  readonly metric: string;
  readonly goal: string;
  readonly parameters: readonly DraftParameter[];
  readonly runCap: number | null;
}

/** `lr=0.0001..0.1`, `width=16..512`, `opt=adam,sgd`, `epochs=10`. */
export function parseParameter(text: string): DraftParameter {
  const [, name, rest] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || rest === undefined) throw new UsageError(`--param ${text}: such as lr=0.0001..0.1, opt=adam,sgd or epochs=10`);
  const [min, max, ...more] = rest.split('..');
  if (max === undefined) return { name, values: rest.split(',').map((value) => value.trim()) };
  if (more.length > 0 || !(Number(min) < Number(max)))
    throw new UsageError(`--param ${text}: the range must be two numbers, the smaller first`);
  return { name, min: min!, max, log: spansDecades(min!, max) };
}

/** A range over two powers of ten and more is searched by its logarithm: learning rates, weight decays. */
const spansDecades = (min: string, max: string): boolean =>
  Number(min) > 0 && Number(max) / Number(min) >= 100 && !(isWhole(min) && isWhole(max));
const isWhole = (text: string): boolean => /^-?\d+$/.test(text);

/** Flags of argparse with a number as their default become a range around it; others are kept as the value that they have. */
export function flagsOfProgram(source: string): DraftParameter[] {
  const found: DraftParameter[] = [];
  for (const [, flag, rest] of source.matchAll(/add_argument\(\s*["']--([\w-]+)["']([^)]*)\)/g)) {
    const choices = /choices\s*=\s*[[(]([^\])]*)/.exec(rest!)?.[1];
    const initial = /default\s*=\s*([^,\s)]+)/.exec(rest!)?.[1];
    const name = flag!;
    if (choices !== undefined)
      found.push({
        name,
        values: choices
          .split(',')
          .map((text) => text.trim().replaceAll(/["']/g, ''))
          .filter((text) => text !== ''),
      });
    else if (initial !== undefined && Number(initial) > 0) found.push(rangeAround(name, initial));
  }
  return found;
}

function rangeAround(name: string, initial: string): DraftParameter {
  const value = Number(initial);
  const note = `the program's default is ${initial}`;
  if (isWhole(initial)) return { name, min: String(Math.max(1, Math.floor(value / 4))), max: String(value * 4), note };
  if (value < 1 && /lr|rate|decay|eps|reg|alpha|lambda/i.test(name))
    return { name, min: plain(value / 30), max: plain(value * 30), log: true, note };
  return { name, min: plain(value / 2), max: plain(Math.min(value * 2, value < 1 ? 1 : Number.POSITIVE_INFINITY)), note };
}

/** Two digits. */
const plain = (value: number): string => decimal(String(Number(value.toPrecision(2))));

export function draftText({ program, method, metric, goal, parameters, runCap }: Draft): string {
  const blocks = parameters.map((parameter) => parameterText(parameter, method));
  return `# A sweep: \`sweep check\` validates this file, \`sweep preview\` shows its first trials, \`sweep create\` starts it.
program: ${scalar(program)}

# bayes learns from the trials so far; random does not; grid tries every combination of listed values.
method: ${scalar(method)}

# What the program reports, by any of: a line of JSON in the file $SWEEP_METRICS, TensorBoard, the wandb client.
metric:
  name: ${scalar(metric)}
  goal: ${scalar(goal)}

# Each becomes a flag of the program: --name=value.
parameters:
${blocks.join('\n')}

# Most trials. Without it a bayes or random sweep goes on until it is stopped.
${runCap === null ? '# run_cap: 50' : `run_cap: ${runCap}`}

# Stops trials that fall behind; min_iter counts reports of the metric.
# early_terminate: {type: hyperband, min_iter: 3}

# Other ways to start the program; this is the default:
# command:
#   - \${env}
#   - \${interpreter}
#   - \${program}
#   - \${args}
`;
}

function parameterText({ name, values, min, max, log, note }: DraftParameter, method: string): string {
  const comment = note === undefined ? [] : [`    # ${note}`];
  const lines = [`  ${scalar(name)}:`, ...comment];
  if (values?.length === 1) return [...lines, `    value: ${scalar(values[0]!)}`].join('\n');
  if (values !== undefined) return [...lines, `    values: [${values.map(scalar).join(', ')}]`].join('\n');
  // A grid cannot walk a range of real numbers.
  if (method === 'grid' && !(isWhole(min!) && isWhole(max!)))
    return [...lines, `    values: [${decimal(min!)}, ${decimal(max!)}]`].join('\n');
  const distribution = log && method !== 'grid' ? ['    distribution: log_uniform_values'] : [];
  return [...lines, ...distribution, `    min: ${decimal(min!)}`, `    max: ${decimal(max!)}`].join('\n');
}

/** Without an exponent: `1e-4` is a text to YAML 1.1 readers. */
export function decimal(text: string): string {
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d*)\.?(\d*)e([+-]?\d+)$/i.exec(text) ?? [];
  if (exponent === undefined) return text;
  const digits = `${whole}${fraction}`;
  const point = whole!.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length
    ? `${sign}${digits}${'0'.repeat(point - digits.length)}.0`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Quoted where YAML would read something else than the text: booleans, dates, signs. Numbers stay numbers. */
function scalar(text: string): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  if (/^[A-Za-z_./][\w./-]*$/.test(text) && !/^(y|yes|n|no|on|off|true|false|null)$/i.test(text)) return text;
  if (/^(true|false)$/.test(text)) return text;
  return JSON.stringify(text);
}
