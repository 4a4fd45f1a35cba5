import type { Clock } from "../clock";

/** How long a read waits for others to join it. */
const GATHER_MS = 10;

/** How old a read may be that is still called recent. */
export const RECENT_MS = 10_000;

/** Moments of a process, in their order: when reads began, and when something was changed. */
export class Moments {
  private last = 0;

  /** A moment after all that were given so far. The first one is after 0. */
  now(): number {
    return ++this.last;
  }
}

/**
 * Lets everybody who asks share one expensive read, such as a paged list.
 *
 * A read that is under way is joined only by those it can still tell the truth: somebody who has changed something in the meantime
 * names the moment of the change and gets a read that began after it. One that has ended is given only to those who ask for a recent one.
 */
export class SharedRead<Result> {
  private running: { readonly began: number; readonly result: Promise<Result> } | undefined;
  private next: Promise<Result> | undefined;
  private ended: { readonly began: number; readonly atMs: number; readonly result: Result } | undefined;

  /** @param read reads; calls `begins` when it asks, so that whoever has come until then can share what it gives */
  constructor(
    private readonly clock: Clock,
    private readonly moments: Moments,
    private readonly read: (begins: () => void) => Promise<Result>,
  ) {}

  /** The result of a read that began after a moment; after any moment when none is named. */
  get(after = 0): Promise<Result> {
    if (this.running !== undefined && this.running.began > after) {
      return this.running.result;
    }
    this.next ??= this.start(this.running?.result);
    return this.next;
  }

  /** The same, but one that has ended will do if it is not older than this. */
  async recent(after = 0, maxAgeMs = RECENT_MS): Promise<Result> {
    const { ended } = this;
    const isRecent = ended !== undefined && ended.began > after && this.clock.now() - ended.atMs <= maxAgeMs;
    return isRecent ? ended.result : this.get(after);
  }

  /** Reads follow one another, so that whoever comes while one is under way, or waits for its turn, shares the one after it. */
  private start(previous: Promise<Result> | undefined): Promise<Result> {
    const result = this.readAfter(previous, (began) => {
      this.running = { began, result };
      this.next = undefined;
    });
    const forget = (): void => {
      this.next = this.next === result ? undefined : this.next;
      this.running = this.running?.result === result ? undefined : this.running;
    };
    result.then(forget, forget);
    return result;
  }

  private async readAfter(
    previous: Promise<Result> | undefined,
    hasBegun: (began: number) => void,
  ): Promise<Result> {
    await Promise.allSettled([previous, new Promise((resolve) => setTimeout(resolve, GATHER_MS))]);
    let beginning: { readonly began: number; readonly atMs: number } | undefined;
    const begins = (): { readonly began: number; readonly atMs: number } => {
      if (beginning === undefined) {
        beginning = { began: this.moments.now(), atMs: this.clock.now() };
        hasBegun(beginning.began);
      }
      return beginning;
    };
    const result = await this.read(begins);
    this.ended = { ...begins(), result };
    return result;
  }
}
