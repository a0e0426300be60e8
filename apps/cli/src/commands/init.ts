/** `sweep init`: a sweep.yaml to start from. Asks only at a terminal and only what no flag said. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { parseSweepFile, renderFindings } from '@sweep/sweep-file';
import type { Command } from 'commander';
import { type Act, collect, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { type Draft, type DraftParameter, draftText, flagsOfProgram, parseParameter } from '../draft.js';
import { CommandError, exit, UsageError } from '../exit.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('[program]', 'what is tuned, e.g. train.py; its argparse flags become parameters')
    .option('--method <method>', 'bayes, random or grid')
    .option('--metric <name>', 'what the program reports and the sweep looks at')
    .option('--goal <goal>', 'minimize or maximize')
    .option('--param <spec>', 'lr=0.0001..0.1 (log), width=16..512, opt=adam,sgd or epochs=10; several may be given', collect)
    .option('--run-cap <count>', 'most trials', wholeNumber('--run-cap', 1))
    .option('--file <path>', 'where to write; - = stdout', 'sweep.yaml')
    .option('--force', 'replace a file that is there')
    .action(act(init));
  examples(
    command,
    ['sweep init train.py', 'asks for the rest'],
    ['sweep init train.py --metric val_loss --param lr=1e-4..1e-1 --param opt=adam,sgd --run-cap 50', 'asks nothing'],
  );
}

interface Options {
  readonly method?: string;
  readonly metric?: string;
  readonly goal?: string;
  readonly param?: readonly string[];
  readonly runCap?: number;
  readonly file: string;
  readonly force?: true;
}

async function init(context: Context, program: string | undefined, options: Options): Promise<void> {
  if (options.file !== '-' && !options.force && existsSync(options.file))
    throw new CommandError(`${options.file} is there already: --force replaces it, --file writes another`);
  const draft = await complete(program, options);
  const text = draftText(draft);
  const { spec, findings } = parseSweepFile(text);
  if (spec === null) throw new CommandError(`these answers make no sweep:\n${renderFindings(options.file, text, findings)}`, exit.usage);
  if (options.file === '-') return context.write(text);
  await writeFile(options.file, text);
  context.notice(`wrote ${options.file}; next: sweep check ${options.file}, sweep preview ${options.file}, sweep create ${options.file}`);
}

async function complete(program: string | undefined, options: Options): Promise<Draft> {
  const asks = process.stdin.isTTY === true && process.stderr.isTTY === true ? await questions() : null;
  const name = program ?? (await asks?.text('Which program is tuned?', 'train.py'));
  if (name === undefined) throw new UsageError('say which program is tuned: sweep init train.py');
  const seen = existsSync(name) ? flagsOfProgram(await readFile(name, 'utf8')) : [];
  const given = (options.param ?? []).map(parseParameter);
  const asked = given.length > 0 || seen.length > 0 || asks === null ? [] : await parametersFrom(asks);
  const metric = options.metric ?? (await asks?.text('Which metric does it report?', 'loss')) ?? 'loss';
  return {
    program: name,
    method: options.method ?? (await asks?.choose('How to search?', ['bayes', 'random', 'grid'])) ?? 'bayes',
    metric,
    goal: options.goal ?? (await asks?.choose(`Should ${metric} be small or large?`, goalsFor(metric))) ?? goalsFor(metric)[0]!,
    parameters: given.length > 0 ? given : seen.length > 0 ? seen : asked.length > 0 ? asked : [exampleParameter],
    runCap: options.runCap ?? null,
  };
}

const exampleParameter: DraftParameter = { name: 'lr', min: '0.0001', max: '0.1', log: true };

/** The likelier one first. */
const goalsFor = (metric: string): readonly string[] =>
  /acc|auc|f1|score|reward|iou|map|bleu|r2/i.test(metric) ? ['maximize', 'minimize'] : ['minimize', 'maximize'];

interface Questions {
  text(message: string, suggestion: string): Promise<string>;
  choose(message: string, choices: readonly string[]): Promise<string>;
}

async function questions(): Promise<Questions> {
  const prompts = await import('@clack/prompts');
  const answered = (answer: string | symbol): string => {
    if (typeof answer === 'symbol') throw new CommandError('nothing was written', exit.sigint);
    return answer;
  };
  const output = process.stderr;
  return {
    text: async (message, suggestion) =>
      answered(await prompts.text({ message, placeholder: suggestion, defaultValue: suggestion, output })),
    choose: async (message, choices) =>
      answered(await prompts.select({ message, options: choices.map((value) => ({ value, label: value })), output })),
  };
}

async function parametersFrom(asks: Questions): Promise<DraftParameter[]> {
  const found: DraftParameter[] = [];
  for (;;) {
    const answer = await asks.text(`Parameter ${found.length + 1}, such as lr=0.0001..0.1 or opt=adam,sgd (empty: no more)`, '');
    if (answer.trim() === '') return found;
    found.push(parseParameter(answer.trim()));
  }
}
