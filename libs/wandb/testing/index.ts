/** For tests with documents of real clients: what a strict server would say about them, without the tolerance that requests enjoy. */
import { type DocumentNode, GraphQLError, isInputObjectType, parse, validate } from 'graphql';
import { schema } from '../src/schema/schema.js';

/** What is wrong with a document by our schema; null when it is no whole document. */
export function strictProblems(text: string): readonly string[] | null {
  const document = parsed(text);
  return document === null ? null : validate(schema, document).map(({ message }) => message);
}

/** The fields of an input type; null when there is no such type. */
export function inputFields(name: string): readonly string[] | null {
  const type = schema.getType(name);
  return isInputObjectType(type) ? Object.keys(type.getFields()) : null;
}

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}
