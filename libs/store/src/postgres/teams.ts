/** Teams and their members. */
import type { UserId } from '@sweep/domain';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Team, TeamMember, TeamStore } from '../store.js';
import type { Database, Queries } from './database.js';
import { users } from './schema-data.js';
import { teamMembers, teams } from './schema-people.js';

/** Held until commit: a name becomes a user's or a team's, never both. */
export async function lockEntityName(queries: Queries, name: string): Promise<void> {
  await queries.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`entity ${name}`}, 0))`);
}

export class PostgresTeams implements TeamStore {
  constructor(private readonly database: Database) {}

  async create(name: string, admin: UserId): Promise<Team | null> {
    return await this.database.write(async (queries) => {
      await lockEntityName(queries, name);
      if ((await queries.$count(users, eq(users.name, name))) > 0) return null;
      const [made] = await queries.insert(teams).values({ name }).onConflictDoNothing().returning();
      if (made === undefined) return null;
      await queries.insert(teamMembers).values({ team: name, user: admin, admin: true });
      return made;
    });
  }

  async find(name: string): Promise<Team | null> {
    const [row] = await this.database.read((queries) => queries.select().from(teams).where(eq(teams.name, name)));
    return row ?? null;
  }

  async list(member: UserId | null): Promise<readonly Team[]> {
    return await this.database.read((queries) => {
      const own = queries.select({ team: teamMembers.team }).from(teamMembers).where(sql`${teamMembers.user} = ${member}`);
      return queries
        .select()
        .from(teams)
        .where(member === null ? undefined : inArray(teams.name, own))
        .orderBy(asc(teams.name));
    });
  }

  async members(team: string): Promise<readonly TeamMember[]> {
    return await this.database.read((queries) => selectMembers(queries).where(eq(teamMembers.team, team)).orderBy(asc(users.name)));
  }

  async member(team: string, user: UserId): Promise<TeamMember | null> {
    const [row] = await this.database.read((queries) =>
      selectMembers(queries).where(and(eq(teamMembers.team, team), eq(teamMembers.user, user))),
    );
    return row ?? null;
  }

  async put(team: string, { user, admin }: { readonly user: UserId; readonly admin: boolean }): Promise<boolean> {
    const { rowCount } = await this.database.read((queries) =>
      queries.execute(sql`
        INSERT INTO team_members (team, user_id, admin) SELECT t.name, u.id, ${admin} FROM teams t, users u
        WHERE t.name = ${team} AND u.id = ${user} ON CONFLICT (team, user_id) DO UPDATE SET admin = ${admin}`),
    );
    return rowCount === 1;
  }

  async remove(team: string, user: UserId): Promise<boolean> {
    const removed = await this.database.read((queries) =>
      queries
        .delete(teamMembers)
        .where(and(eq(teamMembers.team, team), eq(teamMembers.user, user)))
        .returning({ user: teamMembers.user }),
    );
    return removed.length === 1;
  }
}

const selectMembers = (queries: Queries) =>
  queries
    .select({ user: teamMembers.user, name: users.name, admin: teamMembers.admin })
    .from(teamMembers)
    .innerJoin(users, eq(users.id, teamMembers.user))
    .$dynamic();
