/**
 * Redis URLs: one server, servers behind sentinels, or a cluster.
 *
 *     redis://[user:password@]host[:port][/db]                rediss:// with TLS
 *     redis+sentinel://[user:password@]host[:port],…/name[/db]
 *     redis+cluster://[user:password@]host[:port],…
 *
 * Pure; connecting is redis.ts.
 */
import { Invalid } from '@sweep/domain';

export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly username: string | null;
  readonly password: string | null;
  readonly db: number;
  /** Of the group that the sentinels watch. */
  readonly name: string | null;
}

const pattern = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^?#]*))?$/;

/** @throws Invalid, without the password */
export function parseRedisUrl(url: string): RedisAddress {
  const match = pattern.exec(url);
  if (match === null) {
    const shown = url.replace(/\/\/[^@/]*@/, '//***@');
    throw new Invalid(
      `"${shown}" is no Redis URL: expected redis://HOST:PORT, rediss://…, redis+sentinel://HOST,HOST/NAME or redis+cluster://HOST,HOST`,
    );
  }
  const [, secure, kind = 'single', credentials, hosts = '', path = ''] = match;
  const [username, password] = splitOnce(credentials ?? '');
  const parts = path.split('/').filter((part) => part !== '');
  const name = kind === 'sentinel' ? (parts.shift() ?? null) : null;
  if (kind === 'sentinel' && name === null)
    throw new Invalid('a redis+sentinel:// URL ends with the name of the group: redis+sentinel://HOST/mymaster');
  const nodes = hosts.split(',').map((host) => parseNode(host, kind === 'sentinel' ? 26_379 : 6_379));
  return { kind: kind as RedisAddress['kind'], nodes, tls: secure === 's', username, password, db: parseDb(parts[0]), name };
}

export function showAddress({ kind, nodes, name }: RedisAddress): string {
  const hosts = nodes.map(({ host, port }) => `${host}:${port}`).join(', ');
  if (kind === 'sentinel') return `Redis ${name ?? ''} behind the sentinels ${hosts}`;
  return kind === 'cluster' ? `the Redis cluster ${hosts}` : `Redis at ${hosts}`;
}

function splitOnce(credentials: string): [string | null, string | null] {
  const colon = credentials.indexOf(':');
  if (colon < 0) return [credentials === '' ? null : decodeURIComponent(credentials), null];
  const username = decodeURIComponent(credentials.slice(0, colon));
  return [username === '' ? null : username, decodeURIComponent(credentials.slice(colon + 1))];
}

function parseNode(text: string, defaultPort: number): { host: string; port: number } {
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text);
  if (match === null) throw new Invalid(`"${text}" is no HOST:PORT`);
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port: match[2] === undefined ? defaultPort : Number(match[2]) };
}

function parseDb(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d+$/.test(text)) throw new Invalid(`the Redis database "${text}" is no number`);
  return Number(text);
}
