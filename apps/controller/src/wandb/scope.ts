/**
 * What a caller may read and write by the words of W&B's clients: entities, projects, runs.
 *
 * Everybody with a key of a person reads everything, as over the REST API. A person writes into the entity of that name and into those
 * of their teams, an administrator into each; the key of an attempt reads its project and writes its run.
 */
import { Forbidden, Invalid } from '@sweep/domain';
import type { Project, RunRecord, Store } from '@sweep/store';
import type { Caller } from '../auth/caller.js';
import { mayWrite } from '../auth/ownership.js';
import { isEntity } from '../teams/teams.js';
import { wandbAttempt } from './agents/agent-id.js';

const defaultProject = 'uncategorized';
/** As in W&B's own rules for names. */
const projectName = /^[^/\\#?%:\u0000-\u001f]{1,128}$/;

export class Scope {
  constructor(
    private readonly store: Store,
    private readonly caller: Caller,
  ) {}

  /** Clients that know of none send null or "". */
  entityName(given: string | null | undefined): string {
    return given === null || given === undefined || given === '' ? this.caller.user.name : given;
  }

  /** Null where there is none, or none for this caller. */
  async project(entity: string | null | undefined, name: string | null | undefined): Promise<Project | null> {
    const project = await this.store.projects.find(this.entityName(entity), name || defaultProject);
    return project !== null && this.mayRead(project.id) ? project : null;
  }

  /** Made where it is missing. @throws Forbidden, Invalid */
  async writableProject(entity: string | null | undefined, name: string | null | undefined): Promise<Project> {
    const owner = this.entityName(entity);
    const wanted = name || defaultProject;
    const { trial, project } = this.caller.key;
    if (trial !== null) {
      const own = project === null ? null : await this.store.projects.findById(project);
      if (own === null || own.entity !== owner || own.name !== wanted)
        throw new Forbidden(`permission denied: this key belongs to trial ${trial} and writes only to its project`);
      return own;
    }
    await this.demandEntity(owner);
    if (!projectName.test(wanted))
      throw new Invalid(`"${wanted.slice(0, 128)}" cannot name a project: at most 128 characters, none of / \\ # ? % :`);
    return this.store.projects.ensure(owner, wanted);
  }

  /** @throws Forbidden */
  async demandEntity(name: string): Promise<void> {
    const { user } = this.caller;
    if (!(await mayWrite(this.store, user, name)) || !(await isEntity(this.store, name)))
      throw new Forbidden(`permission denied: entity ${name}`);
  }

  /** @throws Forbidden */
  async demandWrite(run: RunRecord): Promise<void> {
    const { trial } = this.caller.key;
    if (trial !== null) {
      if (run.id !== trial) throw new Forbidden(`permission denied: this key writes only to run ${trial}`);
      return;
    }
    const project = await this.store.projects.findById(run.project);
    await this.demandEntity(project!.entity);
  }

  async mayWrite(run: RunRecord): Promise<boolean> {
    const { key, user } = this.caller;
    if (key.trial !== null) return run.id === key.trial;
    const project = await this.store.projects.findById(run.project);
    return project !== null && (await mayWrite(this.store, user, project.entity));
  }

  mayRead(project: Project['id']): boolean {
    const { key } = this.caller;
    return key.trial === null || key.project === project;
  }

  /**
   * Under which attempt this caller's lines are kept. With the key of a person it is that of a W&B agent: what is left of one that was
   * lost does not write into the attempt of an agent of ours that has the trial now.
   */
  async attemptOf(run: RunRecord): Promise<number> {
    const { key } = this.caller;
    if (key.trial === run.id && key.attempt !== null) return key.attempt;
    return (run.trial === null ? null : (await wandbAttempt(this.store, run.id))?.number) ?? run.attempt;
  }
}
