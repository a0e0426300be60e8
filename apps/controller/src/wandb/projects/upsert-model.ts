/** `upsertModel`: a project is made, or found and described. */
import { Invalid } from '@sweep/domain';
import type { UpsertModelInput } from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';

export async function upsertModel(parts: WandbParts, input: UpsertModelInput, { scope }: WandbContext) {
  const { entityName, name } = input;
  const change = changeOf(input);
  const known = await scope.project(entityName, name);
  const described = Object.keys(change).length > 0;
  const project = known === null || described ? await scope.writableProject(entityName, name) : known;
  const node = parts.nodes.project((described ? await parts.store.projects.change(project.id, change) : null) ?? project);
  return { project: node, model: node, inserted: known === null };
}

/** Null and absent leave as it is. @throws Invalid */
function changeOf({ access, description }: UpsertModelInput) {
  if (typeof access === 'string' && !/^[A-Z_]{1,40}$/.test(access))
    throw new Invalid(`"${access.slice(0, 40)}" is no access: W&B's clients say PRIVATE, USER_READ and the like`);
  return {
    ...(typeof access === 'string' ? { access } : {}),
    ...(typeof description === 'string' ? { description: description.slice(0, 10_000) } : {}),
  };
}
