/** `upsertModel`: a project is made, or found. */
import type { UpsertModelInput } from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';

export async function upsertModel(parts: WandbParts, { entityName, name }: UpsertModelInput, { scope }: WandbContext) {
  const known = await scope.project(entityName, name);
  const project = parts.nodes.project(known ?? (await scope.writableProject(entityName, name)));
  return { project, model: project, inserted: known === null };
}
