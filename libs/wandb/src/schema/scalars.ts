/** How the schema's own scalars are read and checked. What the texts mean is the mappings' business. */
import { GraphQLError, type GraphQLScalarType, type GraphQLSchema, isScalarType, valueFromASTUntyped } from 'graphql';

type Check = (value: unknown) => unknown;

function text(name: string): Check {
  return (value) => {
    if (typeof value === 'string') return value;
    throw new GraphQLError(`${name} is a string, not ${JSON.stringify(value) ?? typeof value}`);
  };
}

/** Clients send integers as numbers or as digits; what goes out is always a number. */
function integer(value: unknown): number {
  const given = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof given === 'number' && Number.isInteger(given)) return given;
  throw new GraphQLError(`Int64 is an integer, not ${JSON.stringify(value) ?? typeof value}`);
}

function duration(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new GraphQLError(`Duration is a number of milliseconds, not ${JSON.stringify(value) ?? typeof value}`);
}

const checks: Readonly<Record<string, Check>> = {
  JSONString: text('JSONString'),
  DateTime: text('DateTime'),
  Duration: duration,
  Int64: integer,
};

export function installScalars(schema: GraphQLSchema): void {
  for (const [name, check] of Object.entries(checks)) {
    const type = schema.getType(name);
    if (isScalarType(type)) install(type, check);
  }
}

function install(type: GraphQLScalarType, check: Check): void {
  type.serialize = check;
  type.parseValue = check;
  type.parseLiteral = (node, variables) => check(valueFromASTUntyped(node, variables));
}
