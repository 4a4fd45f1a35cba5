import type { Clock } from "../frame/clock";

/** How long a nonce stays used, and half of the window for timestamps (section 2.1). */
export const SIGNATURE_WINDOW_MS = 15 * 60 * 1000;

/** The nonces that were used within the last 15 minutes of the emulator's clock. */
export class Nonces {
  private readonly clock: Clock;
  private readonly usedMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Uses a nonce; false when it was used within the window. */
  use(nonce: string): boolean {
    const now = this.clock.now();
    for (const [used, atMs] of this.usedMs) {
      if (Math.abs(now - atMs) > SIGNATURE_WINDOW_MS) {
        this.usedMs.delete(used);
      }
    }
    if (this.usedMs.has(nonce)) {
      return false;
    }
    this.usedMs.set(nonce, now);
    return true;
  }

  /** Forgets all. */
  clear(): void {
    this.usedMs.clear();
  }
}
