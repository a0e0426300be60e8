import { describe, expect, it } from 'vitest';
import { freshId, type OpenStore, openOnce, until } from './fixture.js';

const hook = (url: string, ...events: readonly string[]) => ({ id: freshId(), url, secret: `secret of ${url}`, events });
const occasion = (id: string, event = 'run.alert') => ({ id, event, body: `{"of":"${id}"}`, ids: freshId });

export function webhookContract(open: () => Promise<OpenStore>): void {
  describe('webhooks', () => {
    const store = openOnce(open);
    const newProject = async () => (await store().projects.ensure('ada', freshId())).id;
    /** What is due of this project's: others' deliveries are taken with them. */
    const taken = async (url: string, forMs = 60_000) => (await store().webhooks.take(1_000, forMs)).filter((one) => one.url === url);

    it('are replaced as a whole; one of the same address stays the same', async () => {
      const project = await newProject();
      const [first] = await store().webhooks.replace(project, [hook('https://a', 'run.alert'), hook('https://b', 'run.alert')]);
      const second = await store().webhooks.replace(project, [hook('https://a', 'sweep.ended'), hook('https://c', 'run.alert')]);
      expect(second.map(({ url, events }) => [url, ...events])).toEqual([
        ['https://a', 'sweep.ended'],
        ['https://c', 'run.alert'],
      ]);
      expect(second[0]).toMatchObject({ id: first!.id, createdAt: first!.createdAt });
      expect(await store().webhooks.list(project)).toEqual(second);
      expect(await store().webhooks.replace(project, [])).toEqual([]);
    });

    it('are told once of each occasion, and only what they want', async () => {
      const project = await newProject();
      const url = `https://${freshId()}`;
      await store().webhooks.replace(project, [hook(url, 'run.alert'), hook(`${url}/ends`, 'sweep.ended')]);
      const told = await Promise.all(Array.from({ length: 5 }, () => store().webhooks.tell(project, occasion('one'))));
      expect(told.reduce((sum, n) => sum + n)).toBe(1);
      expect(await store().webhooks.tell(project, occasion('two', 'run.other'))).toBe(0);
      expect(await store().webhooks.tell(await newProject(), occasion('one'))).toBe(0);
      expect(await taken(url)).toMatchObject([{ event: 'run.alert', body: '{"of":"one"}', secret: `secret of ${url}`, tries: 1 }]);
    });

    it('have each delivery taken by one, and again when it is not settled in time', async () => {
      const project = await newProject();
      const url = `https://${freshId()}`;
      await store().webhooks.replace(project, [hook(url, 'run.alert')]);
      await store().webhooks.tell(project, occasion('one'));
      const all = await Promise.all(Array.from({ length: 4 }, () => taken(url, 200)));
      expect(all.flat()).toHaveLength(1);
      let again: Awaited<ReturnType<typeof taken>> = [];
      await until(async () => {
        again = await taken(url);
        return again.length === 1;
      }, 'the delivery to be due again');
      expect(again).toMatchObject([{ tries: 2 }]);
      const [first, second] = [all.flat()[0]!, again[0]!];
      expect(await store().webhooks.settle(first, { state: 'failed', answer: 'too late' })).toBe(false);
      expect(await store().webhooks.settle(second, { state: 'delivered', answer: '204' })).toBe(true);
      expect(await store().webhooks.settle(second, { state: 'waiting', answer: 'once more', againInMs: 0 })).toBe(false);
      expect(await store().webhooks.deliveries(project, 10)).toMatchObject([{ state: 'delivered', answer: '204' }]);
    });

    it('remember what became of a delivery; what was settled long ago is forgotten', async () => {
      const project = await newProject();
      const url = `https://${freshId()}`;
      await store().webhooks.replace(project, [hook(url, 'run.alert')]);
      for (const id of ['good', 'bad', 'later']) await store().webhooks.tell(project, occasion(id));
      const due = await taken(url);
      const dueOf = (id: string) => due.find(({ body }) => body.includes(id))!;
      await store().webhooks.settle(dueOf('good'), { state: 'delivered', answer: '204' });
      await store().webhooks.settle(dueOf('bad'), { state: 'failed', answer: '410' });
      await store().webhooks.settle(dueOf('later'), { state: 'waiting', answer: 'no answer', againInMs: 0 });
      const states = (await store().webhooks.deliveries(project, 10)).map(({ body, state, answer }) => `${body} ${state} ${answer}`);
      expect(states.sort()).toEqual(['{"of":"bad"} failed 410', '{"of":"good"} delivered 204', '{"of":"later"} waiting no answer']);
      expect(await taken(url)).toMatchObject([{ id: dueOf('later').id, tries: 2 }]);
      expect(await store().webhooks.forget(60_000)).toBe(0);
      expect(await store().webhooks.forget(-60_000)).toBeGreaterThanOrEqual(2);
      expect(await store().webhooks.deliveries(project, 10)).toHaveLength(1);
      await store().webhooks.replace(project, []);
      expect(await store().webhooks.deliveries(project, 10)).toEqual([]);
    });
  });
}
