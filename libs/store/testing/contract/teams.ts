import { projectId, userId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { Store, User } from '../../src/store.js';
import { freshId, type OpenStore, openOnce } from './fixture.js';

const newUser = async (store: Store, name = freshId()): Promise<User> =>
  (await store.keys.createUser({ id: userId(freshId()), name, admin: false }))!;

export function teamContract(open: () => Promise<OpenStore>): void {
  describe('teams', () => {
    const store = openOnce(open);

    it('begin with one administrator, and gain and lose members', async () => {
      const [ada, bob] = [await newUser(store()), await newUser(store())];
      const name = `team-${freshId()}`;
      expect(await store().teams.create(name, ada.id)).toMatchObject({ name });
      expect(await store().teams.members(name)).toEqual([{ user: ada.id, name: ada.name, admin: true }]);
      expect(await store().teams.member(name, bob.id)).toBeNull();
      expect(await store().teams.put(name, { user: bob.id, admin: false })).toBe(true);
      expect(await store().teams.put(name, { user: bob.id, admin: true })).toBe(true);
      expect(await store().teams.member(name, bob.id)).toEqual({ user: bob.id, name: bob.name, admin: true });
      expect((await store().teams.list(bob.id)).map((team) => team.name)).toEqual([name]);
      expect([await store().teams.remove(name, bob.id), await store().teams.remove(name, bob.id)]).toEqual([true, false]);
      expect(await store().teams.list(bob.id)).toEqual([]);
      expect((await store().teams.list(null)).map((team) => team.name)).toContain(name);
    });

    it('of users who are removed lose them', async () => {
      const [ada, bob] = [await newUser(store()), await newUser(store())];
      const name = `team-${freshId()}`;
      await store().teams.create(name, ada.id);
      await store().teams.put(name, { user: bob.id, admin: false });
      await store().keys.removeUser(bob.id);
      expect((await store().teams.members(name)).map((member) => member.name)).toEqual([ada.name]);
    });

    it('share no name with users or each other, however many ask at once', async () => {
      const ada = await newUser(store());
      expect(await store().teams.create(ada.name, ada.id)).toBeNull();
      const name = `both-${freshId()}`;
      const made = await Promise.all([
        ...Array.from({ length: 5 }, () => store().teams.create(name, ada.id)),
        ...Array.from({ length: 5 }, () => store().keys.createUser({ id: userId(freshId()), name, admin: false })),
      ]);
      expect(made.filter((one) => one !== null)).toHaveLength(1);
    });

    it('that nobody made are not found and take no members', async () => {
      const ada = await newUser(store());
      expect(await store().teams.find('nothing')).toBeNull();
      expect(await store().teams.members('nothing')).toEqual([]);
      expect(await store().teams.put('nothing', { user: ada.id, admin: true })).toBe(false);
      const name = `team-${freshId()}`;
      await store().teams.create(name, ada.id);
      expect(await store().teams.put(name, { user: userId('nobody'), admin: true })).toBe(false);
    });
  });

  describe('what else entities own', () => {
    const store = openOnce(open);

    it('projects keep who may see them and what they are for', async () => {
      const project = await store().projects.ensure('ada', freshId());
      expect(project).toMatchObject({ access: 'PRIVATE', description: null });
      const changed = { access: 'USER_READ', description: 'digits' };
      expect(await store().projects.change(project.id, changed)).toMatchObject(changed);
      expect(await store().projects.change(project.id, {})).toMatchObject(changed);
      expect(await store().projects.find('ada', project.name)).toMatchObject(changed);
      expect(await store().projects.change(projectId('nothing'), changed)).toBeNull();
    });

    it('charts are kept by name, verbatim', async () => {
      const entity = freshId();
      const chart = { entity, name: 'bars', displayName: 'Bars', type: 'vega2', access: 'private', spec: '{"a": 1.0}' };
      expect(await store().charts.put(chart)).toMatchObject(chart);
      expect(await store().charts.put({ ...chart, spec: '{}' })).toMatchObject({ spec: '{}' });
      await store().charts.put({ ...chart, name: 'areas' });
      expect((await store().charts.list(entity)).map(({ name, spec }) => [name, spec])).toEqual([
        ['areas', '{"a": 1.0}'],
        ['bars', '{}'],
      ]);
      expect(await store().charts.find(entity, 'bars')).toMatchObject({ spec: '{}' });
      expect(await store().charts.find('nobody', 'bars')).toBeNull();
    });
  });
}
