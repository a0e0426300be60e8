/** `createCustomChart`: a Vega chart of somebody's own, under `entity/name`, which runs name in their configs. */
import { Forbidden, Invalid } from '@sweep/domain';
import { type CreateCustomChartInput, collectionName, readRawObject } from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';

export async function createCustomChart(parts: WandbParts, input: CreateCustomChartInput, { caller, scope }: WandbContext) {
  if (caller.key.trial !== null) throw new Forbidden('permission denied: the key of a trial makes no charts');
  const { name, displayName, type, access, spec } = input;
  const entity = scope.entityName(input.entity);
  await scope.demandEntity(entity);
  if (readRawObject(spec) === undefined) throw new Invalid('the spec of a chart is a JSON object, as Vega reads it');
  await parts.store.charts.put({ entity, name: collectionName(name), displayName: displayName.slice(0, 200), type, access, spec });
  // Clients give this name to the charts of runs.
  return { chart: { id: `${entity}/${name}` } };
}
