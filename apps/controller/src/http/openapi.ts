/** The OpenAPI 3.1 document, from what the routes say about themselves. Pure: reading that from the classes is docs.controller.ts. */
import { problem } from '@sweep/api';
import { z } from 'zod';
import type { RouteSettings } from './route-settings.js';

export interface Operation {
  readonly method: string;
  /** `/api/v1/sweeps/:id`. */
  readonly path: string;
  /** The handler's name, unique with its resource. */
  readonly id: string;
  readonly tag: string;
  readonly settings: RouteSettings;
  readonly body: z.ZodType | null;
  readonly query: z.ZodObject | null;
}

type Json = Readonly<Record<string, unknown>>;

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: Json;
  readonly security: readonly Json[];
}

export function openApi(operations: readonly Operation[], version: string): OpenApi {
  const schemas = componentsOf(operations);
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sweep',
      version,
      description:
        'Hyperparameter sweeps: times are ISO 8601 UTC, numbers that are not finite are the texts "NaN", "Infinity" and "-Infinity".',
    },
    paths,
    components: {
      schemas,
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: 40 characters of [a-z0-9].' } },
    },
    security: [{ key: [] }],
  };
}

function describe({ path, id, tag, settings, body, query }: Operation): Json {
  return {
    operationId: id,
    tags: [tag],
    summary: settings.summary,
    ...(settings.access === 'public' ? { security: [] } : { 'x-scope': settings.access }),
    parameters: [...pathParameters(path), ...queryParameters(query), ...(settings.creates === true ? [idempotencyKey] : [])],
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: {
      [String(settings.status ?? 200)]: success(settings),
      default: {
        description: 'What is wrong, and what to do',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function success({ answer, produces }: RouteSettings): Json {
  if (answer !== undefined) return { description: 'Done', content: { 'application/json': { schema: schemaOf(answer, 'output') } } };
  return produces === undefined ? { description: 'Done' } : { description: 'Done', content: { [produces]: {} } };
}

const idempotencyKey = { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 } };

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParameters(query: z.ZodObject | null): readonly Json[] {
  if (query === null) return [];
  return Object.entries(query.shape).map(([name, type]) => ({
    name,
    in: 'query',
    required: false,
    schema: schemaOf(type as z.ZodType, 'input'),
  }));
}

/** Named schemas become references to the components. */
function schemaOf(type: z.ZodType, io: 'input' | 'output'): Json {
  const name = (type.meta() as { readonly id?: string } | undefined)?.id;
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  const { $defs: _, $schema: __, ...schema } = convert(type, io);
  return rewrite(schema) as Json;
}

function componentsOf(operations: readonly Operation[]): Json {
  const components: Record<string, unknown> = {};
  const collect = (type: z.ZodType | null | undefined, io: 'input' | 'output'): void => {
    if (type === null || type === undefined) return;
    const { $defs, $schema: _, ...schema } = convert(type, io);
    const name = (type.meta() as { readonly id?: string } | undefined)?.id;
    if (name !== undefined) components[name] = rewrite(schema);
    for (const [defined, definition] of Object.entries(($defs ?? {}) as Json)) components[defined] = rewrite(definition);
  };
  collect(problem, 'output');
  for (const { settings, body } of operations) {
    collect(body, 'input');
    collect(settings.answer, 'output');
  }
  return components;
}

const convert = (type: z.ZodType, io: 'input' | 'output'): Json =>
  z.toJSONSchema(type, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json;

/** References point into the document and not into the schema; a definition's own id would clash with its place. */
function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, member]) => !(key === 'id' && typeof member === 'string'));
  return Object.fromEntries(
    entries.map(([key, member]) =>
      key === '$ref' && typeof member === 'string' ? [key, member.replace('#/$defs/', '#/components/schemas/')] : [key, rewrite(member)],
    ),
  );
}
