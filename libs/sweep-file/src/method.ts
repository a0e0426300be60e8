/** `method` and `scheduler`: who chooses the points. */
import type { Method, SweepSpec } from '@sweep/domain';
import { describeNode } from './describe-node.js';
import { suggestion } from './did-you-mean.js';
import type { Report } from './findings.js';
import type { Entry, MapNode, Place } from './yaml-dialect/tree.js';

export const methods = ['grid', 'random', 'bayes', 'custom'] as const satisfies readonly Method[];
const engines = ['wandb', 'optuna', 'ax'] as const;
export const schedulerKeys = ['engine', 'source', 'optimizer', 'search_space'] as const;
/** Of `wandb launch-sweep`, which keeps them out of the sweep; a sweep file cannot mean anything by them. */
const launchKeys = ['job', 'num_workers', 'docker_image', 'resource', 'resource_args', 'template_variables', 'settings'];

export interface MethodReading {
  readonly method: Method | null;
  readonly engine: SweepSpec['engine'];
  /** The scheduler brings the space, so `parameters` may be absent. */
  readonly spaceFromScheduler: boolean;
  readonly launchOnly: boolean;
}

export function readMethod(file: MapNode, report: Report): MethodReading {
  const scheduler = file.entries.get('scheduler');
  const block = scheduler?.value.kind === 'map' ? scheduler.value : undefined;
  const launchOnly = refuseLaunch(file, block, report);
  const method = launchOnly ? null : namedMethod(file, report);
  const named = scheduler === undefined ? null : readScheduler(scheduler, { file, method, launchOnly }, report);
  const engine = scheduler === undefined && isLocal(file) ? 'local' : named;
  const space = block?.entries.get('search_space')?.value;
  const spaceFromScheduler = space?.kind === 'scalar' && typeof space.value === 'string' && space.value !== '';
  if (engine === 'local') explainOutside(file, 'a local controller', '`wandb controller`', report);
  else if (method === 'custom') explainCustom(file, { scheduler, engine }, report);
  return { method, engine, spaceFromScheduler, launchOnly };
}

function namedMethod(file: MapNode, report: Report): Method | null {
  const entry = file.entries.get('method');
  if (entry === undefined) {
    const message = '`method` is missing';
    report.add({
      code: 'E-METHOD-MISSING',
      at: topOf(file),
      path: ['method'],
      message,
      hint: `add \`method: random\`; one of ${methods.join(', ')}`,
    });
    return null;
  }
  const { value } = entry;
  const known = value.kind === 'scalar' ? methods.find((each) => each === value.source) : undefined;
  if (known !== undefined) return known;
  const hint = suggestion(value.kind === 'scalar' ? value.source : '', methods);
  const message =
    value.kind === 'scalar' ? `there is no method \`${value.source}\`` : `\`method\` must be a word, not ${describeNode(value)}`;
  report.add({ code: 'E-METHOD', at: value.at, path: ['method'], message, hint });
  return null;
}

function refuseLaunch(file: MapNode, scheduler: MapNode | undefined, report: Report): boolean {
  if (file.entries.has('method')) return false;
  const job = launchKeys.map((key) => scheduler?.entries.get(key)).find((entry) => entry !== undefined);
  if (job === undefined || scheduler?.entries.has('engine')) return false;
  report.add({
    code: 'E-LAUNCH',
    at: job.keyAt,
    path: ['scheduler', job.source],
    message: `\`scheduler.${job.source}\` without \`method\` is the form of \`wandb launch-sweep\`, whose search runs in a job`,
    hint: 'write `method:` with grid, random or bayes and drop `scheduler`; for Optuna write `method: custom` and `scheduler: {engine: optuna}`',
  });
  return true;
}

interface Surroundings {
  readonly file: MapNode;
  readonly method: Method | null;
  readonly launchOnly: boolean;
}

function readScheduler(entry: Entry, { file, method, launchOnly }: Surroundings, report: Report): SweepSpec['engine'] {
  const warn = (at: Place, message: string, key = '', hint?: string): void =>
    report.add({ code: 'E-SCHEDULER', at, path: key === '' ? ['scheduler'] : ['scheduler', key], message, hint });
  if (entry.value.kind !== 'map') {
    warn(entry.value.at, `\`scheduler\` must be a mapping, not ${describeNode(entry.value)}`);
    return null;
  }
  const block = entry.value;
  for (const each of block.entries.values()) checkMember(each, block, warn);
  if (launchOnly) return null;
  if (isLocal(file)) warn(entry.keyAt, '`scheduler` cannot go with `controller.type: local`');
  const early = file.entries.get('early_terminate');
  if (early !== undefined) warn(early.keyAt, '`early_terminate` cannot go with `scheduler`: a scheduler stops its own trials');
  return readEngine(block, method, warn, report);
}

/** W&B's `controller: {type: local}`: `wandb controller` searches. */
function isLocal(file: MapNode): boolean {
  const controller = file.entries.get('controller')?.value;
  const type = controller?.kind === 'map' ? controller.entries.get('type')?.value : undefined;
  return type?.kind === 'scalar' && type.source === 'local';
}

type Warn = (at: Place, message: string, key?: string, hint?: string) => void;

function checkMember(entry: Entry, block: MapNode, warn: Warn): void {
  const known = schedulerKeys.find((key) => key === entry.source);
  if (known === undefined) {
    warn(entry.keyAt, `\`scheduler\` has no key \`${entry.source}\``, entry.source, suggestion(entry.source, schedulerKeys));
    return;
  }
  if (known === 'engine') return;
  if (entry.value.kind !== 'scalar' || typeof entry.value.value !== 'string') {
    warn(entry.value.at, `\`scheduler.${known}\` must be text, not ${describeNode(entry.value)}`, known);
  }
  if (known !== 'source' && !block.entries.has('source')) warn(entry.keyAt, `\`scheduler.${known}\` needs \`source\``, known);
}

function readEngine(block: MapNode, method: Method | null, warn: Warn, report: Report): SweepSpec['engine'] {
  const entry = block.entries.get('engine');
  if (entry === undefined) {
    warn(block.at, '`scheduler` needs `engine`', 'engine', `one of ${engines.join(', ')}`);
    return null;
  }
  const { value } = entry;
  const engine = value.kind === 'scalar' ? engines.find((each) => each === value.source) : undefined;
  if (engine === undefined) {
    const hint = suggestion(value.kind === 'scalar' ? value.source : '', engines);
    report.add({
      code: 'E-ENGINE',
      at: value.at,
      path: ['scheduler', 'engine'],
      message: `there is no engine ${describeNode(value)}`,
      hint,
    });
    return null;
  }
  if (engine === 'wandb') {
    if (method === 'custom') warn(value.at, '`engine: wandb` needs `method: grid`, `random` or `bayes`', 'engine');
    return engine;
  }
  if (method === 'custom') return engine;
  const message = `\`engine: ${engine}\` goes with \`method: custom\`; the sweep runs with its own method`;
  report.add({ code: 'E-ENGINE', at: value.at, path: ['scheduler', 'engine'], message });
  return null;
}

function explainCustom(
  file: MapNode,
  { scheduler, engine }: { scheduler: Entry | undefined; engine: SweepSpec['engine'] },
  report: Report,
): void {
  if (scheduler?.value.kind !== 'map') {
    report.add({
      code: 'E-METHOD-CUSTOM',
      at: methodAt(file),
      path: ['method'],
      message: '`method: custom` has no search of its own, and the file names no `scheduler`',
      hint: 'add `scheduler: {engine: optuna}` if the points come from outside, or choose grid, random or bayes',
    });
  } else if (engine === 'optuna' || engine === 'ax') {
    explainOutside(file, engine, '`wandb sweep-scheduler`', report);
  }
}

function explainOutside(file: MapNode, who: string, tool: string, report: Report): void {
  report.add({
    code: 'N-EXTERNAL',
    at: methodAt(file),
    path: ['method'],
    message: `the points of this sweep come from outside (${who})`,
    hint: `by ${tool}, \`sweep ask\` and \`sweep tell\`, \`sweep enqueue\`, or the API`,
  });
}

const methodAt = (file: MapNode): Place => file.entries.get('method')?.value.at ?? topOf(file);

/** A missing key of the top level is shown where the file begins. */
export function topOf(file: MapNode): Place {
  return { offset: file.at.offset, length: 1 };
}
