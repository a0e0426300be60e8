/** A thread that plays searches by turns, a proposal of one after a proposal of another, and posts the lines of each. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Proposal } from '@sweep/optimizer';
import { playing } from '../playing.js';
import { lineOf, searches } from './searches.js';

export interface Turn {
  readonly search: string;
  readonly trials: number;
  readonly renew?: number;
}

export interface Lines {
  readonly search: string;
  readonly lines: readonly string[];
}

const running = (workerData as readonly Turn[]).map(({ search, ...more }) => {
  const proposals: Proposal[] = [];
  return { search, proposals, steps: playing({ ...searches.find(({ name }) => name === search)!, ...more }) };
});
let going = running;
while (going.length > 0) {
  going = going.filter(({ proposals, steps }) => {
    const step = steps.next();
    if (step.done !== true) proposals.push(step.value);
    return step.done !== true;
  });
}
parentPort!.postMessage(running.map(({ search, proposals }): Lines => ({ search, lines: proposals.map(lineOf) })));
