/** Params out of a config document of W&B's clients. */
import { Invalid } from '@sweep/domain';
import { JsonError, type Params, parseJson } from '@sweep/optimizer';
import { readRawObject, userConfig } from '@sweep/wandb';

/** @throws Invalid */
export function paramsOf(document: string): Params {
  if (readRawObject(document) === undefined) throw new Invalid('config is not a JSON object');
  try {
    return parseJson(userConfig(document)) as Params;
  } catch (error) {
    if (error instanceof JsonError) throw new Invalid(`config cannot be read: ${error.message}`);
    throw error;
  }
}
