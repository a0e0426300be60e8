/**
 * What a person has chosen, as the query of an address: every view can be reloaded, shared and left by the back button. Pure.
 *
 * Values are plain texts, as a person would write them: `?tab=trials&trial=17&sort=-objective`.
 */

export type Params = Readonly<Record<string, string | undefined>>;

export function readParams(text: string): Params {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeParams(params: Params): string {
  const text = new URLSearchParams(
    Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  ).toString();
  return text === '' ? '' : `?${text}`;
}
