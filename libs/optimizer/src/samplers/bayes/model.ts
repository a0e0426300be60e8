/** A model of one objective under one hypothesis, with its own memory, made anew from the log when that has changed. */
import type { Cube } from '../../encoding/cube.js';
import { noiseOf, type Theta } from '../../gp/fit.js';
import type { Hypothesis } from '../../gp/hypothesis.js';
import { place, Surrogate } from '../../gp/surrogate.js';
import type { Workspace } from '../../gp/workspace.js';
import type { Random } from '../../rng.js';
import { canTell } from './history.js';
import { firstOf, isBeginning, type Point, type Results } from './results.js';
import { Room } from './room.js';
import { type Table, tableOf } from './rows.js';
import { anchorAt, anchorFit, type FitContext, warmFit } from './thetas.js';
import { condensed, fitLimit, globalRows, localRows, picked, type Region, regionOf, wholeLimit } from './working-set.js';

export interface Model {
  readonly hypothesis: Hypothesis;
  readonly surrogate: Surrogate;
  readonly table: Table;
  /** Variance of the noise, where that of all results is 1. */
  readonly noise: number;
  /** Posterior mean at each row. */
  readonly means: Float64Array;
  /** Where to look, if not everywhere. */
  readonly region: Region | undefined;
}

export interface ModelWish {
  /** Whether a sweep with many results is to be looked at around its best point. */
  readonly local?: boolean;
  /** Rows to keep free for points that are believed later. */
  readonly room?: number;
  /** With the hyperparameters of the last anchor. */
  readonly cheap?: boolean;
  /** A model that finds this much noise or more is not wanted. */
  readonly noiseBelow?: number;
}

interface Known {
  readonly results: Results;
  /** Their rows. */
  readonly full: Table;
  readonly cheap: boolean;
}

interface Remembered {
  readonly results: Results;
  readonly theta: Theta;
}

/** Beyond so many results the last anchor's hyperparameters are good enough. */
const warmLimit = 300;

/** One hypothesis. What it remembers saves time and changes nothing. */
export class Modeller {
  readonly #room: Room;
  #anchor: Remembered | undefined;
  #now: Remembered | undefined;

  constructor(
    private readonly cube: Cube,
    private readonly random: Random,
    readonly hypothesis: Hypothesis,
  ) {
    this.#room = new Room(cube);
  }

  /** Undefined when there is no finished trial to learn from, too much noise, or no matrix that holds. */
  model(results: Results, pending: readonly Point[], wish: ModelWish = {}): Model | undefined {
    const { local = false, room = 0, cheap = false, noiseBelow = Number.POSITIVE_INFINITY } = wish;
    const { hypothesis, cube, random } = this;
    const full = this.#table(results);
    if (full.finished === 0) return undefined;
    const region = local && full.count > wholeLimit ? regionOf(cube, full, results) : undefined;
    const rows = full.count <= wholeLimit ? undefined : region === undefined ? globalRows(full, random) : localRows(full, region.centre);
    const table = rows === undefined ? full : picked(full, rows);
    const workspace = this.#room.open(Math.max(fitLimit, table.count) + pending.length + room);
    const theta = this.#theta({ results, full, cheap }, workspace);
    const noise = noiseOf(theta);
    if (!(noise < noiseBelow)) return undefined;
    place(workspace, table.vectors);
    const surrogate = Surrogate.of(workspace, table, theta);
    if (surrogate === undefined) return undefined;
    const means = surrogate.means();
    surrogate.believe(pending.map(({ vector }) => vector));
    return { hypothesis, surrogate, noise, table, means, region };
  }

  #table(results: Results): Table {
    return tableOf(condensed(results, this.random), this.hypothesis.warp, canTell(results));
  }

  #theta({ results, full, cheap }: Known, workspace: Workspace): Theta {
    const { cube, hypothesis, random } = this;
    const context: FitContext = { cube, hypothesis, random, workspace };
    const at = anchorAt(results.length);
    if (this.#anchor === undefined || !isBeginning(this.#anchor.results, results, at)) {
      const before = firstOf(results, at);
      this.#anchor = { results: before, theta: anchorFit(context, before === results ? full : this.#table(before), at) };
    }
    if (cheap || at === results.length || results.length > warmLimit) return this.#anchor.theta;
    if (this.#now === undefined || !isBeginning(this.#now.results, results, results.length)) {
      this.#now = { results, theta: warmFit(context, full, this.#anchor.theta) };
    }
    return this.#now.theta;
  }
}
