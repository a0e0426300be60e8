/** A model beside those of the objectives, of what else the log says of points: where trials fail, what a limited quantity comes to. */
import type { Cube, Vector } from '../../encoding/cube.js';
import { fitFrom, type Rows, startFor, type Theta } from '../../gp/fit.js';
import type { Hypothesis } from '../../gp/hypothesis.js';
import { place, Surrogate } from '../../gp/surrogate.js';
import type { Workspace } from '../../gp/workspace.js';
import { isBeginning, type Results } from './results.js';
import { Room } from './room.js';
import { fitLimit } from './working-set.js';

/** At most as many rows as a fit looks at. They are a function of the results. */
export interface SideRows extends Rows {
  readonly vectors: readonly Vector[];
}

export interface Side {
  /** Knows nothing yet of the points under way. */
  readonly surrogate: Surrogate;
  readonly theta: Theta;
  readonly workspace: Workspace;
}

/** What it remembers saves time and changes nothing. */
export class SideModel {
  readonly #room: Room;
  #fitted: { readonly results: Results; readonly theta: Theta } | undefined;

  constructor(
    private readonly cube: Cube,
    private readonly hypothesis: Hypothesis,
  ) {
    this.#room = new Room(cube);
  }

  /**
   * Undefined when no matrix holds.
   *
   * @param room rows to keep free for points that are believed later
   */
  of(results: Results, rows: SideRows, room: number): Side | undefined {
    const workspace = this.#room.open(fitLimit + room);
    place(workspace, rows.vectors);
    const theta = this.#theta(results, rows, workspace);
    const surrogate = Surrogate.of(workspace, rows, theta);
    return surrogate === undefined ? undefined : { surrogate, theta, workspace };
  }

  #theta(results: Results, rows: SideRows, workspace: Workspace): Theta {
    if (this.#fitted === undefined || !isBeginning(this.#fitted.results, results, results.length)) {
      const { hypothesis } = this;
      const dimension = Math.max(1, this.cube.axes.length);
      const start = startFor(workspace, dimension, hypothesis.noise.mean);
      this.#fitted = { results, theta: fitFrom({ workspace, rows, hypothesis, dimension }, [start], true) };
    }
    return this.#fitted.theta;
  }
}
