import { systemClock } from "../../provider/core/clock";
import { poll } from "../../provider/core/polling";
import { retry, type RetryPolicy } from "../../provider/core/transport/retry";
import { fakeClock } from "../support/clocks";

const TRANSIENT = new Error("transient");
const FINAL = new Error("final");

const POLICY: RetryPolicy = {
  maxAttempts: 5,
  initialDelayMs: 100,
  maxDelayMs: 500,
  isTransient: (error) => error === TRANSIENT,
};

/** Fails with these in turn, then gives how often it was called. */
function failing(...failures: Error[]): () => Promise<number> {
  let calls = 0;
  return async () => {
    const failure = failures[calls++];
    if (failure !== undefined) {
      throw failure;
    }
    return calls;
  };
}

describe("retry", () => {
  test.each<[string, Error[], number | Error, number[]]>([
    ["success at once waits for nothing", [], 1, []],
    ["a transient failure is tried again", [TRANSIENT], 2, [100]],
    [
      "delays double up to their limit",
      [TRANSIENT, TRANSIENT, TRANSIENT, TRANSIENT],
      5,
      [100, 200, 400, 500],
    ],
    ["the attempts are used up", Array<Error>(5).fill(TRANSIENT), TRANSIENT, [100, 200, 400, 500]],
    ["a final failure ends it", [FINAL], FINAL, []],
    ["a final failure after a transient one ends it", [TRANSIENT, FINAL], FINAL, [100]],
  ])("%s", async (_what, failures, outcome, slept) => {
    const clock = fakeClock();
    const result = retry(failing(...failures), POLICY, { clock, random: () => 1 });
    await (outcome instanceof Error
      ? expect(result).rejects.toBe(outcome)
      : expect(result).resolves.toBe(outcome));
    expect(clock.slept).toEqual(slept);
  });

  test("jitter takes away up to half of a delay, never all of it", async () => {
    const clock = fakeClock();
    const draws = [0, 0.5, 0.25];
    await retry(failing(TRANSIENT, TRANSIENT, TRANSIENT), POLICY, {
      clock,
      random: () => draws.shift() ?? 1,
    });
    expect(clock.slept).toEqual([50, 150, 250]);
  });

  test("what the service asks for goes before the computed delay", async () => {
    const clock = fakeClock();
    const asked = [3_000, undefined];
    const policy = { ...POLICY, retryAfterMs: () => asked.shift() };
    await retry(failing(TRANSIENT, TRANSIENT), policy, { clock, random: () => 1 });
    expect(clock.slept).toEqual([3_000, 200]);
  });

  test("no attempt starts after the deadline", async () => {
    const clock = fakeClock();
    const deadlineMs = clock.now() + 250;
    const attempt = jest.fn(failing(TRANSIENT, TRANSIENT, TRANSIENT));
    await expect(retry(attempt, POLICY, { clock, deadlineMs, random: () => 1 })).rejects.toBe(TRANSIENT);
    expect(clock.slept).toEqual([100]);
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  test("a wait that the service asks for is not waited when it ends after the deadline", async () => {
    const clock = fakeClock();
    const policy = { ...POLICY, retryAfterMs: () => 3_600_000 };
    const scope = { clock, deadlineMs: clock.now() + 60_000 };
    await expect(retry(failing(TRANSIENT), policy, scope)).rejects.toBe(TRANSIENT);
    expect(clock.slept).toEqual([]);
  });

  test("an abort ends the wait with its reason", async () => {
    const abort = new AbortController();
    const attempt = jest.fn(async () => {
      abort.abort(FINAL);
      throw TRANSIENT;
    });
    await expect(retry(attempt, POLICY, { clock: fakeClock(), signal: abort.signal })).rejects.toBe(FINAL);
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});

describe("poll", () => {
  const SCHEDULE = { initialDelayMs: 100, maxDelayMs: 300, factor: 2 };
  const answering = (questionsBefore: number) => {
    let asked = 0;
    return jest.fn(async () => (asked++ < questionsBefore ? undefined : "done"));
  };

  test.each<[number, number[]]>([
    [0, []],
    [1, [100]],
    [4, [100, 200, 300, 300]],
  ])("asks once more after each delay: %d answers that say nothing yet", async (before, slept) => {
    const clock = fakeClock();
    const question = answering(before);
    expect(await poll(question, SCHEDULE, { clock, deadlineMs: Infinity })).toBe("done");
    expect(clock.slept).toEqual(slept);
    expect(question).toHaveBeenCalledTimes(before + 1);
  });

  test("gives nothing when the deadline passes, and asks at the deadline itself", async () => {
    const clock = fakeClock();
    const question = answering(100);
    const scope = { clock, deadlineMs: clock.now() + 450 };
    expect(await poll(question, SCHEDULE, scope)).toBeUndefined();
    expect(clock.slept).toEqual([100, 200, 150]);
    expect(question).toHaveBeenCalledTimes(4);
  });

  test("counts an answer that comes with the deadline", async () => {
    const clock = fakeClock();
    expect(await poll(answering(2), SCHEDULE, { clock, deadlineMs: clock.now() + 250 })).toBe("done");
  });

  test("asks once when the deadline has passed before", async () => {
    const clock = fakeClock();
    expect(await poll(answering(0), SCHEDULE, { clock, deadlineMs: 0 })).toBe("done");
    expect(await poll(answering(1), SCHEDULE, { clock, deadlineMs: 0 })).toBeUndefined();
    expect(clock.slept).toEqual([]);
  });

  test("tells before each wait how long it has waited", async () => {
    const clock = fakeClock();
    const waited: number[] = [];
    await poll(answering(3), SCHEDULE, { clock, deadlineMs: Infinity, onWait: (ms) => waited.push(ms) });
    expect(waited).toEqual([0, 100, 300]);
  });

  test("passes a failure on, and ends with an abort's reason", async () => {
    const clock = fakeClock();
    const failed = poll(failing(FINAL), SCHEDULE, { clock, deadlineMs: Infinity });
    await expect(failed).rejects.toBe(FINAL);
    const scope = { clock, deadlineMs: Infinity, signal: AbortSignal.abort(FINAL) };
    await expect(poll(answering(9), SCHEDULE, scope)).rejects.toBe(FINAL);
  });
});

describe("the real clock", () => {
  test("ends a sleep with the reason of the abort", async () => {
    const abort = new AbortController();
    const sleep = systemClock.sleep(3_600_000, abort.signal);
    abort.abort(FINAL);
    await expect(sleep).rejects.toBe(FINAL);
    await expect(systemClock.sleep(3_600_000, abort.signal)).rejects.toBe(FINAL);
  });

  test("sleeps without a signal", async () => {
    await expect(systemClock.sleep(0)).resolves.toBeUndefined();
  });
});
