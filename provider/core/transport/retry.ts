import type { Clock } from "../clock";

/** When and how often a failed call is made again. */
export interface RetryPolicy {
  /** Calls in all, the first included. */
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** Whether this failure is worth another call. */
  isTransient(error: unknown): boolean;
  /** What the service asked for (`Retry-After`), in milliseconds; it wins over the computed delay. */
  retryAfterMs?(error: unknown): number | undefined;
}

/** What a retried call runs under. */
export interface RetryScope {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds after which no further call is started. */
  readonly deadlineMs?: number | undefined;
  /** A number in [0, 1); a parameter so that tests are repeatable. */
  readonly random?: () => number;
}

/**
 * Calls `attempt` until it succeeds, fails for good, or the policy is used up; then throws the last failure.
 *
 * Delays grow by doubling with full jitter. Written here rather than taken from a library because the waiting must be
 * abortable at once (Ctrl-C, a lost engine) and must run on the caller's clock.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  scope: RetryScope,
): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      if (made >= policy.maxAttempts || !policy.isTransient(error)) {
        throw error;
      }
      const delayMs =
        policy.retryAfterMs?.(error) ?? jitteredDelayMs(made, policy, scope.random ?? Math.random);
      if (scope.deadlineMs !== undefined && scope.clock.now() + delayMs > scope.deadlineMs) {
        throw error;
      }
      await scope.clock.sleep(delayMs, scope.signal);
    }
  }
}

function jitteredDelayMs(made: number, policy: RetryPolicy, random: () => number): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (made - 1));
  // Never zero: a server that just refused us deserves at least a moment.
  return Math.round(ceiling * (0.5 + random() / 2));
}
