/**
 * The fixture service that W&B's own system tests make their users with: three POSTs, written straight into the controller's database.
 *
 * Not part of the product: whoever can run it holds the database. A user of these tests has a key that is the user's name, which no route
 * of the controller would make, and its name begins as the key does. Organizations do not exist here.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const idFrom = () => randomUUID().replaceAll('-', '').slice(0, 8);

/** @returns the port, and how to end it */
export async function serveFixtures(store) {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(store, request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { port: server.address().port, stop: () => new Promise((closed) => server.close(closed)) };
}

async function answer(store, request) {
  if (request.method === 'GET') return { status: request.url === '/health' ? 200 : 404, body: {} };
  const parts = [];
  for await (const part of request) parts.push(part);
  const asked = JSON.parse(Buffer.concat(parts).toString());
  const fixture = fixtures[`${request.url} ${asked.command}`];
  if (fixture === undefined) return { status: 501, body: { error: `no fixture ${asked.command} at ${request.url}` } };
  await fixture(store, asked);
  return { status: 200, body: {} };
}

/** What is made is never taken down: the database goes with the run of the tests. */
const nothing = async () => {};

const fixtures = {
  '/db/user up': async (store, { username, admin }) => {
    await store.keys.createUser({ id: idFrom(), name: username, admin: admin === true });
  },
  '/db/user password': async (store, { username, password }) => {
    const user = await store.keys.findUserByName(username);
    const hash = createHash('sha256').update(password).digest('hex');
    const scope = user.admin ? 'admin' : 'user';
    const key = {
      id: idFrom(),
      user: user.id,
      name: username.slice(0, 20),
      scope,
      expiresAt: null,
      trial: null,
      attempt: null,
      project: null,
    };
    await store.keys.create(key, hash);
  },
  '/db/user down': nothing,
  '/db/team up': async (store, { username, fixtureData }) => {
    const user = await store.keys.findUserByName(username);
    await store.teams.create(fixtureData.team.name, user.id);
  },
};
