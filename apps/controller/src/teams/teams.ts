/**
 * Teams: entities that several people write into. Who may make one and who may change its members.
 *
 * Any person makes teams and is their administrator; members are users of this server, added by an administrator of the team or of the
 * server. That a name is a user's or a team's, never both, is the store's.
 */
import { Conflict, Forbidden, Invalid, NotFound } from '@sweep/domain';
import type { Store, Team, TeamMember, User } from '@sweep/store';

/** As names of users: they stand in addresses beside each other. */
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export interface Membership {
  readonly team: string;
  /** The member's name. */
  readonly user: string;
}

export class Teams {
  constructor(private readonly store: Pick<Store, 'teams' | 'keys'>) {}

  /** @param first its administrator: another than the caller only for administrators of the server. @throws Invalid, Conflict */
  async create(name: string, caller: User, first: string | null = null): Promise<Team> {
    if (!nameForm.test(name))
      throw new Invalid(
        `"${name.slice(0, 80)}" cannot name a team: use up to 64 letters, digits, "_", "-" and ".", a letter or digit first`,
      );
    const admin = first === null || first === caller.name ? caller : await this.#user(first);
    if (admin.id !== caller.id && !caller.admin)
      throw new Forbidden(`permission denied: only an administrator makes a team for ${admin.name}`);
    const team = await this.store.teams.create(name, admin.id);
    if (team === null) throw new Conflict(`the name ${name} is taken, by a team or a user: choose another`);
    return team;
  }

  /** @throws NotFound */
  async find(name: string): Promise<Team & { readonly members: readonly TeamMember[] }> {
    const team = await this.store.teams.find(name);
    if (team === null) throw new NotFound(`there is no team ${name.slice(0, 80)}`);
    return { ...team, members: await this.store.teams.members(name) };
  }

  /** Adds a member, or changes what it may. @throws NotFound, Forbidden, Conflict */
  async put({ team, user }: Membership, admin: boolean, caller: User): Promise<TeamMember> {
    await this.#demandAdmin(team, caller);
    const { id, name } = await this.#user(user);
    if (!admin) await this.#demandAnotherAdmin(team, name);
    await this.store.teams.put(team, { user: id, admin });
    return { user: id, name, admin };
  }

  /** Members may leave by themselves. @throws NotFound, Forbidden, Conflict */
  async remove({ team, user }: Membership, caller: User): Promise<void> {
    if (user !== caller.name) await this.#demandAdmin(team, caller);
    const { id } = await this.#user(user);
    await this.#demandAnotherAdmin(team, user);
    if (!(await this.store.teams.remove(team, id))) throw new NotFound(`${user} is no member of ${team}`);
  }

  /** Themselves and those of their teams; of everybody for an administrator of the server. */
  async known(caller: User): Promise<readonly User[]> {
    const all = await this.store.keys.listUsers();
    if (caller.admin) return all;
    const teams = await this.store.teams.list(caller.id);
    const mates = await Promise.all(teams.map(({ name }) => this.store.teams.members(name)));
    const names = new Set([caller.name, ...mates.flat().map(({ name }) => name)]);
    return all.filter(({ name }) => names.has(name));
  }

  async #user(name: string): Promise<User> {
    const user = await this.store.keys.findUserByName(name);
    if (user === null) throw new NotFound(`there is no user ${name.slice(0, 80)}: an administrator makes users`);
    return user;
  }

  async #demandAdmin(team: string, caller: User): Promise<void> {
    const { members } = await this.find(team);
    if (caller.admin || members.some(({ user, admin }) => user === caller.id && admin)) return;
    throw new Forbidden(`permission denied: only an administrator of ${team} changes who is in it`);
  }

  /** So that somebody is left who can change the team. */
  async #demandAnotherAdmin(team: string, name: string): Promise<void> {
    const admins = (await this.store.teams.members(team)).filter(({ admin }) => admin);
    if (admins.length === 1 && admins[0]!.name === name)
      throw new Conflict(`${name} is the only administrator of ${team}: make another one first`);
  }
}

/** Whether there is a user or a team of the name. */
export async function isEntity({ keys, teams }: Pick<Store, 'teams' | 'keys'>, name: string): Promise<boolean> {
  return (await keys.findUserByName(name)) !== null || (await teams.find(name)) !== null;
}
