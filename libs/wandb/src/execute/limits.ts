/** How much one document may ask: bounds the work of an answer before any of it is done. */
import { Invalid } from '@sweep/domain';
import { type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** Far above what clients send (wandb 0.31: at most 2,200 characters, 11 levels and 72 fields; introspection: 15 levels and 220 fields). */
export const limits = { characters: 100_000, tokens: 20_000, brackets: 100, depth: 25, fields: 1_000, rootFields: 20 } as const;

const notBrackets = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#.*|[^{}[\]()"#]+/g;

/** @throws Invalid when the text is longer or more nested than its parser, which recurses, should be given. */
export function checkText(text: string): void {
  if (text.length > limits.characters)
    throw new Invalid(`the document has ${text.length} characters; put data into variables and stay below ${limits.characters}`);
  let depth = 0;
  for (const character of text.replace(notBrackets, '')) {
    if ('{[('.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    if (depth > limits.brackets) throw new Invalid(`the document nests more than ${limits.brackets} brackets; put data into variables`);
  }
}

interface Size {
  readonly depth: number;
  readonly fields: number;
}

/** @throws Invalid when the operation asks too much, or a fragment contains itself. */
export function checkSize(operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): void {
  const roots = operation.selectionSet.selections.length;
  if (roots > limits.rootFields) throw new Invalid(`the document asks ${roots} things at once; ask at most ${limits.rootFields}`);
  const { depth, fields } = new Measuring(fragments).size(operation.selectionSet);
  if (depth > limits.depth) throw new Invalid(`the document nests ${depth} levels; nest at most ${limits.depth}`);
  if (fields > limits.fields) throw new Invalid(`the document asks for ${fields} fields; ask for at most ${limits.fields}`);
}

class Measuring {
  /** Each fragment is measured once; null while that goes on. */
  private readonly measured = new Map<string, Size | null>();

  constructor(private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>) {}

  size(set: SelectionSetNode): Size {
    let depth = 0;
    let fields = 0;
    for (const node of set.selections) {
      const own = node.kind === 'Field' ? 1 : 0;
      const inside = node.kind === 'FragmentSpread' ? this.fragment(node.name.value) : this.optional(node.selectionSet);
      depth = Math.max(depth, own + inside.depth);
      fields += own + inside.fields;
    }
    return { depth, fields };
  }

  private optional(set: SelectionSetNode | undefined): Size {
    return set === undefined ? { depth: 0, fields: 0 } : this.size(set);
  }

  private fragment(name: string): Size {
    const known = this.measured.get(name);
    if (known === null) throw new Invalid(`the fragment "${name}" contains itself`);
    if (known !== undefined) return known;
    this.measured.set(name, null);
    const size = this.optional(this.fragments.get(name)?.selectionSet);
    this.measured.set(name, size);
    return size;
  }
}
