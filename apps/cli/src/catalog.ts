/**
 * Every command: its name, one line about it, and where it is. A command's own file is read only when it is used, so that
 * `sweep --help` is quick.
 */
import type { Command } from 'commander';
import type { Act } from './act.js';

export interface CommandModule {
  /** Adds arguments, options, examples and the action. `whole`: the tree with every command's own. */
  configure(command: Command, act: Act, whole: () => Promise<Command>): void;
}

export interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  readonly load: () => Promise<CommandModule>;
}

const start = 'Start:';
const sweeps = 'Sweeps:';
const trials = 'Trials:';
const machines = 'Machines and access:';
const data = 'Data and this program:';

export const catalog: readonly Entry[] = [
  { name: 'up', group: start, summary: 'start controller, dashboard, database and local agents', load: () => import('./commands/up.js') },
  { name: 'down', group: start, summary: 'stop what `sweep up` started', load: () => import('./commands/down.js') },
  { name: 'init', group: start, summary: 'write a commented sweep.yaml for a program', load: () => import('./commands/init.js') },
  { name: 'check', group: start, summary: 'validate sweep files, without a controller', load: () => import('./commands/check.js') },
  {
    name: 'preview',
    group: start,
    summary: 'show the first trials of a sweep file, without a controller',
    load: () => import('./commands/preview.js'),
  },
  {
    name: 'optimize',
    group: start,
    summary: 'answer a program that asks for points and tells results, without a controller',
    load: () => import('./commands/optimize.js'),
  },
  { name: 'create', group: sweeps, summary: 'create a sweep from a file', load: () => import('./commands/create.js') },
  { name: 'agent', group: sweeps, summary: 'run an agent here: it takes trials and runs them', load: () => import('./commands/agent.js') },
  { name: 'ls', group: sweeps, summary: 'list sweeps', load: () => import('./commands/ls.js') },
  { name: 'show', group: sweeps, summary: 'show one sweep, or one trial of it', load: () => import('./commands/show.js') },
  { name: 'watch', group: sweeps, summary: 'watch a sweep live', load: () => import('./commands/watch.js') },
  { name: 'pause', group: sweeps, summary: 'no new trials; running ones go on', load: () => import('./commands/pause.js') },
  { name: 'resume', group: sweeps, summary: 'go on with a paused or ended sweep', load: () => import('./commands/resume.js') },
  {
    name: 'stop',
    group: sweeps,
    summary: 'no new trials; running ones finish, then the sweep ends',
    load: () => import('./commands/stop.js'),
  },
  { name: 'cancel', group: sweeps, summary: 'terminate running trials and end the sweep', load: () => import('./commands/cancel.js') },
  { name: 'edit', group: sweeps, summary: 'change a live sweep', load: () => import('./commands/edit.js') },
  { name: 'clone', group: sweeps, summary: 'create the same sweep again', load: () => import('./commands/clone.js') },
  { name: 'rm', group: sweeps, summary: 'delete an ended sweep', load: () => import('./commands/rm.js') },
  { name: 'trials', group: trials, summary: 'list the trials of a sweep', load: () => import('./commands/trials.js') },
  { name: 'best', group: trials, summary: 'show the best trials of a sweep', load: () => import('./commands/best.js') },
  {
    name: 'replay',
    group: trials,
    summary: 'compute every proposal of a sweep again and compare',
    load: () => import('./commands/replay.js'),
  },
  { name: 'logs', group: trials, summary: 'show what a trial printed', load: () => import('./commands/logs.js') },
  {
    name: 'metrics',
    group: trials,
    summary: 'show what a trial measured, as numbers or a plot',
    load: () => import('./commands/metrics.js'),
  },
  { name: 'retry', group: trials, summary: 'try failed or chosen trials again', load: () => import('./commands/retry.js') },
  { name: 'enqueue', group: trials, summary: 'add a trial with chosen params', load: () => import('./commands/enqueue.js') },
  { name: 'ask', group: trials, summary: 'take proposals, for programs without an agent', load: () => import('./commands/ask.js') },
  { name: 'tell', group: trials, summary: 'tell the result of a trial that was asked for', load: () => import('./commands/tell.js') },
  {
    name: 'report',
    group: trials,
    summary: 'report metrics of such a trial; answers whether to stop',
    load: () => import('./commands/report.js'),
  },
  { name: 'agents', group: machines, summary: 'list, show, drain, resume and remove agents', load: () => import('./commands/agents.js') },
  { name: 'login', group: machines, summary: 'keep the key of a controller on this machine', load: () => import('./commands/login.js') },
  { name: 'key', group: machines, summary: 'create, list, revoke and reset keys', load: () => import('./commands/key.js') },
  { name: 'user', group: machines, summary: 'add, list and remove users', load: () => import('./commands/user.js') },
  { name: 'token', group: machines, summary: 'create one-time tokens with which agents join', load: () => import('./commands/token.js') },
  {
    name: 'doctor',
    group: data,
    summary: 'check this machine and the controller; says how to mend',
    load: () => import('./commands/doctor.js'),
  },
  { name: 'export', group: data, summary: 'write the trials of a sweep as csv or jsonl', load: () => import('./commands/export.js') },
  {
    name: 'completion',
    group: data,
    summary: 'print a completion script for bash, zsh or fish',
    load: () => import('./commands/completion.js'),
  },
  {
    name: 'backup',
    group: data,
    summary: 'write everything into one file, on the machine of the controller',
    load: () => import('./commands/backup.js'),
  },
  {
    name: 'gc',
    group: data,
    summary: 'give back what was deleted long ago and what nobody uses',
    load: () => import('./commands/gc.js'),
  },
  {
    name: 'restore',
    group: data,
    summary: 'fill an empty database and data folder from a backup',
    load: () => import('./commands/restore.js'),
  },
  { name: 'version', group: data, summary: 'print the version', load: () => import('./commands/version.js') },
];
