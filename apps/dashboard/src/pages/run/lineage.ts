/** The graph of what a run used and made, or of one artifact: who made what was used, and who used what was made. Places are columns and rows. */
import type { ArtifactView } from '@sweep/api';
import { artifactAddress, runAddressOf } from '../../shell/addresses.js';

export interface LineageNode {
  readonly id: string;
  readonly kind: 'run' | 'artifact';
  readonly label: string;
  /** Its page; null where there is none any more. */
  readonly to: string | null;
  readonly column: number;
  readonly row: number;
}

type Unplaced = Omit<LineageNode, 'column' | 'row'>;

export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly (readonly [from: string, to: string])[];
  readonly columns: number;
  readonly rows: number;
}

export type LineageArtifact = Pick<ArtifactView, 'id' | 'project' | 'type' | 'collection' | 'version' | 'producedBy' | 'usedBy' | 'runs'>;

const runNode = (id: string, runs: LineageArtifact['runs']): Unplaced => {
  const known = runs.find((run) => run.id === id);
  return { id: `run:${id}`, kind: 'run', label: known?.name || id, to: known === undefined ? null : runAddressOf(known.path) };
};

const artifactNode = (artifact: LineageArtifact): Unplaced => ({
  id: artifact.id,
  kind: 'artifact',
  label: `${artifact.collection}:${artifact.version}`,
  to: artifactAddress(artifact),
});

/** Makers, what was used, the run, what was made, users. */
export function lineageOf(run: string, inputs: readonly LineageArtifact[], outputs: readonly LineageArtifact[]): Lineage {
  const graph = new Graph(5);
  graph.add(
    2,
    runNode(
      run,
      [...inputs, ...outputs].flatMap(({ runs }) => runs),
    ),
  );
  for (const artifact of inputs) {
    const own = graph.add(1, artifactNode(artifact));
    graph.join(own, `run:${run}`);
    if (artifact.producedBy !== null) graph.join(graph.add(0, runNode(artifact.producedBy, artifact.runs)), own);
  }
  for (const artifact of outputs) {
    const own = graph.add(3, artifactNode(artifact));
    graph.join(`run:${run}`, own);
    for (const user of artifact.usedBy) graph.join(own, graph.add(4, runNode(user, artifact.runs)));
  }
  return graph.placed();
}

/** Its maker, itself, its users. */
export function lineageOfArtifact(artifact: LineageArtifact): Lineage {
  const graph = new Graph(3);
  const own = graph.add(1, artifactNode(artifact));
  if (artifact.producedBy !== null) graph.join(graph.add(0, runNode(artifact.producedBy, artifact.runs)), own);
  for (const user of artifact.usedBy) graph.join(own, graph.add(2, runNode(user, artifact.runs)));
  return graph.placed();
}

class Graph {
  readonly #columns: Unplaced[][];
  readonly #edges: (readonly [string, string])[] = [];

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => []);
  }

  /** One that is there already stays where it is. */
  add(column: number, node: Unplaced): string {
    if (!this.#columns.some((nodes) => nodes.some(({ id }) => id === node.id))) this.#columns[column]!.push(node);
    return node.id;
  }

  join(from: string, to: string): void {
    this.#edges.push([from, to]);
  }

  /** Without columns that are empty. */
  placed(): Lineage {
    const there = this.#columns.filter((nodes) => nodes.length > 0);
    const nodes = there.flatMap((members, column) => members.map((node, row) => ({ ...node, column, row })));
    return { nodes, edges: this.#edges, columns: there.length, rows: Math.max(...there.map(({ length }) => length)) };
  }
}
