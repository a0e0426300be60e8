import { userId } from '@sweep/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../../testing/app.js';
import { trialWithKeys, wandbCalls } from '../../../testing/wandb-calls.js';
import { Authenticator } from '../../auth/authenticate.js';

let app: TestApp;
const keys: Record<string, string> = {};

beforeAll(async () => {
  app = await startTestApp();
  for (const name of ['bob', 'eve']) {
    await app.store.keys.createUser({ id: userId(name), name, admin: false });
    keys[name] = (await new Authenticator(app.store).issue(userId(name), { name: 'k', scope: 'user', expiresAt: null })).secret;
  }
});
afterAll(() => app.close());

const { ask, fields, newRun, stream, upsert } = wandbCalls(() => app);
const createTeam = (teamName: string, key?: string, more: object = {}) =>
  ask('mutation T($i: CreateTeamInput!) { createTeam(input: $i) { entity { name available limits } } }', { i: { teamName, ...more } }, key);
const invite = (entityName: string, username: string, key?: string) =>
  ask(
    'mutation I($i: CreateInviteInput!) { createInvite(input: $i) { invite { id name toUser { name } } } }',
    { i: { entityName, username } },
    key,
  );

describe('a team', () => {
  it('is made by anybody, is among the teams of its members, and says who they are', async () => {
    expect((await createTeam('vision', keys['bob'])).data).toEqual({
      createTeam: { entity: { name: 'vision', available: false, limits: null } },
    });
    await invite('vision', 'eve', keys['bob']);
    const viewer = await ask('query { viewer { teams { edges { node { name isTeam } } } } }', {}, keys['eve']);
    expect(viewer.data).toEqual({
      viewer: { teams: { edges: [{ node: { name: 'eve', isTeam: false } }, { node: { name: 'vision', isTeam: true } }] } },
    });
    const selection =
      'isTeam entityType privateOnly codeSavingEnabled defaultAccess members { username admin pending accountType } user { name }';
    expect((await ask(`query { entity(name: "vision") { ${selection} } }`)).data).toEqual({
      entity: {
        ...{ isTeam: true, entityType: 'team', privateOnly: false, codeSavingEnabled: true, defaultAccess: 'PRIVATE', user: null },
        members: [
          { username: 'bob', admin: true, pending: false, accountType: 'USER' },
          { username: 'eve', admin: false, pending: false, accountType: 'USER' },
        ],
      },
    });
    expect((await ask('query { entity(name: "bob") { isTeam entityType members { name } } }')).data).toEqual({
      entity: { isTeam: false, entityType: 'user', members: [{ name: 'bob' }] },
    });
  });

  it('owns projects that its members write into, and nobody else', async () => {
    await createTeam('sound', keys['bob']);
    const make = (key?: string) => upsert({ name: 'r', modelName: 'speech', entityName: 'sound' }, key);
    expect(await make(keys['eve'])).toMatchObject({ status: 403, errors: [{ message: 'permission denied: entity sound' }] });
    expect(await app.store.projects.find('sound', 'speech')).toBeNull();
    expect((await make(keys['bob'])).status).toBe(200);
    const path = '/files/sound/speech/r/file_stream';
    expect((await stream('r', { history: ['{"_step":0}'], path, key: keys['bob']! })).status).toBe(200);
    expect((await stream('r', { history: ['{"_step":0}'], path, key: keys['eve']! })).status).toBe(403);
    await invite('sound', 'eve', keys['bob']);
    expect((await stream('r', { history: ['{"_step":0}'], path, key: keys['eve']! })).status).toBe(200);
    expect((await ask('query { models(entityName: "sound") { edges { node { name entityName } } } }', {}, keys['eve'])).data).toEqual({
      models: { edges: [{ node: { name: 'speech', entityName: 'sound' } }] },
    });
  });

  it('loses members by the same door', async () => {
    await createTeam('text', keys['bob']);
    const invited = (await invite('text', 'eve', keys['bob'])).data as unknown as { createInvite: { invite: { id: string } } };
    const leave = (key?: string) =>
      ask(
        'mutation D($i: DeleteInviteInput!) { deleteInvite(input: $i) { success } }',
        { i: { id: invited.createInvite.invite.id, entityName: 'text' } },
        key,
      );
    expect((await leave(keys['bob'])).data).toEqual({ deleteInvite: { success: true } });
    expect((await leave(keys['bob'])).data).toEqual({ deleteInvite: { success: false } });
    expect((await upsert({ name: 'r', modelName: 'p', entityName: 'text' }, keys['eve'])).status).toBe(403);
  });

  it('is refused under a name that is taken, to the key of a trial, and for somebody else', async () => {
    expect(await createTeam('ada', keys['bob'])).toMatchObject({ status: 409 });
    expect(await createTeam('a/b', keys['bob'])).toMatchObject({ status: 400 });
    expect(await createTeam('theirs', keys['bob'], { teamAdminUserName: 'eve' })).toMatchObject({ status: 403 });
    const { keyOf } = await trialWithKeys(app);
    expect(await createTeam('trials', await keyOf(1))).toMatchObject({ status: 403 });
    expect(await invite('nothing', 'eve')).toMatchObject({ status: 404 });
  });

  it('that nobody made is no entity, also for administrators', async () => {
    expect(await upsert({ name: 'r', modelName: 'p', entityName: 'nobody' })).toMatchObject({
      status: 403,
      errors: [{ message: 'permission denied: entity nobody' }],
    });
    expect((await ask('query { entity(name: "nobody") { name } }')).data).toEqual({ entity: null });
  });
});

describe('users', () => {
  it('are told their own keys that are good, and nobody else is', async () => {
    const own = 'apiKeys { edges { node { id name } } }';
    expect((await ask(`query { viewer { ${own} } }`, {}, keys['bob'])).data).toEqual({
      viewer: { apiKeys: { edges: [{ node: { id: expect.any(String), name: 'k' } }] } },
    });
    expect((await ask(`query { entity(name: "bob") { user { ${own} } } }`)).data).toEqual({ entity: { user: { apiKeys: { edges: [] } } } });
  });

  const search = async (query: string, key?: string) =>
    (
      (await ask('query U($q: String) { users(query: $q) { edges { node { username } } } }', { q: query }, key)).data as unknown as {
        users: { edges: { node: { username: string } }[] };
      }
    ).users.edges.map(({ node }) => node.username);

  it('are told only to those who may know them', async () => {
    await app.store.keys.createUser({ id: userId('lone'), name: 'lone', admin: false });
    const key = (await new Authenticator(app.store).issue(userId('lone'), { name: 'k', scope: 'user', expiresAt: null })).secret;
    expect(await search('', key)).toEqual(['lone']);
    expect(await search('bob', key)).toEqual([]);
    expect(await search('')).toEqual(expect.arrayContaining(['ada', 'bob', 'eve', 'lone']));
    expect(await search('bob@example.org')).toEqual(['bob']);
  });
});

describe('a project', () => {
  it('keeps what it is for and who may see it', async () => {
    const describe_ = (i: object) =>
      ask('mutation M($i: UpsertModelInput!) { upsertModel(input: $i) { inserted project { name access description } } }', { i });
    const input = { name: 'shown', access: 'USER_READ', description: 'digits' };
    expect((await describe_(input)).data).toEqual({
      upsertModel: { inserted: true, project: { name: 'shown', access: 'USER_READ', description: 'digits' } },
    });
    expect((await describe_({ name: 'shown', description: 'more digits' })).data).toMatchObject({
      upsertModel: { inserted: false, project: { access: 'USER_READ', description: 'more digits' } },
    });
    expect((await ask('query { project(name: "shown") { access description } }')).data).toEqual({
      project: { access: 'USER_READ', description: 'more digits' },
    });
    expect(await describe_({ name: 'shown', access: 'everybody!' })).toMatchObject({ status: 400 });
  });
});

describe('a chart of somebody', () => {
  const chart = { name: 'bars', displayName: 'Bars', type: 'vega2', access: 'private', spec: '{"mark": "bar", "n": 1.0}' };
  const draw = (input: object, key?: string) =>
    ask('mutation C($i: CreateCustomChartInput!) { createCustomChart(input: $i) { chart { id } } }', { i: input }, key);

  it('is kept under its entity and shown over REST', async () => {
    expect((await draw({ entity: 'ada', ...chart })).data).toEqual({ createCustomChart: { chart: { id: 'ada/bars' } } });
    expect((await app.call('GET', '/api/v1/custom-charts/ada/bars')).json()).toMatchObject({
      ...{ entity: 'ada', name: 'bars', displayName: 'Bars', type: 'vega2' },
      spec: { mark: 'bar', n: 1 },
    });
    await draw({ entity: 'ada', ...chart, spec: '{"n": NaN}' });
    expect((await app.call('GET', '/api/v1/custom-charts/ada')).json()).toMatchObject({ items: [{ name: 'bars', spec: { n: 'NaN' } }] });
    await draw({ entity: 'ada', ...chart, spec: '{}' });
    expect((await app.call('GET', '/api/v1/custom-charts/ada')).json()).toMatchObject({ items: [{ name: 'bars', spec: {} }] });
    expect((await app.call('GET', '/api/v1/custom-charts/ada/none')).statusCode).toBe(404);
  });

  it('is refused where it is none, and to who may not', async () => {
    expect(await draw({ entity: 'ada', ...chart, spec: 'bar' })).toMatchObject({ status: 400 });
    expect(await draw({ entity: 'ada', ...chart, name: 'a/b' })).toMatchObject({ status: 400 });
    expect(await draw({ entity: 'ada', ...chart }, keys['eve'])).toMatchObject({ status: 403 });
  });
});

describe('an alert', () => {
  it('is told to the webhooks of its project, once while it asks for silence', async () => {
    await newRun('alerting', { modelName: 'alerts' });
    const project = (await app.store.projects.find('ada', 'alerts'))!;
    await app.store.webhooks.replace(project.id, [{ id: 'w', url: 'https://hooks.example', secret: 'whsec_', events: ['run.alert'] }]);
    const raise = (text: string) =>
      ask('mutation A($i: NotifyScriptableRunAlertInput!) { notifyScriptableRunAlert(input: $i) { success } }', {
        i: {
          entityName: 'ada',
          projectName: 'alerts',
          runName: 'alerting',
          title: 'low',
          text,
          severity: 'WARN',
          waitDuration: 60_000,
        },
      });
    await raise('it is low');
    // Its answer was lost.
    await raise('it is low');
    await raise('it is lower');
    const told = await app.store.webhooks.deliveries(project.id, 10);
    expect(told.map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        type: 'run.alert',
        data: {
          project: 'ada/alerts',
          run: { id: 'alerting', url: expect.stringMatching(/\/ada\/alerts\/runs\/alerting$/) },
          alert: { title: 'low', text: 'it is low', level: 'warn' },
        },
      },
    ]);
    const { items } = (await app.call('GET', '/api/v1/runs/alerting/alerts')).json() as { items: { text: string; silenced: boolean }[] };
    expect(items.map(({ text, silenced }) => [text, silenced])).toEqual([
      ['it is low', false],
      ['it is lower', true],
    ]);
    expect(await fields('alerting', 'name', 'alerts')).toEqual({ name: 'alerting' });
  });
});
