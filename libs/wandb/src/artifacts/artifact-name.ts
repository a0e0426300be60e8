/** How artifacts are named: `collection`, `collection:alias`, `collection:v3`. */
import { Invalid } from '@sweep/domain';

export interface ArtifactName {
  readonly collection: string;
  /** `latest` where none is given. */
  readonly alias: string;
}

export function parseArtifactName(text: string): ArtifactName {
  const colon = text.indexOf(':');
  if (colon < 0) return { collection: text, alias: 'latest' };
  return { collection: text.slice(0, colon), alias: text.slice(colon + 1) };
}

/** The number of `v3`; undefined for any other alias. */
export function versionOfAlias(alias: string): number | undefined {
  return /^v(?:0|[1-9]\d{0,8})$/.test(alias) ? Number(alias.slice(1)) : undefined;
}

/** @throws Invalid for a name that the client could not ask for again. */
export function collectionName(name: string): string {
  if (/^[A-Za-z0-9_.-]{1,128}$/.test(name)) return name;
  throw new Invalid(`"${name.slice(0, 200)}" cannot name an artifact; use up to 128 letters, digits, "_", "-" and "."`);
}

/** @throws Invalid for an alias that would be read as something else. */
export function artifactAlias(alias: string): string {
  if (alias.length > 0 && alias.length <= 128 && !/[/:\u0000-\u001f]/.test(alias)) return alias;
  throw new Invalid(`"${alias.slice(0, 200)}" cannot be an alias; use up to 128 characters without "/" and ":"`);
}
