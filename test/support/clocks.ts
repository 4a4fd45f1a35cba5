import type { Clock } from "../../provider/core/clock";

/** A clock that stands still but for what is slept, and writes down how long that was. */
export interface FakeClock extends Clock {
  readonly slept: readonly number[];
  /** Lets time go by without anybody sleeping. */
  pass(ms: number): void;
}

/** Sleeps end at once and move the time; an aborted signal ends them with its reason, as the real clock does. */
export function fakeClock(startMs = 1_000_000): FakeClock {
  const slept: number[] = [];
  let nowMs = startMs;
  return {
    slept,
    pass: (ms) => {
      nowMs += ms;
    },
    now: () => nowMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      nowMs += ms;
    },
  };
}

/** The real time plus everything that was slept: for logic that talks over real sockets. */
export function fastClock(): FakeClock {
  const slept: number[] = [];
  let aheadMs = 0;
  return {
    slept,
    pass: (ms) => {
      aheadMs += ms;
    },
    now: () => Date.now() + aheadMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      aheadMs += ms;
    },
  };
}
