/**
 * docs/benchmarks.md: each figure beside its goal, and for each goal that is missed what was tried.
 *
 * Owns the goals and the words. A figure without a goal is there to be compared.
 */
import { cpus, getPriority, totalmem } from 'node:os';

const gapTried =
  'a lease in one round trip instead of ten, trials proposed several at a time, a queue whose commits do not wait for the disk, one reader of events, a journal that is appended to, only new processes looked into at the end of a program, the tick after a result a moment later. What is left is the wake-ups of five processes that share two cores, and three commits that do wait for the disk.';
const startTried =
  'programs in bundles of a few files; loading BullMQ, gRPC and Nest while the database starts, which an idle second core hides and a busy one does not.';
const below = (most, tried) => ({ text: `≤ ${most}`, met: (seen) => Number(seen) <= most, tried });
const atLeast = (least, tried) => ({ text: `≥ ${least.toLocaleString('en')}`, met: (seen) => Number(seen) >= least, tried });

const streamTried = 'lines kept as they came, in packed chunks, and one transaction a request.';
const scanTried = 'lines handed out as the text that came in. What is left is mostly the client, which asks for 1,000 at a time.';
const runsTried = 'filters and orders compiled to SQL over indexed columns.';
const filesTried =
  'streams of large pieces, MD5 and SHA-256 in a thread of their own, two statements a file. What is left is JavaScript where nginx has the kernel copy files to sockets, and two seconds of digests a gigabyte that nginx does not make, on two cores that the client shares.';

const proposalTried =
  'models of at most 600 rows, a kernel in WebAssembly, no gradient for steps that are refused, columns for what passes over all results. What is left is the fit: a short one with every result up to 300, one from four starts at each anchor.';
const memoryTried = 'one matrix a belief, made when first needed; results in columns.';
const delayTried =
  'all mathematics in threads, and logs read 250 rows at a time. Compare with the delay while nothing is asked: the rest is the machine.';
const proposalGoals = Object.fromEntries(
  [
    ['100', 30, 60],
    ['1,000', 150, 500],
    ['10,000', 150, 500],
    ['50,000', 200, 600],
  ].flatMap(([results, p50, p95]) => [
    [`${results} results: p50 (CPU ms)`, below(p50, proposalTried)],
    [`${results} results: p95 (CPU ms)`, below(p95, proposalTried)],
    [`${results} results: heap and kernel beyond an idle process (MiB)`, below(64, memoryTried)],
  ]),
);

const rowsTried = 'only the columns that are shown, one page of rows, orders and filters in the database.';
const drawTried =
  'columns instead of objects, points packed and thinned by the server, layers of canvas of which only the changed one is drawn, many lines made into pixels by ourselves.';
const goals = {
  ...proposalGoals,
  'points tried twice by 32 workers in 1,000 trials, of 2,160 points': below(0, 'keys of all points tried and under way are excluded.'),
  'telling all and the first proposal: longest delay (ms)': below(20, delayTried),
  '30 proposals: longest delay (ms)': below(20, delayTried),
  'controller cold (s)': below(3, startTried),
  'controller warm (s)': below(1, startTried),
  'sweep --help p50 (ms)': below(150, 'loading a command only when it is called.'),
  'gap p50 less the start (ms)': below(20, gapTried),
  'gap p99 less the start (ms)': below(100, gapTried),
  'gap p50 less the start, trials of 200 ms (ms)': below(20, gapTried),
  'gap p99 less the start, trials of 200 ms (ms)': below(100, gapTried),
  ratio: below(
    1.04,
    'the same as for the gap, of which this is the sum over 32 rounds. The goal is that of 10,000 trials, 650 s where 625 s is ideal.',
  ),
  'points/s': atLeast(200_000, 'five statements for any number of batches, and commits in groups.'),
  'points through file_stream, each s': atLeast(50_000, streamTried),
  'rows of scan_history each s, of 100,000': atLeast(10_000, scanTried),
  'a page of 50 of 10,000 runs, p95 (ms)': below(300, runsTried),
  'signed GET, share of nginx (%)': atLeast(30, filesTried),
  'JavaScript at first load (kB gzipped)': below(250, 'every page loaded when it is first opened.'),
  '10,000 runs of 50 values: first row after navigation (ms)': below(1_000, rowsTried),
  '10,000 runs of 50 values: sort by a value (ms)': below(300, rowsTried),
  '10,000 runs of 50 values: filter by a value (ms)': below(300, rowsTried),
  '10,000 runs of 50 values: blank frames while scrolling 3,000 px/s': below(0, 'pages beside those in sight are read ahead.'),
  'sweep page, 1,000 trials: charts drawn after navigation (ms)': below(1_000, drawTried),
  'its curves, 1,000 trials of 100 points: drawn after navigation (ms)': below(1_000, drawTried),
  'parallel coordinates of 10,000 lines: first answer to a brush (ms)': below(50, drawTried),
  'parallel coordinates of 10,000 lines: all redrawn after it (ms)': below(200, drawTried),
  'one curve of 1,000,000 points: drawn after it is asked for (ms)': below(300, drawTried),
  '100 event streams, 16 trials at 10 points/s: controller (% of a core)': below(30, 'events are read once and sent to all.'),
  'signed PUT, share of nginx (%)': atLeast(20, filesTried),
};

/** @param load of the machine over the last minute, before and after */
export function pageOf(sections, load) {
  const machine = `${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, loopback, embedded PostgreSQL with fsync on`;
  return `# Benchmarks

Written by \`npm run bench -- --write\`. One run: ${machine}. The load of the machine was ${load.before} before and ${load.after} after the run; anything above 1 before it means that other work shared the cores, and then every latency here is longer than the product's own.${priority()} Compare ratios taken in one run.

Method: \`test/bench/\`. The gap counts from the last instruction of one program to the first of the next, so it contains the end of one \`sh\` and the start of the next; what that costs by itself is measured in the same run with a bare loop of the shell, and is printed and subtracted.

${sections.map(table).join('\n')}${missedIn(sections)}`;
}

function priority() {
  return getPriority() < 0 ? ` The run had a priority of ${getPriority()}, so that other work waited for it where it could.` : '';
}

function table({ title, result }) {
  const rows = Object.entries(result).map(([what, seen]) => {
    const goal = goals[what];
    return `| ${what} | ${seen} | ${goal?.text ?? ''} | ${goal === undefined ? '' : goal.met(seen) ? 'yes' : 'no'} |`;
  });
  return `## ${title}\n\n| what | seen | goal | met |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function missedIn(sections) {
  const missed = sections.flatMap(({ title, result }) =>
    Object.entries(result)
      .filter(([what, seen]) => goals[what]?.met(seen) === false)
      .map(([what, seen]) => `- ${title}, ${what}: ${seen}, where ${goals[what].text} is wanted. Tried: ${goals[what].tried}`),
  );
  return missed.length === 0 ? '' : `\n## Missed\n\n${missed.join('\n')}\n`;
}
