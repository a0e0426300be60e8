/** Params as a tree: reading one leaf by its path, and building the tree from leaves. */
import { isDict, type Params, type ParamValue } from './value.js';

/** The value at the path, or undefined when the params have none there. */
export function paramAt(params: Params, path: readonly string[]): ParamValue | undefined {
  let node: ParamValue = params;
  for (const name of path) {
    if (!isDict(node) || !Object.hasOwn(node, name)) return undefined;
    const child: ParamValue | undefined = node[name];
    if (child === undefined) return undefined;
    node = child;
  }
  return node;
}

type Branch = Map<string, Branch | { readonly leaf: ParamValue }>;

/**
 * The tree whose leaves are the entries, in their order.
 *
 * @throws RangeError when one path leads through another's leaf: no space has both.
 */
export function assign(entries: Iterable<readonly [path: readonly string[], value: ParamValue]>): Params {
  const root: Branch = new Map();
  for (const [path, value] of entries) {
    const name = path.at(-1);
    if (name === undefined) throw new RangeError('a parameter needs a name');
    const branch = branchAt(root, path);
    if (branch.get(name) instanceof Map) throw new RangeError(`${JSON.stringify(path)} is both a value and a group`);
    branch.set(name, { leaf: value });
  }
  return plain(root);
}

function branchAt(root: Branch, path: readonly string[]): Branch {
  let branch = root;
  for (const name of path.slice(0, -1)) {
    const next = branch.get(name) ?? new Map();
    if (!(next instanceof Map)) throw new RangeError(`${JSON.stringify(path)} leads through a value`);
    branch.set(name, next);
    branch = next;
  }
  return branch;
}

/** `fromEntries` defines own properties, so no name can reach a prototype. */
function plain(branch: Branch): Params {
  return Object.fromEntries([...branch].map(([name, node]) => [name, node instanceof Map ? plain(node) : node.leaf]));
}
