import { randomBytes } from 'node:crypto';
import { userId } from '@sweep/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../testing/app.js';
import { wandbCalls } from '../../testing/wandb-calls.js';
import { Authenticator } from '../auth/authenticate.js';

let app: TestApp;
const keys: Record<string, string> = {};

beforeAll(async () => {
  app = await startTestApp();
  for (const name of ['bob', 'eve']) {
    await app.store.keys.createUser({ id: userId(name), name, admin: false });
    const wish = { name: 'k', scope: 'user' as const, expiresAt: null };
    keys[name] = (await new Authenticator(app.store).issue(userId(name), wish)).secret;
  }
});
afterAll(() => app.close());

const { upsert } = wandbCalls(() => app);
const fresh = (): string => `team-${randomBytes(4).toString('hex')}`;
const call = async (method: string, path: string, body?: object, key?: string) => {
  const answer = await app.call(method, `/api/v1${path}`, {
    ...(body === undefined ? {} : { body }),
    ...(key === undefined ? {} : { key }),
  });
  return { status: answer.statusCode, view: (answer.body === '' ? null : answer.json()) as never };
};

describe('teams over the API', () => {
  it('are made, shown and changed by those who may', async () => {
    const name = fresh();
    expect(await call('POST', '/teams', { name }, keys['bob'])).toMatchObject({
      status: 201,
      view: { name, members: [{ name: 'bob', admin: true }] },
    });
    expect(await call('PUT', `/teams/${name}/members/eve`, {}, keys['eve'])).toMatchObject({ status: 403 });
    expect(await call('PUT', `/teams/${name}/members/eve`, { admin: false }, keys['bob'])).toMatchObject({
      status: 200,
      view: { name: 'eve', admin: false },
    });
    const names = async (key?: string) =>
      ((await call('GET', '/teams', undefined, key)).view as { items: { name: string }[] }).items.map((team) => team.name);
    expect(await names(keys['eve'])).toEqual([name]);
    expect(await names()).toContain(name);
    expect(await call('DELETE', `/teams/${name}/members/eve`, undefined, keys['eve'])).toMatchObject({ status: 204 });
    expect(await names(keys['eve'])).toEqual([]);
    expect(await call('POST', '/teams', { name }, keys['eve'])).toMatchObject({ status: 409 });
    expect(await call('POST', '/teams', { name: '../x' }, keys['eve'])).toMatchObject({ status: 400 });
    expect(await call('GET', '/teams/nothing')).toMatchObject({ status: 404 });
  });

  it('share no name with a user who is added later', async () => {
    const name = fresh();
    await call('POST', '/teams', { name });
    expect(await call('POST', '/users', { name })).toMatchObject({ status: 409 });
  });
});

describe('webhooks over the API', () => {
  const path = async (): Promise<string> => {
    const name = fresh();
    await upsert({ name: 'r', modelName: name });
    return `/projects/ada/${name}`;
  };

  it('show a secret once, keep it, and replace each other', async () => {
    const at = `${await path()}`;
    const first = await call('PUT', `${at}/webhooks`, { webhooks: [{ url: 'https://hooks.example/a', events: ['run.alert'] }] });
    const [made] = (first.view as { items: { secret: string }[] }).items;
    expect(made).toMatchObject({ url: 'https://hooks.example/a', events: ['run.alert'], secret: expect.stringMatching(/^whsec_/) });
    expect(JSON.stringify(await call('GET', `${at}/webhooks`))).not.toContain(made!.secret);
    const again = { webhooks: [{ url: 'https://hooks.example/a', events: ['sweep.ended', 'sweep.ended'] }] };
    expect((await call('PUT', `${at}/webhooks`, again)).view).toMatchObject({ items: [{ events: ['sweep.ended'] }] });
    const project = (await app.store.projects.find('ada', at.split('/').at(-1)!))!;
    expect(await app.store.webhooks.list(project.id)).toMatchObject([{ secret: made!.secret }]);
    expect((await call('PUT', `${at}/webhooks`, { webhooks: [] })).view).toMatchObject({ items: [] });
  });

  it('tell what became of what they were told', async () => {
    const at = await path();
    const project = (await app.store.projects.find('ada', at.split('/').at(-1)!))!;
    await call('PUT', `${at}/webhooks`, { webhooks: [{ url: 'https://hooks.example/a', events: ['run.alert'] }] });
    await app.engine.webhooks.tell(project.id, 'run.alert', 'one', {});
    expect((await call('GET', `${at}/webhook-deliveries`)).view).toMatchObject({
      items: [{ url: 'https://hooks.example/a', event: 'run.alert', state: 'waiting', tries: 0, answer: null }],
    });
  });

  it.each([
    ['an address that is none', { url: 'nonsense', events: ['run.alert'] }],
    ['an address of a file', { url: 'file:///etc/passwd', events: ['run.alert'] }],
    ['a password in its address', { url: 'https://a:b@x.example', events: ['run.alert'] }],
    ['no events', { url: 'https://x.example', events: [] }],
    ['an unknown event', { url: 'https://x.example', events: ['run.danced'] }],
    ['a short secret', { url: 'https://x.example', events: ['run.alert'], secret: 'whsec_YQ==' }],
    ['what is no secret', { url: 'https://x.example', events: ['run.alert'], secret: 'hunter2' }],
  ])('are refused with %s', async (_what, webhook) => {
    const at = await path();
    expect(await call('PUT', `${at}/webhooks`, { webhooks: [webhook] })).toMatchObject({ status: 400 });
    expect((await call('GET', `${at}/webhooks`)).view).toMatchObject({ items: [] });
  });

  it('of one address are refused twice, of no project not found, and of others kept from everybody', async () => {
    const at = await path();
    const webhook = { url: 'https://x.example', events: ['run.alert'] };
    expect(await call('PUT', `${at}/webhooks`, { webhooks: [webhook, { ...webhook, url: 'https://x.example/' }] })).toMatchObject({
      status: 400,
    });
    expect(await call('GET', '/projects/ada/nothing/webhooks')).toMatchObject({ status: 404 });
    for (const room of ['webhooks', 'webhook-deliveries'])
      expect(await call('GET', `${at}/${room}`, undefined, keys['eve'])).toMatchObject({ status: 403 });
    expect(await call('PUT', `${at}/webhooks`, { webhooks: [webhook] }, keys['eve'])).toMatchObject({ status: 403 });
  });
});
