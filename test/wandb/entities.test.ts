/** Teams, alerts, charts and forks by the real client, and what they lead to outside of it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../support/cluster.js';
import { until } from '../support/until.js';
import type { Wandb } from '../support/wandb-client.js';
import { withWandb } from '../support/wandb-cluster.js';

let cluster: Cluster;
let wandb: Wandb;
let receiver: Server;
let url: string;
const heard: { readonly signature: string; readonly body: Readonly<Record<string, unknown>> }[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => {
      text += part.toString();
    });
    request.on('end', () => {
      heard.push({ signature: String(request.headers['webhook-signature']), body: JSON.parse(text) as Record<string, unknown> });
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
});
afterAll(() => void receiver.close());

withWandb(
  (given) => {
    ({ cluster, wandb } = given);
  },
  { settings: { SWEEP_PRIVATE_WEBHOOKS: 'true' } },
);

describe('the public API', () => {
  it('makes teams that own projects, charts, alerts that webhooks hear of, code and lifetimes', async () => {
    const user = (await cluster.client.server()).user!;
    const project = { entity: user, project: 'arms' };
    await wandb.program('project', { args: ['arms'] });
    const { items: hooks } = await cluster.client.setWebhooks(project, [{ url, events: ['run.alert'] }]);
    expect(hooks).toMatchObject([{ url, secret: expect.stringMatching(/^whsec_/) }]);
    const { told } = await wandb.program('entities');
    expect(told).toEqual({
      team: ['robots', [user], 'team'],
      teams: [user, 'robots'],
      owned: ['finished', ['arms']],
      visibility: { access: 'USER_READ', description: 'digits' },
      chart: `${user}/bars`,
      ttl: 86_400,
      code: [expect.stringContaining('entities.py')],
    });
    expect(await cluster.client.getCustomChart(user, 'bars')).toMatchObject({ displayName: 'Bars', spec: { mark: 'bar', n: 1 } });
    expect((await cluster.client.listCustomCharts(user)).items).toHaveLength(1);
    expect((await cluster.client.listTeams()).items).toMatchObject([{ name: 'robots', members: [{ name: user, admin: true }] }]);
    await until(async () => heard.length > 0, { what: 'the webhook to be called' });
    expect((await cluster.client.listWebhooks(project)).items[0]).not.toHaveProperty('secret');
    await until(async () => (await cluster.client.webhookDeliveries(project)).items[0]?.state === 'delivered', {
      what: 'the delivery to end',
    });
    expect(heard).toEqual([
      {
        signature: expect.stringMatching(/^v1,/),
        body: expect.objectContaining({
          type: 'run.alert',
          data: {
            project: `${user}/arms`,
            run: { id: 'alerting', name: expect.any(String), url: `${cluster.url}/${user}/arms/runs/alerting` },
            alert: { title: 'hot', text: 'it is hot', level: 'error' },
          },
        }),
      },
    ]);
  });
});

interface ReadRun {
  readonly history: readonly { readonly _step: number; readonly value: number }[];
}
const rows = ({ history }: ReadRun) => history.map(({ _step, value }) => [_step, value]);

describe('a fork', () => {
  it('goes on behind the steps of its origin, however often it begins, and is resumed as any other', async () => {
    const told = (await wandb.program('fork')).told as Record<'first' | 'second' | 'resumed' | 'origin', ReadRun> & { nobody: string };
    const origin = [0, 1, 2].map((step) => [step, step]);
    expect(rows(told.first)).toEqual([...origin, [3, 100], [4, 101], [5, 102]]);
    expect(rows(told.second)).toEqual([...origin, [3, 100]]);
    expect(rows(told.resumed)).toEqual([...origin, [3, 100], [4, 200]]);
    expect(rows(told.origin)).toHaveLength(6);
    expect(told.nobody).toContain('to fork from');
  });
});

describe('a run that was taken up without a network', () => {
  it('is the same however often it is synced', async () => {
    const { folder } = (await wandb.program('resumed_offline')).told as { folder: string };
    const read = async () => (await wandb.program('read', { args: ['offline/taken-up'] })).told as ReadRun;
    await wandb.command(['sync', folder]);
    const once_ = await read();
    expect(once_.history.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await wandb.command(['sync', '--include-synced', folder]);
    expect(await read()).toEqual(once_);
  });
});
