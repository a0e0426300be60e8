/** Addresses of pages. The one place that builds them. */

const part = encodeURIComponent;

/** @param path `ENTITY/PROJECT/ID` */
export function sweepAddress(path: string): string {
  const [entity = '', project = '', id = ''] = path.split('/');
  return `${projectAddress(`${entity}/${project}`)}/sweeps/${part(id)}`;
}

/** @param project `ENTITY/PROJECT` */
export const projectAddress = (project: string): string => `/${project.split('/').map(part).join('/')}`;

export const runAddress = (project: string, run: string): string => `${projectAddress(project)}/runs/${part(run)}`;

/** @param path `ENTITY/PROJECT/HANDLE` */
export function runAddressOf(path: string): string {
  const [entity = '', project = '', handle = ''] = path.split('/');
  return runAddress(`${entity}/${project}`, handle);
}

interface ArtifactName {
  /** `ENTITY/PROJECT`. */
  readonly project: string;
  readonly type: string;
  readonly collection: string;
  readonly version: string;
}

export const artifactAddress = ({ project, type, collection, version }: ArtifactName): string =>
  `${projectAddress(project)}/artifacts/${[type, collection, version].map(part).join('/')}`;

/** Entity, project and the rest of an address, decoded; empty where it names none. */
export function partsOf(pathname: string): readonly string[] {
  return pathname
    .split('/')
    .filter((text) => text !== '')
    .map(decoded);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoding: then it stands for itself.
    return text;
  }
}
