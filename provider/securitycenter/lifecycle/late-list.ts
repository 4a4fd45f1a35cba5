import { poll, type PollSchedule } from "../../core/polling";
import type { Context } from "../../core/lifecycle/definition";
import type { SecurityCenterConnection } from "../connection";
import { isOutcomeUnknown } from "../transport/failures";
import type { RobotScan } from "./robot-list";

/** Writing to a service whose answers say nothing and whose list may be late: the list is asked until it shows what was done. */

/** How long the list may take to show a change: half a second, one, two, four. Nothing says that it shows one at once. */
const SETTLE_SCHEDULE: PollSchedule = { initialDelayMs: 500, maxDelayMs: 4_000, factor: 2 };
const SETTLE_MS = 7_500;

/** Makes a write that names its robot, and so may be repeated: after a lost answer looks first, then sends it once more if need be. */
export async function writeTwiceAtMost(
  ctx: Context<SecurityCenterConnection>,
  write: () => Promise<unknown>,
  isDone: () => Promise<boolean>,
): Promise<void> {
  try {
    await ctx.connection.write(write);
  } catch (error) {
    if (!isOutcomeUnknown(error)) {
      throw error;
    }
    if (!(await isDone())) {
      await ctx.connection.write(write);
    }
  }
}

/** Lists until something is as it should be, or for so long that it never will be. */
export async function untilSettled(
  ctx: Context<SecurityCenterConnection>,
  isSettled: (scan: RobotScan) => boolean,
): Promise<boolean> {
  const look = async (): Promise<true | undefined> =>
    isSettled(await ctx.connection.robotsAnew(ctx)) ? true : undefined;
  await ctx.connection.untilWritten(ctx);
  // The time is counted from the first look on: before it, the request may have queued behind many others.
  if ((await look()) === true) {
    return true;
  }
  await ctx.clock.sleep(SETTLE_SCHEDULE.initialDelayMs, ctx.signal);
  const answer = await poll(look, SETTLE_SCHEDULE, {
    clock: ctx.clock,
    signal: ctx.signal,
    deadlineMs: ctx.clock.now() + SETTLE_MS,
    onWait: () => {
      ctx.log.progress("Waiting for the list to show the change");
    },
  });
  return answer === true;
}
