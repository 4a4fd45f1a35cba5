import type { Clock } from "../frame/clock";
import { ApiFailure } from "./errors";

const SECOND_MS = 1000;

/** The error that a throttled call gets: clients go by the code or by `x-acs-retry-after`, so both are there (16.7). */
export function throttled({
  status = 400,
  code = "Throttling.User",
  retryAfterMs = SECOND_MS,
} = {}): ApiFailure {
  return new ApiFailure(status, code, "Request was denied due to user flow control.", retryAfterMs);
}

/** Counts the calls of accounts in a second of the emulator's clock. */
export class FlowControl {
  private readonly clock: Clock;
  private second = -1;
  private readonly calls = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Counts a call; throws when it is one too many. */
  admit(accountId: string, perSecond: number): void {
    const now = this.clock.now();
    const second = Math.floor(now / SECOND_MS);
    if (second !== this.second) {
      this.second = second;
      this.calls.clear();
    }
    const calls = (this.calls.get(accountId) ?? 0) + 1;
    this.calls.set(accountId, calls);
    if (perSecond > 0 && calls > perSecond) {
      throw throttled({ retryAfterMs: Math.max(1, Math.ceil((second + 1) * SECOND_MS - now)) });
    }
  }

  /** Forgets all. */
  clear(): void {
    this.calls.clear();
  }
}
