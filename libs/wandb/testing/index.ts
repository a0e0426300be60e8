/** For tests with documents of real clients: what a strict server would say about them, as sent and as they are executed. */
import { Invalid } from '@sweep/domain';
import {
  type DocumentNode,
  GraphQLError,
  isInputObjectType,
  NoUnusedFragmentsRule,
  parse,
  ScalarLeafsRule,
  specifiedRules,
  validate,
} from 'graphql';
import { prepare } from '../src/execute/prepare.js';
import { schema } from '../src/schema/schema.js';

export { schema };

/** What is wrong with a document by our schema; null when it is no whole document. */
export function strictProblems(text: string): readonly string[] | null {
  const document = parsed(text);
  return document === null ? null : validate(schema, document).map(({ message }) => message);
}

/** A selection of which nothing is left, and a fragment that nothing uses any more, do no harm. */
const rulesOfExecuted = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule && rule !== ScalarLeafsRule);

/** What is still wrong after a document was made to fit, or why it is refused. */
export function problemsOnceFitted(text: string): readonly string[] | { readonly refused: string } {
  try {
    return validate(schema, prepare(schema, text, undefined).document, rulesOfExecuted).map(({ message }) => message);
  } catch (error) {
    if (error instanceof Invalid) return { refused: error.message };
    throw error;
  }
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
