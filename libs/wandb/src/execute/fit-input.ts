/**
 * Takes out of input values the fields that the schema's input types do not have, in literals and in variables.
 *
 * W&B adds input fields with every release and its own server ignores those it does not know.
 */
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isListType,
  Kind,
  type ObjectFieldNode,
  type ObjectValueNode,
  type ValueNode,
} from 'graphql';
import type { UnknownNames } from './names.js';

export interface InputFitting {
  readonly unknown: UnknownNames;
  /** Variables whose type the schema lacks: whatever uses them is left out. */
  readonly lostVariables: ReadonlySet<string>;
}

/** The literal without unknown fields; undefined when it is a variable that cannot be used. */
export function fitLiteral(node: ValueNode, given: GraphQLInputType, fitting: InputFitting): ValueNode | undefined {
  if (node.kind === Kind.VARIABLE) return fitting.lostVariables.has(node.name.value) ? undefined : node;
  const type = getNullableType(given);
  if (isListType(type)) {
    if (node.kind !== Kind.LIST) return fitLiteral(node, type.ofType, fitting);
    return { ...node, values: node.values.flatMap((item) => fitLiteral(item, type.ofType, fitting) ?? []) };
  }
  return isInputObjectType(type) && node.kind === Kind.OBJECT ? fitObject(node, type, fitting) : node;
}

function fitObject(node: ObjectValueNode, type: GraphQLInputObjectType, fitting: InputFitting): ObjectValueNode {
  const known = type.getFields();
  const fields = node.fields.flatMap((field): readonly ObjectFieldNode[] => {
    const inside = Object.hasOwn(known, field.name.value) ? known[field.name.value] : undefined;
    if (inside === undefined) {
      fitting.unknown.add(`${type.name}.${field.name.value}`);
      return [];
    }
    const value = fitLiteral(field.value, inside.type, fitting);
    return value === undefined ? [] : [{ ...field, value }];
  });
  return { ...node, fields };
}

/** A variable's value without unknown fields. */
export function fitValue(value: unknown, given: GraphQLInputType, unknown: UnknownNames): unknown {
  const type = getNullableType(given);
  if (typeof value !== 'object' || value === null) return value;
  if (isListType(type)) {
    const inside = type.ofType;
    return Array.isArray(value) ? value.map((item) => fitValue(item, inside, unknown)) : fitValue(value, inside, unknown);
  }
  if (!isInputObjectType(type) || Array.isArray(value)) return value;
  const known = type.getFields();
  const kept: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const inside = Object.hasOwn(known, name) ? known[name] : undefined;
    if (inside === undefined) unknown.add(`${type.name}.${name}`);
    else kept.push([name, fitValue(member, inside.type, unknown)]);
  }
  return Object.fromEntries(kept);
}
