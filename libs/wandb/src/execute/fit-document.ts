/**
 * Makes a document fit the schema: what the schema lacks is taken out, and null will stand in its place.
 *
 * Unknown fields become holes, unknown arguments and directives are dropped, fragments on unknown types never match. Root fields of a
 * mutation are the exception: null there would look like success.
 */
import { Invalid } from '@sweep/domain';
import {
  type ArgumentNode,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isLeafType,
  isUnionType,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { fitLiteral, type InputFitting } from './fit-input.js';
import { hole } from './holes.js';

export class DocumentFitting {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly inputs: InputFitting,
  ) {}

  operation(node: OperationDefinitionNode): OperationDefinitionNode {
    const root = this.schema.getRootType(node.operation);
    if (root === null || root === undefined) throw new Invalid(`this server has no ${node.operation}s; send a query or a mutation`);
    if (node.operation === OperationTypeNode.MUTATION) this.refuseUnknownMutations(node.selectionSet, root);
    return { ...node, selectionSet: this.selections(node.selectionSet, root) };
  }

  /** undefined for a fragment on a type that the schema lacks. */
  fragment(node: FragmentDefinitionNode): FragmentDefinitionNode | undefined {
    const type = this.condition(node.typeCondition.name.value);
    return type === undefined ? undefined : { ...node, selectionSet: this.selections(node.selectionSet, type) };
  }

  private refuseUnknownMutations(set: SelectionSetNode, root: GraphQLCompositeType): void {
    for (const node of set.selections) {
      if (node.kind !== 'Field' || this.definition(node, root) !== undefined) continue;
      throw new Invalid(`this server has no mutation "${node.name.value}"; use a client version that it supports`);
    }
  }

  private selections(set: SelectionSetNode, parent: GraphQLCompositeType): SelectionSetNode {
    return { ...set, selections: set.selections.flatMap((node): readonly SelectionNode[] => this.selection(node, parent)) };
  }

  private selection(given: SelectionNode, parent: GraphQLCompositeType): readonly SelectionNode[] {
    const node = { ...given, directives: this.directives(given.directives ?? []) };
    if (node.kind === 'Field') return [this.field(node, parent)];
    if (node.kind === 'InlineFragment') {
      const type = node.typeCondition === undefined ? parent : this.condition(node.typeCondition.name.value);
      return type === undefined ? [] : [{ ...node, selectionSet: this.selections(node.selectionSet, type) }];
    }
    const fragment = this.fragments.get(node.name.value);
    if (fragment === undefined) throw new Invalid(`the document uses the fragment "${node.name.value}" and does not define it`);
    return this.condition(fragment.typeCondition.name.value) === undefined ? [] : [node];
  }

  private field(node: FieldNode, parent: GraphQLCompositeType): FieldNode {
    const definition = this.definition(node, parent);
    const type = definition === undefined ? undefined : getNamedType(definition.type);
    const selectable = isCompositeType(type) ? node.selectionSet !== undefined : isLeafType(type);
    if (definition === undefined || !selectable) {
      this.inputs.unknown.add(`${parent.name}.${node.name.value}`);
      return hole(node);
    }
    const { selectionSet, ...rest } = { ...node, arguments: this.arguments(node.arguments ?? [], definition, parent) };
    if (selectionSet === undefined || !isCompositeType(type)) return rest;
    return { ...rest, selectionSet: this.selections(selectionSet, type) };
  }

  private definition(node: FieldNode, parent: GraphQLCompositeType): GraphQLField<unknown, unknown> | undefined {
    const name = node.name.value;
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    if (parent === this.schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    if (isUnionType(parent)) return undefined;
    const fields = parent.getFields();
    return Object.hasOwn(fields, name) ? fields[name] : undefined;
  }

  private arguments(
    given: readonly ArgumentNode[],
    { name: field, args }: GraphQLField<unknown, unknown>,
    parent: GraphQLCompositeType,
  ): readonly ArgumentNode[] {
    return given.flatMap((node) => {
      const definition = args.find(({ name }) => name === node.name.value);
      if (definition === undefined) {
        this.inputs.unknown.add(`${parent.name}.${field}(${node.name.value})`);
        return [];
      }
      const value = fitLiteral(node.value, definition.type, this.inputs);
      return value === undefined ? [] : [{ ...node, value }];
    });
  }

  private directives(given: readonly DirectiveNode[]): readonly DirectiveNode[] {
    return given.filter(({ name }) => {
      if (this.schema.getDirective(name.value)) return true;
      this.inputs.unknown.add(`@${name.value}`);
      return false;
    });
  }

  private condition(name: string): GraphQLCompositeType | undefined {
    const type = this.schema.getType(name);
    if (isCompositeType(type)) return type;
    this.inputs.unknown.add(`type ${name}`);
    return undefined;
  }
}
