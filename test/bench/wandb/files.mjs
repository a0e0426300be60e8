/**
 * 1 GB in 1,000 files by signed links, in and out, beside nginx that does the same with the same files on the same disk.
 *
 * In: our PUT checks the MD5 and waits for the disk, nginx's does neither. One client for both: sixteen connections that are kept.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startSystem, waitFor } from '../system.mjs';
import { atOnce, callsTo, cpuSeconds, project } from './calls.mjs';

const files = 1_000;
const bytesEach = 1_000_000;
const connections = 16;

/** Sends or fetches all, and says how many seconds that took. */
async function timed(work) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const begun = performance.now();
  await atOnce(
    work.map((one) => () => call(agent, one)),
    connections,
  );
  agent.destroy();
  return (performance.now() - begun) / 1000;
}

function call(agent, { url, method = 'GET', headers = {}, body }) {
  return new Promise((done, failed) => {
    const asked = request(url, { agent, method, headers: body === undefined ? headers : { ...headers, 'content-length': body.length } });
    asked.once('error', failed).once('response', (response) => {
      let size = 0;
      response.on('data', (part) => {
        size += part.length;
      });
      response.once('end', () => {
        const right = response.statusCode < 300 && (body !== undefined || size === bytesEach);
        if (right) done();
        else failed(new Error(`${method} ${url} answers ${response.statusCode} with ${size} bytes`));
      });
    });
    asked.end(body);
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function startNginx(folder) {
  const port = await freePort();
  const content = join(folder, 'nginx');
  await mkdir(join(content, 'files'), { recursive: true });
  const config = join(content, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${content}/${name};`).join('\n');
  await writeFile(
    config,
    `daemon off; pid ${content}/pid; error_log ${content}/errors; worker_processes auto;
${process.getuid() === 0 ? 'user root;' : ''}
events {}
http { access_log off; sendfile on; tcp_nopush on; client_max_body_size 0; ${temporary}
  server { listen 127.0.0.1:${port}; root ${content}/files; location / { dav_methods PUT; } } }
`,
  );
  const server = spawn('nginx', ['-c', config, '-e', join(content, 'errors')], { stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(
    () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    'nginx',
  );
  return {
    url,
    async stop() {
      const closed = new Promise((done) => server.once('close', done));
      server.kill('SIGTERM');
      await closed;
    },
  };
}

export async function signedFiles() {
  if (spawnSync('nginx', ['-v']).status !== 0) return { skipped: 'no nginx is installed: apt-get install nginx-light' };
  const system = await startSystem({ settings: { SWEEP_RATE_LIMIT: '0' } });
  let nginx;
  try {
    const calls = callsTo(system);
    const entity = await calls.begin('files');
    const names = Array.from({ length: files }, (_, index) => `file-${index}.bin`);
    // No two alike, so that each is stored.
    const shared = Buffer.alloc(bytesEach, 'abcdefghijklmnopqrstuvwxyz');
    const contents = names.map((name) => Buffer.concat([Buffer.from(name.padEnd(32)), shared.subarray(32)]));
    const created = await calls.graphql(
      'mutation CreateRunFiles($i: CreateRunFilesInput!) { createRunFiles(input: $i) { files { name uploadUrl } } }',
      { i: { entityName: entity, projectName: project, runName: 'files', files: names } },
    );
    const uploads = created.createRunFiles.files.map(({ uploadUrl: url }, index) => {
      const body = contents[index];
      return { url, method: 'PUT', body, headers: { 'content-md5': createHash('md5').update(body).digest('base64') } };
    });
    nginx = await startNginx(system.folder);
    const cpu = () => cpuSeconds(system.controllerPid);

    const before = await cpu();
    const putOurs = await timed(uploads);
    const between = await cpu();
    const putNginx = await timed(names.map((name, index) => ({ url: `${nginx.url}/${name}`, method: 'PUT', body: contents[index] })));

    const query =
      'query RunFiles($e: String, $p: String, $r: String!) { project(name: $p, entityName: $e) { run(name: $r) { files(first: 1000) { edges { node { directUrl } } } } } }';
    const { project: found } = await calls.graphql(query, { e: entity, p: project, r: 'files' });
    const links = found.run.files.edges.map(({ node }) => ({ url: node.directUrl }));
    if (links.length !== files) throw new Error(`${links.length} files of ${files} are there`);
    const downloading = await cpu();
    const getOurs = await timed(links);
    const downloaded = await cpu();
    const getNginx = await timed(names.map((name) => ({ url: `${nginx.url}/${name}` })));
    const mb = (seconds) => Math.round((files * bytesEach) / 1e6 / seconds);
    const share = (ours, theirs) => ((100 * theirs) / ours).toFixed(0);
    return {
      'signed GET (MB/s)': mb(getOurs),
      'nginx, the same files (MB/s)': mb(getNginx),
      'signed GET, share of nginx (%)': share(getOurs, getNginx),
      'CPU of the controller for 1 GB out (s)': (downloaded - downloading).toFixed(2),
      'signed PUT with MD5 and fsync (MB/s)': mb(putOurs),
      'nginx taking them, with neither (MB/s)': mb(putNginx),
      'signed PUT, share of nginx (%)': share(putOurs, putNginx),
      'CPU of the controller for 1 GB in (s)': (between - before).toFixed(2),
    };
  } finally {
    await nginx?.stop();
    await system.stop();
  }
}
