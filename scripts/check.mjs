/**
 * Everything that can be judged without starting the system: `npm run check`. One line a step; the output of those that failed at the end.
 * `node scripts/check.mjs eslint knip` runs only the steps named.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root, run } from './run.mjs';
import { installed, main, SetupFailed } from './setup.mjs';

const command = (name, ...args) => [name, () => run(args[0], args.slice(1))];

/** Whole searches, most of the time of all, are left to `npm test`. Named file by file: a project's own `exclude` wins over the option. */
function unitTests() {
  const wholeSearch = /^libs\/optimizer\/(testing\/|src\/samplers\/bayes\/bayes\.test\.ts$)/;
  const notOurs = /\/(node_modules|dist)\//;
  return ['optimizer', 'domain', 'sweep-file', 'wandb', 'sdk']
    .flatMap((lib) => readdirSync(join(root, 'libs', lib), { recursive: true }).map((path) => `libs/${lib}/${path}`))
    .filter((path) => path.endsWith('.test.ts') && !notOurs.test(path) && !wholeSearch.test(path));
}

/** Longest first: the steps are taken in this order by as many workers as there are cores. */
const steps = new Map([
  command('unit tests of pure libraries', 'vitest', 'run', '--project=unit', ...unitTests()),
  command('compile', 'npm', 'run', '--silent', 'build'),
  command('types of tests', 'tsc', '-p', 'tsconfig.tests.json'),
  command('types of the dashboard', 'tsc', '-p', 'apps/dashboard/tsconfig.tests.json'),
  command('types of scripts and examples', 'tsc', '-p', 'sweeps'),
  command('promises and switches', 'oxlint', '--tsconfig=tsconfig.tests.json', 'libs', 'apps/agent', 'apps/cli', 'apps/controller', 'test'),
  command('promises and switches of the dashboard', 'oxlint', '--tsconfig=apps/dashboard/tsconfig.tests.json', 'apps/dashboard'),
  command('budgets and house rules', 'eslint', '--max-warnings=0', '.'),
  command('imports', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'libs', 'apps', 'test'),
  command('unused code', 'knip', '--no-progress', '--no-config-hints'),
  ['generated code', generatedCode],
  ['protocol: breaking changes', breakingChanges],
  command('protocol: lint', 'buf', 'lint', 'proto'),
  command('format and lint', 'biome', 'ci', '--colors=off', '--max-diagnostics=50', '.'),
  ['names of files', namesOfFiles],
]);

const ok = (output = '') => ({ code: 0, output });
const wrong = (output) => ({ code: 1, output });

/** What `npm run gen` writes now must be what is committed. */
async function generatedCode() {
  const failed = (await Promise.all([generatedProtocol(), generatedKernel()])).filter(({ code }) => code !== 0);
  return failed.length === 0 ? ok() : wrong(failed.map(({ output }) => output).join('\n'));
}

async function generatedKernel() {
  // Only here: the compiler is a package, and this script must start before any is installed.
  const { compileKernel, kernelFile } = await import('./gen-kernel.mjs');
  const current = readFileSync(join(root, kernelFile), 'utf8') === (await compileKernel());
  return current ? ok() : wrong(`${kernelFile} is not what libs/optimizer/assembly says; run npm run gen and commit`);
}

async function generatedProtocol() {
  const scratch = mkdtempSync(join(tmpdir(), 'sweep-gen-'));
  try {
    // buf removes what lies in its output folder first, so it is given a copy of the inputs.
    cpSync(join(root, 'proto'), join(scratch, 'proto'), { recursive: true });
    const generated = await run('buf', ['generate'], { cwd: join(scratch, 'proto') });
    if (generated.code !== 0) return generated;
    const gen = join('libs', 'protocol', 'src', 'gen');
    const differing = compareFolders(join(root, gen), join(scratch, gen));
    return differing.length === 0
      ? ok()
      : wrong(`not what the proto files say; run npm run gen and commit:\n${differing.map((file) => `  ${join(gen, file)}`).join('\n')}`);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Files that one of the folders lacks or that differ. */
function compareFolders(a, b) {
  const files = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const [left, right] = [new Set(files(a)), new Set(files(b))];
  const either = [...new Set([...left, ...right])];
  return either.filter(
    (file) => !left.has(file) || !right.has(file) || readFileSync(join(a, file), 'utf8') !== readFileSync(join(b, file), 'utf8'),
  );
}

/** Agents of the first version must understand controllers of this one, and the other way round. */
async function breakingChanges() {
  const history = await run('git', ['log', '--reverse', '--format=%H', '--', 'proto/sweep']);
  const first = history.stdout.split('\n')[0];
  if (history.code !== 0 || first === '') return { code: 0, skipped: 'no git history that holds the protocol' };
  return run('buf', ['breaking', 'proto', '--against', `.git#ref=${first},subdir=proto`]);
}

const empty = /^(utils?|common|helpers?|shared|core|types|interfaces|dto|managers?|base|misc)$/i;

/** A name must tell what is inside. */
async function namesOfFiles() {
  const { stdout } = await run('git', [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    'libs',
    'apps',
    'test',
    'sweeps',
    'scripts',
  ]);
  const wordsOf = (path) => [...path.split('/').slice(0, -1), basename(path).replace(/(\.(test|d))?\.[a-z]+$/, '')];
  const bad = stdout.split('\n').filter((path) => /\.(ts|tsx|mjs|cjs|py)$/.test(path) && wordsOf(path).some((word) => empty.test(word)));
  return bad.length === 0 ? ok() : wrong(`names that say nothing:\n${bad.map((path) => `  ${path}`).join('\n')}`);
}

const line = (word, name, seconds, more = '') =>
  console.log(`${word.padEnd(5)} ${name.padEnd(30)} ${`${seconds.toFixed(1)} s`.padStart(7)}${more}`);

async function runStep(name, failures) {
  const began = performance.now();
  const result = await steps.get(name)();
  const seconds = (performance.now() - began) / 1000;
  if (result.skipped !== undefined) line('skip', name, seconds, `  ${result.skipped}`);
  else line(result.code === 0 ? 'ok' : 'FAIL', name, seconds);
  if (result.code !== 0) failures.push({ name, output: result.output });
}

function chosen(names) {
  const unknown = names.find((name) => !steps.has(name));
  if (unknown !== undefined) throw new SetupFailed(`no such step: ${unknown}; there are: ${[...steps.keys()].join('; ')}`);
  return names.length === 0 ? [...steps.keys()] : names;
}

await main(async () => {
  const began = performance.now();
  const waiting = chosen(process.argv.slice(2));
  await installed();
  const failures = [];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await runStep(name, failures);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
  for (const { name, output } of failures) console.log(`\n--- ${name}\n${output.trimEnd()}`);
  console.log(
    `\n${failures.length === 0 ? 'all good' : `${failures.length} failed`} in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  return failures.length === 0 ? 0 : 1;
});
