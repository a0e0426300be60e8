/** A workspace that is as large as needed: made when first asked for, and anew when it has become too small. */
import type { Cube } from '../../encoding/cube.js';
import { openWorkspace } from '../../gp/wasm-workspace.js';
import type { Workspace } from '../../gp/workspace.js';

const least = 64;

export class Room {
  #workspace: Workspace | undefined;

  constructor(private readonly cube: Cube) {}

  readonly open = (rows: number): Workspace => {
    if (this.#workspace === undefined || this.#workspace.shape.capacity < rows) {
      let capacity = least;
      while (capacity < rows) capacity *= 2;
      const { numeric, length } = this.cube;
      this.#workspace = openWorkspace({ capacity, numeric, categorical: length - numeric });
    }
    return this.#workspace;
  };
}
