/** The two models of a search, each with its own memory, made anew from the log when that has changed. */
import type { Cube } from '../../encoding/cube.js';
import type { Theta } from '../../gp/fit.js';
import { exact, type Hypothesis, rough } from '../../gp/hypothesis.js';
import { place, Surrogate } from '../../gp/surrogate.js';
import type { Workspace } from '../../gp/workspace.js';
import type { Random } from '../../rng.js';
import type { Point, Result } from './history.js';
import { Room } from './room.js';
import { type Table, tableOf } from './rows.js';
import { anchorAt, anchorFit, type FitContext, warmFit } from './thetas.js';
import type { Tuning } from './tuning.js';

export interface Model {
  readonly hypothesis: Hypothesis;
  readonly surrogate: Surrogate;
  readonly table: Table;
  /** Posterior mean at each row. */
  readonly means: Float64Array;
  /** The best of these over finished trials. */
  readonly incumbent: number;
}

interface Remembered {
  readonly results: readonly Result[];
  readonly theta: Theta;
}

/** One hypothesis. What it remembers saves time and changes nothing. */
export class Modeller {
  readonly #room: Room;
  #anchor: Remembered | undefined;
  #now: Remembered | undefined;

  constructor(
    private readonly cube: Cube,
    private readonly random: Random,
    private readonly hypothesis: Hypothesis,
  ) {
    this.#room = new Room(cube);
  }

  /** Undefined when there is no finished trial to learn from, or no matrix that holds. */
  model(results: readonly Result[], pending: readonly Point[]): Model | undefined {
    const { hypothesis } = this;
    const table = tableOf(results, hypothesis.warp);
    if (table.finished === 0) return undefined;
    const workspace = this.#room.open(results.length + pending.length);
    const theta = this.#theta(results, workspace);
    place(workspace, table.vectors);
    const surrogate = Surrogate.of(workspace, table, theta);
    if (surrogate === undefined) return undefined;
    const means = surrogate.means();
    const incumbent = Math.min(...means.subarray(0, table.finished));
    surrogate.believe(pending.map(({ vector }) => vector));
    return { hypothesis, surrogate, table, means, incumbent };
  }

  #theta(results: readonly Result[], workspace: Workspace): Theta {
    const context: FitContext = { ...this.#parts(), workspace };
    const at = anchorAt(results.length);
    const before = results.slice(0, at);
    if (this.#anchor === undefined || !same(this.#anchor.results, before)) {
      this.#anchor = { results: before, theta: anchorFit(context, before) };
    }
    if (at === results.length) return this.#anchor.theta;
    if (this.#now === undefined || !same(this.#now.results, results)) {
      this.#now = { results, theta: warmFit(context, results, this.#anchor.theta) };
    }
    return this.#now.theta;
  }

  #parts(): Omit<FitContext, 'workspace'> {
    return { cube: this.cube, hypothesis: this.hypothesis, random: this.random };
  }
}

/** Those that take turns; one of a kind, however often its turn comes. */
export function modellers(cube: Cube, random: Random, { hypotheses }: Tuning): readonly Modeller[] {
  const made = { A: new Modeller(cube, random, rough), B: new Modeller(cube, random, exact) };
  return hypotheses.map((name) => made[name]);
}

function same(a: readonly Result[], b: readonly Result[]): boolean {
  return (
    a.length === b.length &&
    a.every((result, index) => {
      const other = b[index]!;
      return result.key === other.key && result.kind === other.kind && Object.is(result.value, other.value);
    })
  );
}
