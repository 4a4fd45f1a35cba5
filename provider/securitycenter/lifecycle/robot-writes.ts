import { goneError } from "../../core/lifecycle/converge";
import { InputError, TimeoutError } from "../../core/errors";
import { trimmed } from "../../core/plain-text";
import type { Context } from "../../core/lifecycle/definition";
import {
  createOrUpdateDingTalk,
  deleteDingTalk,
  modifyDingTalkStatus,
  type CreateOrUpdateDingTalkParams,
  type RobotRow,
} from "../api/actions";
import type { SecurityCenterConnection } from "../connection";
import { isNotFound } from "../transport/failures";
import { untilSettled, writeTwiceAtMost } from "./late-list";
import { ROBOT } from "./robot-noun";

/** Writes to a robot that exists, each followed until the list shows what it did. */

type Ctx = Context<SecurityCenterConnection>;

/** What the list must show after an overwrite. */
interface Expectation {
  /** The robot is as declared, as far as the list shows it. */
  isAsDeclared(row: RobotRow): boolean;
  /** The list shows so much that this is proof. */
  isCertain(row: RobotRow): boolean;
}

/** Sets every field of a robot, and gives what the list shows afterwards. */
export async function overwriteRobot(
  ctx: Ctx,
  id: string,
  params: CreateOrUpdateDingTalkParams,
  expected: Expectation,
): Promise<RobotRow> {
  const before = ctx.connection.memory.untilNow();
  try {
    await writeTwiceAtMost(
      ctx,
      () => createOrUpdateDingTalk(ctx.connection.client, params, ctx),
      async () => {
        // Under the id of a robot that is gone the service may make another one.
        const now = await requireRobot(ctx, id);
        return expected.isCertain(now) && expected.isAsDeclared(now);
      },
    );
  } catch (error) {
    if (isNotFound(error)) {
      await requireRobot(ctx, id);
    }
    throw error;
  }
  let live: RobotRow | undefined;
  await untilSettled(ctx, ({ rows }) => {
    live = rows.find((row) => row.Id === id);
    const isNew = (row: RobotRow): boolean => ["new", "another of this id"].includes(before(row));
    const twin = rows.find((row) => trimmed(row.ActionName) === params.RuleActionName && isNew(row));
    if (twin !== undefined && live === undefined) {
      throw new InputError(
        `Robot ${id} was deleted while it was updated, and the service made robot ${twin.Id} instead.`,
        { hint: `Delete robot ${twin.Id} in the console, then run \`pulumi refresh\` and \`pulumi up\`.` },
      );
    }
    return live !== undefined && expected.isAsDeclared(live);
  });
  return live ?? requireRobot(ctx, id);
}

/** Switches a robot on or off, and gives what the list shows afterwards. */
export async function switchRobot(ctx: Ctx, id: string, enabled: boolean): Promise<RobotRow> {
  const isSwitched = (row: RobotRow): boolean => (row.Status === 1) === enabled;
  await writeTwiceAtMost(
    ctx,
    () => modifyDingTalkStatus(ctx.connection.client, id, enabled, ctx),
    async () => isSwitched(await requireRobot(ctx, id)),
  );
  let live: RobotRow | undefined;
  await untilSettled(ctx, ({ rows }) => {
    live = rows.find((row) => row.Id === id);
    return live !== undefined && isSwitched(live);
  });
  return live ?? requireRobot(ctx, id);
}

/** Deletes a robot, and waits until the list no longer shows it. */
export async function deleteRobot(ctx: Ctx, id: string): Promise<void> {
  try {
    await writeTwiceAtMost(
      ctx,
      () => deleteDingTalk(ctx.connection.client, id, ctx),
      async () => (await ctx.connection.getRobotAnew(ctx, id)) === undefined,
    );
  } catch (error) {
    // "Not there": the list decides.
    if (!isNotFound(error)) {
      throw error;
    }
  }
  ctx.connection.memory.markDeleted(id);
  const isGone = await untilSettled(
    ctx,
    ({ rows, isClean }) => isClean && rows.every((row) => row.Id !== id),
  );
  if (!isGone) {
    throw new TimeoutError(`The ${ROBOT} ${id} was deleted, but the list still shows it.`, {
      hint: "Run the command again in a minute: the list may be late. If it stays, look for the robot in the console.",
    });
  }
}

async function requireRobot(ctx: Ctx, id: string): Promise<RobotRow> {
  const row = await ctx.connection.getRobotAnew(ctx, id);
  if (row === undefined) {
    throw goneError(ROBOT, id);
  }
  return row;
}
