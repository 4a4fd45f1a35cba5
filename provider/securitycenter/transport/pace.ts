import type { Clock } from "../../core/clock";

/** Keeps requests apart, so that a service with a limit per second is not asked faster than it likes. */
export class Pace {
  private nextMs = 0;

  /** @param intervalMs the least time between the starts of two requests */
  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
  ) {}

  /** Resolves when the next request may start. */
  async wait(signal?: AbortSignal): Promise<void> {
    const nowMs = this.clock.now();
    const turnMs = Math.max(nowMs, this.nextMs);
    this.nextMs = turnMs + this.intervalMs;
    if (turnMs > nowMs) {
      await this.clock.sleep(turnMs - nowMs, signal);
    }
  }
}
