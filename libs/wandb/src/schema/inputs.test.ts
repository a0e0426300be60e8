import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from './schema.js';

const scalars: Readonly<Record<string, string>> = {
  Boolean: 'boolean',
  Int: 'number',
  Float: 'number',
  Int64: 'number',
  Duration: 'number',
  JSON: 'unknown',
};

function typescript(type: GraphQLInputType): string {
  if (isNonNullType(type)) return bare(type.ofType);
  return `${bare(type)} | null`;
}

function bare(type: GraphQLInputType): string {
  if (isNonNullType(type)) return bare(type.ofType);
  if (isListType(type)) {
    const item = typescript(type.ofType);
    return `readonly ${item.includes('|') ? `(${item})` : item}[]`;
  }
  if (isInputObjectType(type)) return type.name;
  if (isEnumType(type)) return type.name;
  return scalars[type.name] ?? 'string';
}

const member = ({ name, type }: GraphQLArgument | GraphQLInputField): string =>
  `readonly ${name}${isNonNullType(type) ? '' : '?'}: ${typescript(type)};`;

function objectType(members: readonly (GraphQLArgument | GraphQLInputField)[]): string {
  return members.length === 0 ? 'object' : `{ ${members.map((one) => member(one).slice(0, -1)).join('; ')} }`;
}

function interfaceOf(name: string, members: readonly string[]): string {
  return `export interface ${name} {\n${members.map((line) => `  ${line}\n`).join('')}}\n`;
}

function expected(): string {
  const types: readonly GraphQLNamedType[] = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const enums = types.filter(isEnumType).map((type) => {
    const values = type.getValues().map(({ name }) => `'${name}'`);
    return `export type ${type.name} = ${values.join(' | ')};\n`;
  });
  const inputs = types.filter(isInputObjectType).map((type) => interfaceOf(type.name, Object.values(type.getFields()).map(member)));
  const query = Object.values(schema.getQueryType()?.getFields() ?? {}).map(({ name, args }) => `readonly ${name}: ${objectType(args)};`);
  const mutation = Object.values(schema.getMutationType()?.getFields() ?? {}).map(
    ({ name, args: [input] }) => `readonly ${name}: ${input === undefined ? 'object' : bare(input.type)};`,
  );
  const fields = types
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .filter((type) => type !== schema.getQueryType() && type !== schema.getMutationType())
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
    .filter(({ field }) => field.args.length > 0)
    .map(({ type, field }) => `readonly '${type.name}.${field.name}': ${objectType(field.args)};`);
  return [
    '/**\n * What resolvers are given, as TypeScript. Follows the schema: `npx vitest run --project unit libs/wandb -u` writes it anew.\n */\n',
    ...enums,
    ...inputs,
    `/** Arguments of the root fields of queries. */\n${interfaceOf('QueryArgs', query)}`,
    `/** The \`input\` of each mutation. */\n${interfaceOf('MutationInputs', mutation)}`,
    `/** Arguments of fields of objects. */\n${interfaceOf('FieldArgs', fields)}`,
  ].join('\n');
}

describe('the TypeScript of arguments and inputs', () => {
  it('says what the schema says', async () => {
    await expect(expected()).toMatchFileSnapshot('../gen/inputs.ts');
  });
});
