/** One line in, one line out: what a study answers, as text. Whatever is wrong with a line is answered too. */
import { stringifyJson } from '@sweep/optimizer';
import { Refusal, type Request, readRequest } from './request.js';
import type { Study } from './study.js';

export class Conversation {
  constructor(private readonly study: Study) {}

  /** Null: there is nothing more to say. */
  answer(line: string): string | null {
    const answer = this.#answerOrRefuse(line);
    return answer === null ? null : stringifyJson(answer, { nonFinite: 'text' });
  }

  #answerOrRefuse(line: string): object | null {
    try {
      return this.#answer(readRequest(line));
    } catch (error) {
      // The one place where an error ends: also a mistake of ours must not end a search of hours.
      return { error: { code: codeOf(error), message: error instanceof Error ? error.message : String(error) } };
    }
  }

  #answer(request: Request): object | null {
    switch (request.op) {
      case 'ask': {
        const { trials, exhausted } = this.study.ask(request.count);
        return { trials: trials.map(({ number, params }) => ({ number, params })), exhausted };
      }
      case 'report':
        return this.study.report(request.number, request.step, request.value);
      case 'tell':
        this.study.tell(request.number, request.result);
        return { ok: true };
      case 'add':
        this.study.add(request.params, request.result);
        return { ok: true };
      case 'best':
        return this.study.best();
      case 'close':
        return null;
    }
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.code;
  const name = error instanceof Error ? error.name : '';
  if (name === 'JsonError') return 'invalid';
  return name === 'SpaceError' ? 'sampler-failed' : 'bug';
}
