/**
 * What `sweep up` starts in tests instead of the controller: announces itself in the data folder as the real one does, and leaves
 * a line in `events` for whatever happens to it.
 */
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const dataDir = process.env.SWEEP_DATA_DIR;
mkdirSync(dataDir, { recursive: true });
const happened = (what) => appendFileSync(join(dataDir, 'events'), `${what}\n`);
if (process.argv.includes('--refuse')) {
  console.error('host: no');
  process.exit(2);
}
const server = createServer((_request, response) => response.end('{}'));
server.listen(Number(process.env.SWEEP_PORT), '127.0.0.1', () => {
  const { port } = server.address();
  happened(`controller ${process.pid} on ${port}`);
  const known = join(dataDir, 'known');
  if (!existsSync(known)) console.log(JSON.stringify({ event: 'first-key', user: 'me', key: 'f'.repeat(40) }));
  writeFileSync(known, '');
  const file = {
    url: `http://127.0.0.1:${port}`,
    grpcUrl: 'http://127.0.0.1:1',
    pid: process.pid,
    version: '0',
    startedAt: '2026-01-01T00:00:00Z',
  };
  writeFileSync(join(dataDir, 'server.json'), JSON.stringify(file));
  console.log(JSON.stringify({ event: 'ready', ...file }));
});
process.on('SIGTERM', () => {
  happened('controller stops');
  rmSync(join(dataDir, 'server.json'), { force: true });
  process.exit(143);
});
