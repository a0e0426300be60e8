/** What is said about a proposal: in words and as data. Means are turned back into the objective's own units. */
import type { Arm } from '../../acquisition/acquisition.js';
import { type Cube, distance, type Vector } from '../../encoding/cube.js';
import type { Proposal, ProposalDetail } from '../../sampler.js';
import type { Aim } from './aim.js';
import type { Situation } from './history.js';
import type { Model } from './model.js';
import type { Results } from './results.js';

export type Reason = Pick<Proposal, 'why'> & { readonly detail: ProposalDetail };

/** How many earlier trials are named. */
const nearest = 3;

export function designReason(cube: Cube, vector: Vector, situation: Situation, text: string): Reason {
  const near = nearTo(cube, vector, situation.results);
  return { why: text, detail: { arm: 'design', intent: 'exploration', near, ...unlessFull(situation) } };
}

interface Choice {
  readonly cube: Cube;
  readonly vector: Vector;
  readonly arm: Arm;
  readonly aim: Aim;
  readonly situation: Situation;
  readonly maximize: boolean;
}

export function modelReason({ cube, vector, arm, aim, situation, maximize }: Choice): Reason {
  const { model } = aim;
  const belief = model.surrogate.at(vector);
  const [best] = aim.best;
  const incumbent = best === undefined ? Number.POSITIVE_INFINITY : model.surrogate.at(best).mean;
  const deviation = Math.sqrt(belief.variance);
  const sign = maximize ? -1 : 1;
  const [low, mid, high] = [belief.mean - deviation, belief.mean, belief.mean + deviation].map((value) => unwarped(model, value));
  const near = nearTo(cube, vector, situation.results);
  // Where the mean comes within half a deviation of the incumbent the model bets on what it knows.
  const intent = belief.mean <= incumbent + 0.5 * deviation && arm.kind !== 'explore' ? 'exploitation' : 'exploration';
  const detail: ProposalDetail = {
    arm: arm.kind,
    hypothesis: model.hypothesis.name,
    mean: tidy(sign * mid!),
    deviation: tidy((high! - low!) / 2),
    intent,
    near,
    ...unlessFull(situation),
  };
  return { why: words(arm, detail), detail };
}

const unlessFull = ({ thoroughness }: Situation): Pick<ProposalDetail, 'thoroughness'> => (thoroughness === 'full' ? {} : { thoroughness });

function words(arm: Arm, { mean, deviation, intent, hypothesis, near, thoroughness }: ProposalDetail): string {
  const aim =
    arm.kind === 'improve' ? 'most expected improvement' : arm.kind === 'bound' ? 'best optimistic bound' : 'least known, yet promising';
  const beside = near.length === 0 ? '' : `, nearest to ${near.map((number) => `#${number}`).join(', ')}`;
  const hurried = thoroughness === undefined ? '' : `; chosen in less time than usual (${thoroughness}): many results at once`;
  return `${aim}: predicted ${mean} ± ${deviation} (model ${hypothesis}, ${intent})${beside}${hurried}`;
}

function nearTo(cube: Cube, vector: Vector, { length, numbers, coordinates }: Results): number[] {
  let found: { readonly number: number; readonly away: number }[] = [];
  for (let index = 0; index < length; index += 1) {
    // Prior runs have no number that a person knows.
    const number = numbers[index]!;
    if (number <= 0) continue;
    const away = distance(cube, vector, coordinates, index * vector.length);
    if (found.length === nearest && away >= found.at(-1)!.away) continue;
    found = [...found, { number, away }].sort((a, b) => a.away - b.away || a.number - b.number).slice(0, nearest);
  }
  return found.map(({ number }) => number);
}

/** The value whose warped form this is: by the line between the two rows around it, or the outermost two. */
export function unwarped({ table }: Model, warped: number): number {
  const { curve } = table;
  if (curve.length < 2) return curve[0]?.value ?? 0;
  let upper = curve.findIndex((point) => point.warped >= warped);
  if (upper < 0) upper = curve.length - 1;
  const [a, b] = [curve[Math.max(0, upper - 1)]!, curve[Math.max(1, upper)]!];
  return a.value + ((warped - a.warped) / (b.warped - a.warped)) * (b.value - a.value);
}

function tidy(x: number): number {
  return Number(x.toPrecision(4));
}
