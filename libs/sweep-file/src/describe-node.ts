/** A node in the words of a message. */
import type { Node } from './yaml-dialect/tree.js';

const longestExcerpt = 40;

export function describeNode(node: Node): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing (null)';
  const excerpt = node.source.length > longestExcerpt ? `${node.source.slice(0, longestExcerpt)}…` : node.source;
  return typeof node.value === 'string' ? `the text \`${excerpt}\`` : `\`${excerpt}\``;
}
