import type { Clock } from "../../core/clock";
import { untilAborted } from "../../core/until-aborted";

/** Keeps requests apart, so that a service with a limit per second is not asked faster than it likes. */
export class Pace {
  private previous: Promise<void> = Promise.resolve();
  private lastMs = Number.NEGATIVE_INFINITY;

  /** @param intervalMs the least time between the starts of two requests */
  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
  ) {}

  /** Resolves when the next request may start. Turns are counted from when they were really taken: a late one delays the others. */
  wait(signal?: AbortSignal): Promise<void> {
    const turn = this.previous.then(async () => {
      signal?.throwIfAborted();
      const waitMs = this.lastMs + this.intervalMs - this.clock.now();
      if (waitMs > 0) {
        await this.clock.sleep(waitMs, signal);
      }
      this.lastMs = this.clock.now();
    });
    this.previous = turn.catch(() => undefined);
    return untilAborted(turn, signal);
  }
}
