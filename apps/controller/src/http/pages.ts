/** Pages without data, script or outside resources: what stands in for a missing dashboard, and the API description for people. */
import { createHash } from 'node:crypto';
import { strictPolicy } from '../auth/browser.js';
import type { OpenApi } from './openapi.js';

const style = `:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font-family:ui-monospace,monospace;font-size:.92em}h2{margin-top:2rem}section{border-top:1px solid #8884;padding:.75rem 0}
.method{display:inline-block;min-width:4.5rem;font-weight:600}pre{overflow:auto;background:#8881;padding:.75rem;border-radius:6px}.scope{opacity:.7}`;

/** The strict policy, and this one style sheet by its hash. */
export const pagePolicy = `${strictPolicy}; style-src 'self' 'sha256-${createHash('sha256').update(style).digest('base64')}'`;

export function pageWithoutDashboard(): string {
  return page(
    'Sweep',
    `<h1>Sweep</h1>
<p>This controller works, but its dashboard was not built: run <code>npm run build</code> in its checkout, then start it again.</p>
<p>Its API is below <code>/api/v1</code>: see the <a href="/api/docs">description for people</a>
or the <a href="/api/openapi.json">OpenAPI document</a>.</p>
<p>On the command line: <code>sweep ls</code>, <code>sweep create sweep.yaml</code>, <code>sweep watch SWEEP</code>.</p>`,
  );
}

export function docsPage({ info, paths, components }: OpenApi): string {
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method, path, operation)),
  );
  const schemas = Object.entries((components['schemas'] ?? {}) as Record<string, unknown>).map(
    ([name, schema]) =>
      `<section id="${asText(name)}"><h3>${asText(name)}</h3><pre>${asText(JSON.stringify(schema, null, 2))}</pre></section>`,
  );
  return page(
    'Sweep API',
    `<h1>${asText(info.title)} API ${asText(info.version)}</h1><p>${asText(info.description)}</p>
<p>Send <code>Authorization: Bearer KEY</code>. The same as data: <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<h2>Routes</h2>${sections.join('\n')}<h2>Schemas</h2>${schemas.join('\n')}`,
  );
}

function section(method: string, path: string, operation: Readonly<Record<string, unknown>>): string {
  const parameters = operation['parameters'] as readonly { readonly name: string; readonly in: string }[];
  const query = parameters.filter((one) => one.in === 'query').map(({ name }) => `<code>${asText(name)}</code>`);
  const scope = operation['x-scope'] === undefined ? 'open to anyone' : `scope ${String(operation['x-scope'])}`;
  return `<section><span class="method">${asText(method.toUpperCase())}</span> <code>${asText(path)}</code> <span class="scope">${asText(scope)}</span>
<br>${asText(String(operation['summary']))}${query.length === 0 ? '' : `<br>Query: ${query.join(', ')}`}${links(operation)}</section>`;
}

/** The schemas that a route takes and gives. */
function links(operation: Readonly<Record<string, unknown>>): string {
  const names = (part: unknown): readonly string[] => [
    ...new Set(
      [...JSON.stringify(part ?? null).matchAll(/#\/components\/schemas\/(\w+)/g)]
        .map(([, name]) => name!)
        .filter((name) => name !== 'Problem'),
    ),
  ];
  const link = (name: string): string => `<a href="#${asText(name)}">${asText(name)}</a>`;
  const takes = names(operation['requestBody']).map(link);
  const gives = names(operation['responses']).map(link);
  return `${takes.length === 0 ? '' : `<br>Takes ${takes.join(', ')}`}${gives.length === 0 ? '' : `<br>Gives ${gives.join(', ')}`}`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${asText(title)}</title><style>${style}</style></head><body>${body}</body></html>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const asText = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]!);
