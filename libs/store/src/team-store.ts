/** Teams: entities with several members. The other entities are the users. */
import type { UserId } from '@sweep/domain';

export interface Team {
  /** Also the name of the entity; no user has it. */
  readonly name: string;
  readonly createdAt: number;
}

export interface TeamMember {
  readonly user: UserId;
  readonly name: string;
  /** May change who is a member. */
  readonly admin: boolean;
}

export interface TeamStore {
  /** With its first member, an administrator of it. Null: the name is taken, by a team or a user. */
  create(name: string, admin: UserId): Promise<Team | null>;
  find(name: string): Promise<Team | null>;
  /** By name; null: all. */
  list(member: UserId | null): Promise<readonly Team[]>;
  /** By name. */
  members(team: string): Promise<readonly TeamMember[]>;
  member(team: string, user: UserId): Promise<TeamMember | null>;
  /** Adds a member, or changes what it may. False: there is no such team or user. */
  put(team: string, member: { readonly user: UserId; readonly admin: boolean }): Promise<boolean>;
  /** False: it was none. */
  remove(team: string, user: UserId): Promise<boolean>;
}
