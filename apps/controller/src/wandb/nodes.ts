/** How one node of the graph leads to another. The graph is full of circles, the files that make it have none: graph.ts joins them. */
import type { Project, RunRecord } from '@sweep/store';

/** What GraphQL reads fields from. */
export type GraphNode = Readonly<Record<string, unknown>>;

export interface Nodes {
  project(project: Project): GraphNode;
  run(record: RunRecord, project: Project): GraphNode;
  entity(name: string): GraphNode;
}
