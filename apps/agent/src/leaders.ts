/**
 * Which attempt a program was, by its pid, also after its end: a program may write a file and be gone before anybody looks at it.
 *
 * Owns the memory only; a living process is asked itself (`processes.ts`). What an earlier agent started is noted when it is adopted.
 */
const mostRemembered = 1_000;

export class Leaders {
  private readonly leases = new Map<number, string>();

  note(pid: number, leaseId: string): void {
    // Insertion order is age, also for a pid that is used again.
    this.leases.delete(pid);
    this.leases.set(pid, leaseId);
    const [oldest] = this.leases.keys();
    if (this.leases.size > mostRemembered && oldest !== undefined) this.leases.delete(oldest);
  }

  leaseOf(pid: number): string | undefined {
    return this.leases.get(pid);
  }
}
