/**
 * Hands TCP connections on as they are: `node forward.mjs ADDRESS:PORT… -- TARGET…`, a target being ADDRESS:PORT or the path of a socket. For
 * each port that is listened on there is one list of targets, separated by `--`; they take turns, and one that does not answer is passed over.
 */
import { connect, createServer } from 'node:net';

const lists = process.argv
  .slice(2)
  .join(' ')
  .split(' -- ')
  .map((list) => list.split(' '));

const placeOf = (text) => {
  if (text.startsWith('/')) return { path: text };
  const [host, port] = text.split(':');
  return { host, port: Number(port) };
};

function handOn(client, targets, first, tried = 0) {
  const server = connect(placeOf(targets[(first + tried) % targets.length]));
  const giveUp = () => {
    if (tried + 1 < targets.length) handOn(client, targets, first, tried + 1);
    else client.destroy();
  };
  server.once('error', giveUp).once('connect', () => {
    server.off('error', giveUp);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
}

await Promise.all(
  lists.map(([at, ...targets]) => {
    let turn = 0;
    const server = createServer((client) => {
      client.on('error', () => client.destroy());
      handOn(client, targets, turn++);
    });
    return new Promise((resolve, reject) => server.once('error', reject).listen(placeOf(at), resolve));
  }),
);
process.stdout.write('ready\n');
