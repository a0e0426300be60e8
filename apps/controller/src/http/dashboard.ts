/**
 * The dashboard's files: a shell for every address that a person may open, and the assets that it loads. They hold no data, so
 * anyone may have them; data needs a key or a session.
 *
 * The files are read once, when the server starts: a path in a request reaches no disk.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { NotFound } from '@sweep/domain';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { strictPolicy } from '../auth/browser.js';
import { pagePolicy, pageWithoutDashboard } from './pages.js';
import type { RouteSettings } from './route-settings.js';

const compressed = promisify(gzip);

/** The one style sheet that react-aria writes into the page, for touch screens. A browser test fails when it changes. */
const pressStyle = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='";
/** What runs in the shell comes from here; pictures, sounds and sandboxed pages that it makes of data are its own blobs. */
const shellPolicy = `${strictPolicy}; style-src 'self' ${pressStyle}; media-src 'self' blob: data:; frame-src 'self' blob:; worker-src 'self' blob:`;

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** First parts of addresses that programs call: what is not there is a 404 for them, and no page. */
const forPrograms = new Set(['api', 'artifacts', 'artifactsV2', 'assets', 'files', 'graphql', 'sdk', 'storage']);

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Promise<Buffer>;
}

/** @param folder where the dashboard was built to; without it a page says how to build it */
export function serveDashboard(server: FastifyInstance, folder: string): void {
  const index = join(folder, 'index.html');
  const shell = existsSync(index) ? readFileSync(index, 'utf8') : null;
  const assets = listed(join(folder, 'assets'));
  const open = (summary: string): { readonly sweep: RouteSettings } => ({ sweep: { access: 'public', summary } });

  server.get('/assets/:name', { config: open('A file of the dashboard') }, async (request, reply) => {
    const { name } = request.params as { readonly name: string };
    const asset = assets.get(name);
    if (asset === undefined) throw new NotFound(`there is no file ${name} of the dashboard: reload the page`);
    // Its name holds a hash of its content.
    reply.type(asset.type).headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' });
    return /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      ? reply.header('content-encoding', 'gzip').send(await asset.gzipped)
      : reply.send(asset.plain);
  });
  for (const path of ['/', '/*']) {
    server.get(path, { config: open('The dashboard, whatever page of it is asked for') }, async (request, reply) => {
      const address = new URL(request.url, 'http://here').pathname;
      if (forPrograms.has(address.split('/')[1]!)) throw new NotFound(`there is nothing at ${address}`);
      return sendShell(reply, shell);
    });
  }
}

function sendShell(reply: FastifyReply, shell: string | null): FastifyReply {
  const [page, policy] = shell === null ? [pageWithoutDashboard(), pagePolicy] : [shell, shellPolicy];
  return reply.type('text/html; charset=utf-8').headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' }).send(page);
}

function listed(folder: string): ReadonlyMap<string, Asset> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => extname(name) in contentTypes);
  return new Map(names.map((name) => [name, assetOf(join(folder, name))]));
}

/** Held in memory: a dashboard that is built anew changes nothing for the pages of a controller that runs. */
function assetOf(file: string): Asset {
  const plain = readFileSync(file);
  let gzipped: Promise<Buffer> | undefined;
  return {
    type: contentTypes[extname(file)]!,
    plain,
    get gzipped() {
      gzipped ??= compressed(plain);
      return gzipped;
    },
  };
}
