/**
 * What a document or its variables name that the schema lacks, collected while they are made to fit.
 *
 * Clients newer than the schema must go on working, so such names are taken out and told once.
 */
export class UnknownNames {
  private readonly seen = new Set<string>();

  add(name: string): void {
    // A hostile document may hold thousands; a report needs only the first.
    if (this.seen.size < 50) this.seen.add(name);
  }

  sorted(): readonly string[] {
    return [...this.seen].sort();
  }
}
