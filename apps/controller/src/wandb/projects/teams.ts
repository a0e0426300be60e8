/** Teams as the public API of W&B's clients makes and changes them. An invited user is a member at once. */
import { Forbidden, Invalid } from '@sweep/domain';
import { type CreateInviteInput, type CreateTeamInput, type DeleteInviteInput, storageId, storageKey } from '@sweep/wandb';
import { Teams } from '../../teams/teams.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { userNode } from '../viewer.js';

export async function createTeam(parts: WandbParts, { teamName, teamAdminUserName }: CreateTeamInput, context: WandbContext) {
  demandPerson(context);
  const team = await new Teams(parts.store).create(teamName, context.caller.user, teamAdminUserName || null);
  return { entity: parts.nodes.entity(team.name) };
}

export async function createInvite(parts: WandbParts, { entityName, username, email, admin }: CreateInviteInput, context: WandbContext) {
  demandPerson(context);
  // Users have no addresses here: what stands before the @ is taken for the name.
  const user = username || email?.replace(/@.*$/, '');
  if (!user) throw new Invalid('an invitation names a user: give username');
  const member = await new Teams(parts.store).put({ team: entityName, user }, admin ?? false, context.caller.user);
  const found = await parts.store.keys.findUser(member.user);
  const id = storageId('EntityMember', member.user);
  return { invite: { id, name: user, email: email ?? null, toUser: found === null ? null : userNode(parts, found) } };
}

export async function deleteInvite(parts: WandbParts, { id, entityName }: DeleteInviteInput, context: WandbContext) {
  demandPerson(context);
  const key = storageKey('EntityMember', id ?? '') ?? '';
  const members = entityName ? await parts.store.teams.members(entityName) : [];
  const member = members.find(({ user }) => user === key);
  if (member === undefined) return { success: false };
  await new Teams(parts.store).remove({ team: entityName!, user: member.name }, context.caller.user);
  return { success: true };
}

function demandPerson({ caller }: WandbContext): void {
  if (caller.key.trial !== null) throw new Forbidden('permission denied: the key of a trial changes no teams');
}
