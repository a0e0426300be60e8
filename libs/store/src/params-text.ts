/** Params as the text that is stored: JSON that keeps 16 and 16.0 apart. */
import { Bug } from '@sweep/domain';
import { JsonError, type Params, parseJson, stringifyJson } from '@sweep/optimizer';

export const paramsToText = (params: Params): string => stringifyJson(params, { nonFinite: 'bare' });

export function paramsFromText(text: string): Params {
  const value = parseJson(text);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Bug(`stored params are not an object: ${text}`);
  return value as Params;
}

/** The same document as jsonb takes it: numbers that are not finite become texts. What is no JSON object is not searched. */
export function searchableText(text: string): string {
  try {
    const value = parseJson(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return '{}';
    // jsonb has no NUL.
    return stringifyJson(value, { nonFinite: 'text' }).replaceAll('\\u0000', '');
  } catch (error) {
    if (error instanceof JsonError) return '{}';
    throw error;
  }
}
