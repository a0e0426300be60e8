/**
 * Executes GraphQL requests of W&B clients against resolvers that the caller gives, tolerantly.
 *
 * Owns the envelope, what happens to names that the schema lacks, limits, and the form of answers. Who may ask, and what is answered,
 * is the resolvers' business. Remembers recent documents and what it has reported; nothing else.
 */
import { Bug, Invalid } from '@sweep/domain';
import { type ExecutionResult, execute, GraphQLError, isInputType, type TypeNode, typeFromAST } from 'graphql';
import type { MutationInputs, QueryArgs } from '../gen/inputs.js';
import { writeJson } from '../json/json-text.js';
import { schema } from '../schema/schema.js';
import { answerOfError, type GraphqlAnswer } from './answer.js';
import { fitValue } from './fit-input.js';
import { fillHoles } from './holes.js';
import { UnknownNames } from './names.js';
import { type Prepared, prepare } from './prepare.js';

/** What a root field gives: fields are read as properties, or called as methods with (args, context). */
type Given = object | null | Promise<object | null>;

/**
 * One function a root field; those of mutations get the `input` object itself. A query without one is null, a mutation without one an
 * error. Objects of an interface or a union say what they are in `__typename`.
 */
export interface Resolvers<Context> {
  readonly query: { readonly [Name in keyof QueryArgs]?: (args: QueryArgs[Name], context: Context) => Given };
  readonly mutation: { readonly [Name in keyof MutationInputs]?: (input: MutationInputs[Name], context: Context) => Given };
}

export interface UnknownReport {
  readonly operation: string;
  readonly names: readonly string[];
}

export interface ExecutorOptions<Context> {
  readonly resolvers: Resolvers<Context>;
  /** Told once for the same names of the same operation. */
  readonly onUnknown: (report: UnknownReport, context: Context) => void;
}

type RootValue = Readonly<Record<string, (args: never, context: never) => Given>>;

const documentsKept = 200;
const reportsKept = 1_000;

export class Executor<Context> {
  private readonly documents = new Map<string, Prepared>();
  private readonly reported = new Set<string>();
  private readonly mutations: RootValue;

  constructor(private readonly options: ExecutorOptions<Context>) {
    this.mutations = mutationRoot(options.resolvers.mutation);
  }

  /** @param request the parsed JSON body. @throws only what is a mistake of ours. */
  async execute(request: unknown, context: Context): Promise<GraphqlAnswer> {
    try {
      const { query, operationName, variables } = envelope(request);
      const prepared = this.prepared(query, operationName);
      const fitted = this.variables(prepared, variables, context);
      const result = await execute({
        schema,
        document: prepared.document,
        rootValue: prepared.mutation ? this.mutations : this.options.resolvers.query,
        contextValue: context,
        variableValues: fitted,
      });
      return answerOf(result, prepared);
    } catch (error) {
      return answerOfError(error);
    }
  }

  private prepared(text: string, operationName: string | undefined): Prepared {
    const key = `${operationName ?? ''}\n${text}`;
    const kept = this.documents.get(key);
    if (kept !== undefined) return kept;
    const made = prepare(schema, text, operationName);
    this.documents.set(key, made);
    const [oldest] = this.documents.keys();
    if (this.documents.size > documentsKept && oldest !== undefined) this.documents.delete(oldest);
    return made;
  }

  private variables(prepared: Prepared, given: Readonly<Record<string, unknown>>, context: Context): Record<string, unknown> {
    const unknown = new UnknownNames();
    const fitted: Record<string, unknown> = {};
    for (const { variable, type } of prepared.variables) {
      const name = variable.name.value;
      if (!Object.hasOwn(given, name)) continue;
      fitted[name] = fitValue(given[name], inputType(type), unknown);
    }
    const names = [...prepared.unknown, ...unknown.sorted()];
    if (names.length > 0) this.report({ operation: prepared.name, names }, context);
    return fitted;
  }

  private report(report: UnknownReport, context: Context): void {
    const key = JSON.stringify(report);
    if (this.reported.has(key)) return;
    if (this.reported.size >= reportsKept) this.reported.clear();
    this.reported.add(key);
    this.options.onUnknown(report, context);
  }
}

interface Envelope {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

function envelope(request: unknown): Envelope {
  const { query, operationName, variables } = (typeof request === 'object' && request !== null ? request : {}) as Partial<
    Record<string, unknown>
  >;
  if (typeof query !== 'string') throw new Invalid('a GraphQL request is a JSON object with the document in "query"');
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables)) throw new Invalid('"variables" is a JSON object or null');
  // Python sends "" for documents that it has only as text.
  const name = typeof operationName === 'string' && operationName !== '' ? operationName : undefined;
  return { query, operationName: name, variables: (variables ?? {}) as Readonly<Record<string, unknown>> };
}

function inputType(node: TypeNode) {
  const type = typeFromAST(schema, node);
  if (!isInputType(type)) throw new Bug('a variable of an unknown type was left in a prepared document');
  return type;
}

function mutationRoot<Context>(given: Resolvers<Context>['mutation']): RootValue {
  const resolvers = given as Readonly<Record<string, ((input: unknown, context: unknown) => Given) | undefined>>;
  const names = Object.keys(schema.getMutationType()?.getFields() ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      ({ input }: { readonly input: unknown }, context: unknown) => {
        const resolver = resolvers[name];
        if (resolver === undefined) throw new Invalid(`this server does not answer the mutation "${name}"`);
        return resolver(input, context);
      },
    ]),
  );
}

function answerOf({ data, errors }: ExecutionResult, prepared: Prepared): GraphqlAnswer {
  const thrown = errors?.map(origin).find((error) => !(error instanceof GraphQLError));
  if (thrown !== undefined) return answerOfError(thrown);
  const messages = errors?.map(({ message, path }) => ({ message, path }));
  if (data === undefined) return { status: 400, body: writeJson({ errors: messages }) };
  const filled = prepared.unknown.length > 0 ? fillHoles(data) : data;
  return { status: 200, body: writeJson(messages === undefined ? { data: filled } : { data: filled, errors: messages }) };
}

/** graphql-js wraps what resolvers throw. */
function origin(error: Error): Error {
  return error instanceof GraphQLError && error.originalError !== undefined ? origin(error.originalError) : error;
}
