import { userId } from '@sweep/domain';
import { openMemory, type Store, type User } from '@sweep/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { mayWrite } from '../auth/ownership.js';
import { isEntity, Teams } from './teams.js';

let store: Store;
let teams: Teams;
let [ada, bob, eve, root]: readonly User[] = [];

beforeEach(async () => {
  store = openMemory();
  teams = new Teams(store);
  const made = ['ada', 'bob', 'eve', 'root'].map((name) => store.keys.createUser({ id: userId(name), name, admin: name === 'root' }));
  [ada, bob, eve, root] = (await Promise.all(made)) as User[];
});

const membersOf = async (team: string) => (await teams.find(team)).members.map(({ name, admin }) => `${name}${admin ? '*' : ''}`);

describe('a team', () => {
  it('belongs to who made it, who adds and removes others', async () => {
    await teams.create('vision', ada!);
    await teams.put({ team: 'vision', user: 'bob' }, false, ada!);
    expect(await membersOf('vision')).toEqual(['ada*', 'bob']);
    await teams.put({ team: 'vision', user: 'bob' }, true, ada!);
    await teams.remove({ team: 'vision', user: 'ada' }, bob!);
    expect(await membersOf('vision')).toEqual(['bob*']);
  });

  it('is changed by nobody else, save administrators of the server; members may leave', async () => {
    await teams.create('vision', ada!);
    await teams.put({ team: 'vision', user: 'bob' }, false, root!);
    await expect(teams.put({ team: 'vision', user: 'eve' }, false, bob!)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(teams.put({ team: 'vision', user: 'eve' }, false, eve!)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(teams.remove({ team: 'vision', user: 'ada' }, bob!)).rejects.toMatchObject({ code: 'forbidden' });
    await teams.remove({ team: 'vision', user: 'bob' }, bob!);
    expect(await membersOf('vision')).toEqual(['ada*']);
  });

  it('always keeps one who can change it', async () => {
    await teams.create('vision', ada!);
    await expect(teams.remove({ team: 'vision', user: 'ada' }, ada!)).rejects.toMatchObject({ code: 'conflict' });
    await expect(teams.put({ team: 'vision', user: 'ada' }, false, ada!)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is made for somebody else only by an administrator of the server', async () => {
    await expect(teams.create('vision', ada!, 'bob')).rejects.toMatchObject({ code: 'forbidden' });
    await teams.create('vision', root!, 'bob');
    expect(await membersOf('vision')).toEqual(['bob*']);
  });

  it.each(['', '-x', 'a/b', 'a b', 'ü', 'x'.repeat(65), '..'])('is not named %j', async (name) => {
    await expect(teams.create(name, ada!)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('has a name that nobody else has', async () => {
    await expect(teams.create('bob', ada!)).rejects.toMatchObject({ code: 'conflict' });
    await teams.create('vision', ada!);
    await expect(teams.create('vision', bob!)).rejects.toMatchObject({ code: 'conflict' });
    await expect(teams.find('nothing')).rejects.toMatchObject({ code: 'not-found' });
    await expect(teams.put({ team: 'vision', user: 'nobody' }, false, ada!)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('an entity', () => {
  it('is written into by its user, by members of its team and by administrators', async () => {
    await teams.create('vision', ada!);
    await teams.put({ team: 'vision', user: 'bob' }, false, ada!);
    const who = async (entity: string) =>
      (await Promise.all([ada, bob, eve, root].map(async (user) => ((await mayWrite(store, user!, entity)) ? user!.name : '')))).filter(
        (name) => name !== '',
      );
    expect(await who('vision')).toEqual(['ada', 'bob', 'root']);
    expect(await who('eve')).toEqual(['eve', 'root']);
    expect([await isEntity(store, 'vision'), await isEntity(store, 'eve'), await isEntity(store, 'nothing')]).toEqual([true, true, false]);
  });
});

describe('the users that somebody may know', () => {
  it('are themselves and those of their teams; everybody for an administrator', async () => {
    await teams.create('vision', ada!);
    await teams.put({ team: 'vision', user: 'bob' }, false, ada!);
    const known = async (user: User) => (await teams.known(user)).map(({ name }) => name);
    expect(await known(bob!)).toEqual(['ada', 'bob']);
    expect(await known(eve!)).toEqual(['eve']);
    expect(await known(root!)).toEqual(['ada', 'bob', 'eve', 'root']);
  });
});
