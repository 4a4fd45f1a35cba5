import { ApiError, NetworkError, TimeoutError } from "../../core/errors";
import { trimmed } from "../../core/plain-text";
import { poll, type PollSchedule } from "../../core/polling";
import type { Context } from "../../core/lifecycle/definition";
import type { RequestId, RobotRow } from "../api/actions";
import type { SecurityCenterConnection } from "../connection";
import { isOutcomeUnknown } from "../transport/failures";

/**
 * Creating a robot, whose answer names no id: the new one is found in the list. A second create is never sent in the same run, because
 * nothing would tell the two apart afterwards.
 */

/** How one robot is made and recognised. */
export interface RobotCreation {
  readonly name: string;
  readonly create: () => Promise<RequestId>;
  /** Whether a robot has, as far as the list shows it, the declared webhook. */
  hasWebhook(row: RobotRow): boolean;
  /** Whether a robot is, as far as the list shows it, exactly what was asked for. */
  isIdentical(row: RobotRow): boolean;
}

/** Half a second, one, two, four, eight: sheet 6. */
const SCHEDULE: PollSchedule = { initialDelayMs: 500, maxDelayMs: 8_000, factor: 2 };
/** How long the list may take to show a robot whose creation was confirmed. */
const CONFIRMED_WAIT_MS = 60_000;
/** How long to look for one whose creation may have failed. */
const DOUBTFUL_WAIT_MS = 8_000;
/** A robot of our name and webhook that differs otherwise, or has an id met before, is believed after this many looks. */
const LOOKS_UNTIL_BELIEVED = 3;

/**
 * Creates the robot, once, and gives what the list shows of it.
 *
 * @throws ApiError naming the candidates when the new robot cannot be told from others, TimeoutError when none appears, NetworkError when
 *   none appears and it is not known whether one was made
 */
export async function createAndFind(
  ctx: Context<SecurityCenterConnection>,
  making: RobotCreation,
): Promise<RobotRow> {
  const before = ctx.connection.memory.untilNow();
  let requestId: RequestId;
  let doubt: Error | undefined;
  try {
    requestId = await ctx.connection.write(making.create, making.name);
  } catch (error) {
    if (!isOutcomeUnknown(error) || !(error instanceof Error)) {
      throw error;
    }
    // The answer was lost, or says that something broke: the robot may be there.
    doubt = error;
  }
  await ctx.connection.untilWritten(ctx);
  const waitMs = doubt === undefined ? CONFIRMED_WAIT_MS : DOUBTFUL_WAIT_MS;
  const row = await findNew(ctx, making, waitMs, before);
  if (row !== undefined) {
    return row;
  }
  if (doubt !== undefined) {
    throw outcomeUnknown(doubt);
  }
  throw new TimeoutError("The robot was created, but the list does not show it.", {
    facts: { RequestId: requestId, "Waited, seconds": CONFIRMED_WAIT_MS / 1000 },
    hint: "A robot may exist. Run the command again: it is recognised once the list shows it.",
  });
}

function outcomeUnknown(doubt: Error): NetworkError {
  const [reason] = doubt.message.split("\n", 1);
  const isAnswered = doubt instanceof ApiError;
  return new NetworkError(
    "Whether a robot was made is not known: the call got no good answer, and the list shows no new robot.",
    {
      outcome: "unknown",
      facts: {
        Reason: reason,
        Code: isAnswered ? doubt.apiCode : undefined,
        RequestId: isAnswered ? doubt.requestId : undefined,
        "Waited, seconds": DOUBTFUL_WAIT_MS / 1000,
      },
      hint: "Run the command again: it takes over the robot if it is there by then, and makes it otherwise. If it persists, give the RequestId to Alibaba Cloud support.",
      cause: doubt,
    },
  );
}

async function findNew(
  ctx: Context<SecurityCenterConnection>,
  making: RobotCreation,
  waitMs: number,
  before: ReturnType<SecurityCenterConnection["memory"]["untilNow"]>,
): Promise<RobotRow | undefined> {
  let candidates: RobotRow[] = [];
  let looks = 0;
  // An id that was met before proves nothing without the moment when the robot was made: the service may have given it away again, or a
  // late list may show an old robot.
  const isProven = (row: RobotRow): boolean =>
    !ctx.ids.isSeen(row.Id) || before(row) === "another of this id";
  const look = async (): Promise<RobotRow | undefined> => {
    const scan = await ctx.connection.robotsAnew(ctx);
    candidates = scan.rows.filter(
      (row) =>
        trimmed(row.ActionName) === making.name &&
        !ctx.connection.memory.isDeleted(row) &&
        before(row) !== "there",
    );
    looks = candidates.length === 0 ? looks : looks + 1;
    const identical = candidates.filter((row) => making.isIdentical(row));
    const [one] = identical;
    if (one !== undefined && identical.length === 1) {
      return isProven(one) || looks >= LOOKS_UNTIL_BELIEVED ? one : undefined;
    }
    if (identical.length > 1 && looks >= LOOKS_UNTIL_BELIEVED) {
      // Waiting longer cannot make two of the same different.
      throw ambiguous(candidates);
    }
    const likely = candidates.filter((row) => making.hasWebhook(row));
    return identical.length === 0 && likely.length === 1 && looks >= LOOKS_UNTIL_BELIEVED
      ? likely[0]
      : undefined;
  };
  const found = await poll(look, SCHEDULE, {
    clock: ctx.clock,
    signal: ctx.signal,
    deadlineMs: ctx.clock.now() + waitMs,
    onWait: () => {
      ctx.log.progress("Waiting for the list to show the new robot");
    },
  });
  if (found === undefined && candidates.length > 0) {
    throw ambiguous(candidates);
  }
  return found;
}

function ambiguous(candidates: readonly RobotRow[]): ApiError {
  const ids = candidates.map((row) => row.Id).join(", ");
  return new ApiError(
    { service: "Security Center", action: "DescribeDingTalk", apiCode: "Ambiguous" },
    `Which robot is the new one cannot be told: ${ids} appeared with its name.`,
    {
      hint: "Look at them in the console, delete what is too many, and take the right one over with `adopt: { id }`, or with `adopt: { id, overwrite: true }` if it is not as declared.",
    },
  );
}
