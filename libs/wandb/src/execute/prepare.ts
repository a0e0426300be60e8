/**
 * From a document's text to what can be executed: parsed, the operation chosen, made to fit the schema, measured.
 *
 * Depends on nothing but the text and the operation's name, so that results can be kept.
 */
import { Invalid } from '@sweep/domain';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  type TypeNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import { DocumentFitting } from './fit-document.js';
import { checkSize, checkText, limits } from './limits.js';
import { UnknownNames } from './names.js';

export interface Prepared {
  readonly document: DocumentNode;
  /** The operation's name for reports: its own, or its kind where it has none. */
  readonly name: string;
  readonly mutation: boolean;
  readonly variables: readonly VariableDefinitionNode[];
  readonly unknown: readonly string[];
}

/** @throws Invalid when the text is no document, has no such operation, or asks too much. */
export function prepare(schema: GraphQLSchema, text: string, operationName: string | undefined): Prepared {
  const { operations, fragments } = definitions(text);
  const chosen = choose(operations, operationName);
  // Before anything walks the fragments: a fragment inside itself would never end.
  checkSize(chosen, fragments);
  const unknown = new UnknownNames();
  const lostVariables = new Set<string>();
  for (const { variable, type } of chosen.variableDefinitions ?? [])
    if (!isInputType(schema.getType(nameOf(type)))) lostVariables.add(variable.name.value);
  const fitting = new DocumentFitting(schema, fragments, { unknown, lostVariables });
  const operation = fitting.operation(chosen);
  const fitted = [...fragments.values()].flatMap((fragment) => fitting.fragment(fragment) ?? []);
  const used = variablesOf(operation, fitted);
  for (const name of lostVariables) unknown.add(`variable $${name}`);
  const variables = (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value));
  return {
    document: { kind: Kind.DOCUMENT, definitions: [{ ...operation, variableDefinitions: variables }, ...fitted] },
    name: chosen.name?.value ?? chosen.operation,
    mutation: chosen.operation === OperationTypeNode.MUTATION,
    variables,
    unknown: unknown.sorted(),
  };
}

interface Definitions {
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function definitions(text: string): Definitions {
  checkText(text);
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of parsed(text).definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) operations.push(node);
    else if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  return { operations, fragments };
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { noLocation: true, maxTokens: limits.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw new Invalid(`the GraphQL document is not well formed: ${error.message}`);
    throw error;
  }
}

function choose(operations: readonly OperationDefinitionNode[], name: string | undefined): OperationDefinitionNode {
  const candidates = name === undefined ? operations : operations.filter((node) => node.name?.value === name);
  const [first, second] = candidates;
  if (first === undefined) throw new Invalid(name === undefined ? 'the document holds no operation' : `there is no operation "${name}"`);
  if (second !== undefined) throw new Invalid('the document holds several operations; say in operationName which to run');
  return first;
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

function variablesOf(operation: OperationDefinitionNode, fragments: readonly FragmentDefinitionNode[]): ReadonlySet<string> {
  const used = new Set<string>();
  const Variable = (node: { readonly name: { readonly value: string } }) => void used.add(node.name.value);
  visit(operation.selectionSet, { Variable });
  for (const fragment of fragments) visit(fragment, { Variable });
  return used;
}
