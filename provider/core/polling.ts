import type { Clock } from "./clock";

/** How often an asynchronous job is asked for, and for how long. */
export interface PollSchedule {
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** Growth of the delay from one question to the next. */
  readonly factor: number;
}

/** What a poll runs under. */
export interface PollScope {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds at which waiting ends. */
  readonly deadlineMs: number;
  /** Called before every wait with the milliseconds waited so far. */
  onWait?(waitedMs: number): void;
}

/**
 * Asks `question` until it answers something, and gives that answer; `undefined` when the deadline passes first.
 * The question is asked once more at the deadline itself, so that a job which ends in the last wait still counts.
 */
export async function poll<T>(
  question: () => Promise<T | undefined>,
  schedule: PollSchedule,
  scope: PollScope,
): Promise<T | undefined> {
  const startedMs = scope.clock.now();
  for (
    let delayMs = schedule.initialDelayMs;
    ;
    delayMs = Math.min(delayMs * schedule.factor, schedule.maxDelayMs)
  ) {
    const answer = await question();
    if (answer !== undefined) {
      return answer;
    }
    const nowMs = scope.clock.now();
    const remainingMs = scope.deadlineMs - nowMs;
    if (remainingMs <= 0) {
      return undefined;
    }
    scope.onWait?.(nowMs - startedMs);
    await scope.clock.sleep(Math.min(delayMs, remainingMs), scope.signal);
  }
}
