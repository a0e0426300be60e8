/** What attacks need: requests exactly as written, and people who are not administrators. */
import { readFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { type Client, createClient } from '@sweep/api';
import type { Cluster } from '../support/cluster.js';

export interface Sent {
  readonly method?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** Neither the path nor a header is changed on the way, as `fetch` would. */
export function send(base: string, path: string, { method = 'GET', key, headers = {}, body }: Sent = {}): Promise<Answer> {
  const { hostname, port, host } = new URL(base);
  const all = { host, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers };
  return new Promise((resolve, reject) => {
    const request = requestPlain({ hostname, port, path, method, headers: all, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString('utf8') }),
      );
    });
    request.once('error', reject);
    request.end(body);
  });
}

export interface Person {
  readonly name: string;
  readonly key: string;
  readonly client: Client;
}

/** Somebody who may use the server and administer nothing. */
export async function person(cluster: Cluster, name: string, scope: 'user' | 'agent' = 'user'): Promise<Person> {
  const known = (await cluster.client.listUsers()).items.some((user) => user.name === name);
  if (!known) await cluster.client.createUser({ name });
  const { secret } = await cluster.client.createKey({ name: `${scope} of ${name}`, scope, user: name });
  const key = secret!;
  return { name, key, client: createClient({ url: cluster.url, key }) };
}

export const json = { 'content-type': 'application/json' };

/** As W&B's clients ask. */
export async function graphql(cluster: Cluster, key: string, query: string, variables: object = {}): Promise<Answer> {
  return send(cluster.url, '/graphql', { method: 'POST', key, headers: json, body: JSON.stringify({ query, variables }) });
}

export const grid = (entity: string, more = ''): string => `method: grid
entity: ${entity}
project: mine
metric: {name: loss, goal: minimize}
parameters:
  x: {values: [1, 2, 3]}
${more}
`;

/** MiB that a process holds. */
export function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}
