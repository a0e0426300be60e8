/** The graph of runs and artifacts, from left to right. */
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { Lineage, LineageNode } from './lineage.js';

const columnWidth = 256;
const rowHeight = 44;
const box = { width: 216, height: 28 };

export interface LineageGraphProps {
  readonly lineage: Lineage;
  /** The node that the page is about. */
  readonly current: string;
  readonly onPick: (node: LineageNode) => void;
}

export function LineageGraph({ lineage, current, onPick }: LineageGraphProps): ReactNode {
  const width = (lineage.columns - 1) * columnWidth + box.width + 8;
  const height = lineage.rows * rowHeight + 4;
  const byId = new Map(lineage.nodes.map((node) => [node.id, node]));
  const room = useRef<HTMLElement>(null);
  const middle = leftOf(byId.get(current) ?? { column: 0 }) + box.width / 2;
  // Where there is little room, the graph begins with what the page is about.
  useLayoutEffect(() => {
    if (room.current !== null) room.current.scrollLeft = middle - room.current.clientWidth / 2;
  }, [middle]);
  return (
    <section className="lineage" aria-label="Lineage" ref={room}>
      <svg width={width} height={height} role="img" aria-label={wordsOf(lineage)}>
        {lineage.edges.map(([from, to]) => {
          const [a, b] = [byId.get(from), byId.get(to)];
          return a === undefined || b === undefined ? null : <path key={`${from} ${to}`} className="lineage-edge" d={edgePath(a, b)} />;
        })}
      </svg>
      {lineage.nodes.map((node) => (
        <button
          key={node.id}
          type="button"
          className={`lineage-node lineage-${node.kind}`}
          style={{ left: leftOf(node), top: topOf(node), width: box.width, height: box.height }}
          aria-current={node.id === current}
          disabled={node.to === null || node.id === current}
          title={node.label}
          onClick={() => onPick(node)}
        >
          {node.kind === 'run' ? `run ${node.label}` : node.label}
        </button>
      ))}
    </section>
  );
}

const leftOf = ({ column }: Pick<LineageNode, 'column'>): number => 4 + column * columnWidth;
const topOf = ({ row }: LineageNode): number => 4 + row * rowHeight;

function edgePath(from: LineageNode, to: LineageNode): string {
  const [x0, y0] = [leftOf(from) + box.width, topOf(from) + box.height / 2];
  const [x1, y1] = [leftOf(to), topOf(to) + box.height / 2];
  const middle = (x0 + x1) / 2;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
}

const wordsOf = ({ edges, nodes }: Lineage): string => {
  const names = new Map(nodes.map(({ id, label }) => [id, label]));
  return edges.map(([from, to]) => `${names.get(from)} leads to ${names.get(to)}`).join('; ');
};
