/** Joins the nodes: the one place that knows all their makers. */
import type { Nodes } from './nodes.js';
import type { WandbParts } from './parts.js';
import { entityNode } from './projects/entity-node.js';
import { projectNode } from './projects/project-node.js';
import { runNode } from './runs/run-node.js';

export function withNodes(given: Omit<WandbParts, 'nodes'>): WandbParts {
  const nodes: Nodes = {
    project: (project) => projectNode(parts, project),
    run: (record, project) => runNode(parts, record, project),
    entity: (name) => entityNode(parts, name),
  };
  const parts: WandbParts = { ...given, nodes };
  return parts;
}
