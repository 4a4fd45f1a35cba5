/** How long a read waits for others to join it. */
const GATHER_MS = 10;

/**
 * Lets everybody who asks at the same time share one expensive read, such as a paged list.
 *
 * A read that is under way is joined only by those it can still tell the truth: somebody who has changed something in the meantime
 * names the moment of the change and gets a read that began after it. Nothing is kept once a read has ended.
 */
export class SharedRead<Result> {
  private moment = 0;
  private running: { readonly began: number; readonly result: Promise<Result> } | undefined;
  private next: Promise<Result> | undefined;

  constructor(private readonly read: () => Promise<Result>) {}

  /** A moment to ask for a read after. */
  now(): number {
    return ++this.moment;
  }

  /** The result of a read that began after a moment; after any moment when none is named. */
  get(after = 0): Promise<Result> {
    if (this.running !== undefined && this.running.began > after) {
      return this.running.result;
    }
    this.next ??= this.begin(this.running?.result);
    return this.next;
  }

  /** Reads follow one another, so that whoever comes while one is under way shares the one after it. */
  private async begin(previous: Promise<Result> | undefined): Promise<Result> {
    await Promise.allSettled([previous, new Promise((resolve) => setTimeout(resolve, GATHER_MS))]);
    const result = this.read();
    const running = { began: this.now(), result };
    this.running = running;
    this.next = undefined;
    try {
      return await result;
    } finally {
      if (this.running === running) {
        this.running = undefined;
      }
    }
  }
}
