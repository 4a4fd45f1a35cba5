import type { Clock } from "../../provider/core/clock";
import { Pace } from "../../provider/securitycenter/transport/pace";
import { fakeClock } from "../support/clocks";

test("the first request starts at once, the others at their distance", async () => {
  const clock = fakeClock();
  const pace = new Pace(clock, 200);
  const startMs = clock.now();
  const starts: number[] = [];
  for (let request = 0; request < 4; request++) {
    await pace.wait();
    starts.push(clock.now() - startMs);
  }
  expect(starts).toEqual([0, 200, 400, 600]);
});

test("a turn that is taken late delays the others: the distance is one of what is sent", async () => {
  let nowMs = 1_000;
  const busy: Clock = {
    now: () => nowMs,
    sleep: (ms) => {
      nowMs += ms + 150;
      return Promise.resolve();
    },
  };
  const pace = new Pace(busy, 200);
  const starts = await Promise.all([pace, pace, pace].map((one) => one.wait().then(() => nowMs)));
  expect(starts).toEqual([1_000, 1_350, 1_700]);
});

test("a request after a pause does not wait, and the pause is not made up for", async () => {
  const clock = fakeClock();
  const pace = new Pace(clock, 200);
  await pace.wait();
  await clock.sleep(10_000);
  await pace.wait();
  await pace.wait();
  expect(clock.slept).toEqual([10_000, 200]);
});

test("waiting ends at once when the operation is stopped", async () => {
  const clock = fakeClock();
  const pace = new Pace(clock, 200);
  await pace.wait();
  await expect(pace.wait(AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
});
