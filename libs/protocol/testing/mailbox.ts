/** What a fake end has received, in order, and a way to wait for the next message of a kind. */

export interface Tagged {
  readonly $case: string;
  readonly value: unknown;
}

export type ValueOf<Message extends Tagged, Kind extends Message['$case']> = Extract<Message, { $case: Kind }>['value'];

export class Mailbox<Message extends Tagged> {
  /** Everything, also what `next` has answered. */
  readonly all: Message[] = [];
  private unread: Message[] = [];
  private waiting: (() => void)[] = [];

  push(message: Message): void {
    this.all.push(message);
    this.unread.push(message);
    for (const look of this.waiting.splice(0)) look();
  }

  /** The first unread message of the kind; those of other kinds stay. Rejects after `withinMs`, naming what there was. */
  readonly next = async <Kind extends Message['$case']>(kind: Kind, withinMs = 5_000): Promise<ValueOf<Message, Kind>> => {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const index = this.unread.findIndex((message) => message.$case === kind);
      if (index >= 0) return this.unread.splice(index, 1)[0]!.value as ValueOf<Message, Kind>;
      await this.changed(deadline - Date.now(), () => {
        const seen = this.all.map((message) => message.$case).join(', ') || 'nothing';
        return new Error(`no ${kind} within ${withinMs} ms; received: ${seen}`);
      });
    }
  };

  private changed(withinMs: number, late: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(late()), Math.max(0, withinMs));
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
