/** Every GraphQL document of the pinned clients against our schema: without the tolerance that requests enjoy, and with it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inputFields, problemsOnceFitted, strictProblems } from '@sweep/wandb/testing';
import { describe, expect, it } from 'vitest';
import { wandbPackage, wandbVersions } from '../support/wandb-packages.js';

interface Extracted {
  readonly documents: readonly { readonly place: string; readonly name: string; readonly text: string }[];
  readonly inputs: Readonly<Record<string, readonly string[]>>;
}

/** What this server does not offer: registries, run queues and launch, reports, automations, administration of users. */
const outside =
  /registr|launch|automations|jobs\.py|reports|RunQueue|DefaultResourceConfig|Invite|ServiceAccount|CreateUserFromAdmin|ApiKey|renameProject|deleteProject|ProjectMember|ProjectTeamMember/i;

/** Built at run time: the source holds pieces only. The tests with running clients see them whole. */
const templates =
  `ArtifactByName CreateArtifact CreateArtifactFiles CreateArtifactManifest DeleteRun deleteFiles GetSweeps LinkArtifact Projects
  Run RunFiles RunFullHistory Runs UpsertBucket UpsertSweep UseArtifact Viewer`.split(/\s+/);

const placeholder = /\b_(?:[A-Za-z]+_)+/;

async function extract(folder: string): Promise<Extracted> {
  const script = fileURLToPath(new URL('extract_documents.py', import.meta.url));
  const { stdout } = await promisify(execFile)('python3', ['-B', script, folder], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Extracted;
}

describe.each(wandbVersions)('the documents of wandb %s', (version) => {
  it('are valid by our schema', async ({ skip }) => {
    const folder = await wandbPackage(version);
    if (typeof folder !== 'string') return skip(folder.skip);
    const { documents } = await extract(folder);
    const ours = documents.filter(({ place, name }) => !outside.test(`${place} ${name}`));
    const whole = ours.flatMap((document) => {
      const problems = placeholder.test(document.text) ? null : strictProblems(document.text);
      return problems === null ? [] : [{ ...document, problems }];
    });
    const pieces = ours.filter(({ text }) => !whole.some((document) => document.text === text)).map(({ name }) => name);
    expect(pieces.filter((name) => !templates.includes(name))).toEqual([]);
    expect(whole.length).toBeGreaterThan(80);
    expect(whole.filter(({ place }) => place === 'wandb-core').length).toBeGreaterThan(20);
    const wrong = whole.flatMap(({ place, name, problems }) => problems.map((message) => `${place} ${name}: ${message}`));
    expect(wrong).toEqual([]);
  });

  it('can be executed whatever they name, save for mutations that are not ours', async ({ skip }) => {
    const folder = await wandbPackage(version);
    if (typeof folder !== 'string') return skip(folder.skip);
    const { documents } = await extract(folder);
    const whole = documents.filter(({ text }) => strictProblems(text) !== null);
    const fitted = whole.map((document) => ({ ...document, problems: problemsOnceFitted(document.text) }));
    const refused = fitted.filter(({ problems }) => 'refused' in problems);
    expect(refused.filter(({ text, place, name }) => !/^\s*mutation\b/m.test(text) || !outside.test(`${place} ${name}`))).toEqual([]);
    expect(fitted.filter(({ problems }) => !('refused' in problems) && problems.length > 0)).toEqual([]);
    expect(fitted.length).toBeGreaterThan(120);
  });

  it('send no field of an input that our schema lacks', async ({ skip }) => {
    const folder = await wandbPackage(version);
    if (typeof folder !== 'string') return skip(folder.skip);
    const { inputs } = await extract(folder);
    const lacking = Object.entries(inputs).flatMap(([name, fields]) => {
      const known = inputFields(name);
      if (known === null) return outside.test(name) || /Trigger|Webhook|Filter|ActionInput|RenameProject/.test(name) ? [] : [name];
      return fields.filter((field) => !known.includes(field)).map((field) => `${name}.${field}`);
    });
    expect(lacking).toEqual([]);
  });
});
