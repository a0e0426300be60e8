/**
 * A connection that has the server prepare what it is asked again and again, by itself.
 *
 * Parsing and planning cost the server several times what most of our statements cost to run, and the path between two trials is
 * made of such statements. Their texts are written by the query builder, so that no call names its own.
 */
import pg from 'pg';

/** Asked so often, a statement is worth its place. */
const timesBefore = 3;
/** A plan takes tens of kilobytes of the server's memory, for each connection. */
const mostPrepared = 64;
/** Statements with a list of values come in ever new texts; they must not fill the memory of who counts them. */
const longestText = 4_000;
const mostCounted = 500;

export class PreparingClient extends pg.Client {
  readonly #counts = new Map<string, number>();
  readonly #names = new Map<string, string>();

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const ask = this.query.bind(this) as (...given: unknown[]) => unknown;
    this.query = ((first: unknown, ...others: unknown[]) => ask(this.#named(first), ...others)) as pg.Client['query'];
  }

  #named(first: unknown): unknown {
    if (!isStatement(first) || first.text.length > longestText) return first;
    const name = this.#names.get(first.text) ?? this.#count(first.text);
    return name === undefined ? first : { ...first, name };
  }

  #count(text: string): string | undefined {
    if (this.#names.size >= mostPrepared) return undefined;
    const count = (this.#counts.get(text) ?? 0) + 1;
    if (count <= timesBefore) {
      if (this.#counts.size >= mostCounted) this.#counts.clear();
      this.#counts.set(text, count);
      return undefined;
    }
    this.#counts.delete(text);
    const name = `sweep-${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }
}

/** What the query builder sends: an object with a text. Plain strings (BEGIN) and copies have no plan worth keeping. */
function isStatement(given: unknown): given is { readonly text: string } {
  return typeof given === 'object' && given !== null && 'text' in given && typeof given.text === 'string' && !('submit' in given);
}
