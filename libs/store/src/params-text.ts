/** Params as the text that is stored: JSON that keeps 16 and 16.0 apart. */
import { Bug } from '@sweep/domain';
import { type Params, parseJson, stringifyJson } from '@sweep/optimizer';

export const paramsToText = (params: Params): string => stringifyJson(params, { nonFinite: 'bare' });

export function paramsFromText(text: string): Params {
  const value = parseJson(text);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Bug(`stored params are not an object: ${text}`);
  return value as Params;
}
