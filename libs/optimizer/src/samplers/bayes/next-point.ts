/** The next point by a model: candidates, the arm that judges them, the search, and what to say about the choice. */
import type { Arm } from '../../acquisition/acquisition.js';
import { pool, poolSize, smallPool } from '../../acquisition/pool.js';
import { fullEffort, type Judge, search } from '../../acquisition/search.js';
import { excludes, sumOf, type Term } from '../../acquisition/terms.js';
import type { Cube, Vector } from '../../encoding/cube.js';
import type { Random } from '../../rng.js';
import { streams } from '../streams.js';
import type { Aim } from './aim.js';
import type { Situation } from './history.js';
import type { Tuning } from './tuning.js';
import { everyPoint } from './untried.js';
import { modelReason, type Reason } from './why.js';

interface Question {
  readonly cube: Cube;
  readonly random: Random;
  readonly tuning: Tuning;
  readonly maximize: boolean;
  readonly aim: Aim;
  readonly situation: Situation;
  /** Logarithms of what else must go well. */
  readonly chances: readonly Term[];
}

/** Spaces of at most this many combinations are judged whole. */
const small = 2_000;

/** Of a search that may not take long. */
const fewStarts = 2;

export function nextPoint(question: Question): { readonly vector: Vector; readonly reason: Reason } | undefined {
  const { cube, aim, situation } = question;
  const arm = armOf(question);
  const judged = judgeOf(question, arm);
  const candidates = candidatesOf(question);
  if (candidates.length === 0) return undefined;
  const found =
    cube.combinations <= small || situation.thoroughness === 'least'
      ? ranked(candidates, judged)
      : search(cube, candidates, judged, {
          ...fullEffort,
          starts: situation.thoroughness === 'short' ? fewStarts : question.tuning.starts,
        });
  for (const { vector } of found) {
    if (!cube.settle(vector, true) || situation.tried.has(cube.key(vector))) continue;
    return { vector, reason: modelReason({ cube, vector, arm, aim, situation, maximize: question.maximize }) };
  }
  return undefined;
}

function ranked(candidates: readonly Vector[], judged: Judge): { readonly vector: Vector }[] {
  const values = judged(candidates);
  return candidates.map((vector, index) => ({ vector, value: values[index]! })).sort((a, b) => b.value - a.value);
}

function armOf(question: Question): Arm {
  const { random, situation, tuning } = question;
  const crowded = situation.pending.length >= tuning.crowd;
  if (crowded && random.uniform(situation.index, streams.crowd, 0) < tuning.scouts) return { kind: 'explore' };
  if (question.aim.model.noise < tuning.exactBelow) return { kind: 'improve' };
  const draw = random.uniform(situation.index, streams.arm, 0);
  if (draw < tuning.improve) return { kind: 'improve' };
  return draw < tuning.improve + tuning.bound ? { kind: 'bound', beta: tuning.beta } : { kind: 'explore' };
}

function candidatesOf({ cube, random, aim, situation }: Question): Vector[] {
  const { tried, index, thoroughness } = situation;
  if (cube.combinations <= small) return [...everyPoint(cube)].filter((vector) => !tried.has(cube.key(vector)));
  const size = thoroughness === 'short' || thoroughness === 'least' ? smallPool : poolSize(cube);
  return pool(cube, size, aim.best, { random, index, region: aim.model.region });
}

function judgeOf({ cube, aim, situation, chances }: Question, arm: Arm): Judge {
  const promised = aim.term(arm);
  return sumOf([...(promised === undefined ? [] : [promised]), ...chances], excludes(cube, situation.tried));
}
