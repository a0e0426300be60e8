/** The graph of what a run used and made: who made what it used, and who used what it made. Places are columns and rows. */

export interface LineageNode {
  readonly id: string;
  readonly kind: 'run' | 'artifact';
  readonly label: string;
  readonly column: number;
  readonly row: number;
}

export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly (readonly [from: string, to: string])[];
  readonly columns: number;
  readonly rows: number;
}

export interface LineageArtifact {
  readonly id: string;
  readonly label: string;
  readonly producedBy: string | null;
  readonly usedBy: readonly string[];
}

/** Makers, what was used, the run, what was made, users. Runs other than this one stand under their ids. */
export function lineageOf(run: string, inputs: readonly LineageArtifact[], outputs: readonly LineageArtifact[]): Lineage {
  const columns: { id: string; kind: LineageNode['kind']; label: string }[][] = [[], [], [], [], []];
  const edges: (readonly [string, string])[] = [];
  const add = (column: number, node: { id: string; kind: LineageNode['kind']; label: string }): void => {
    if (!columns.some((nodes) => nodes.some(({ id }) => id === node.id))) columns[column]!.push(node);
  };
  const runNode = (id: string) => ({ id: `run:${id}`, kind: 'run' as const, label: id });
  add(2, runNode(run));
  for (const { id, label, producedBy } of inputs) {
    add(1, { id, kind: 'artifact', label });
    edges.push([id, `run:${run}`]);
    if (producedBy === null) continue;
    add(0, runNode(producedBy));
    edges.push([`run:${producedBy}`, id]);
  }
  for (const { id, label, usedBy } of outputs) {
    add(3, { id, kind: 'artifact', label });
    edges.push([`run:${run}`, id]);
    for (const user of usedBy) {
      add(4, runNode(user));
      edges.push([id, `run:${user}`]);
    }
  }
  const there = columns.filter((nodes) => nodes.length > 0);
  const nodes = there.flatMap((members, column) => members.map((node, row) => ({ ...node, column, row })));
  return { nodes, edges, columns: there.length, rows: Math.max(...there.map(({ length }) => length)) };
}
