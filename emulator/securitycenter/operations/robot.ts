import type { Context } from "../context";
import { INT32_MAX, type Robot } from "../entities";
import { fail, failNotFound } from "../errors";
import type { Call, Operation } from "../operation";
import { readSettings, settle, type WantedSettings } from "./robot-settings";

/** Creates a robot, or overwrites the one that Id names (section 4.1). The answer never tells an id. */
const createOrUpdateDingTalk: Operation = {
  name: "CreateOrUpdateDingTalk",
  changing: true,
  needsEdition: true,
  run: (call) => {
    const { parameters, context, aliUid } = call;
    const id = parameters.integer("Id", 1, INT32_MAX);
    const wanted = readSettings(parameters, context);
    playTwin("before", call, wanted);
    const old = id === undefined ? undefined : findRobot(id, call);
    if (id !== undefined && old === undefined) {
      const { unknownIdUpdate } = context.switches;
      if (unknownIdUpdate === "error") {
        failNotFound(id);
      }
      if (unknownIdUpdate === "ignore") {
        return {};
      }
    }
    refuseDuplicate(wanted.actionName, old, call);
    rememberList(context);
    const settings = settle(wanted, old, context);
    const status = context.switches.newBotStatus;
    if (old === undefined) {
      context.store.robots.add({ ...settings, status, aliUid });
    } else {
      const reset = context.switches.statusResetOnUpdate ? { status } : {};
      context.store.robots.edit(String(old.id), { ...settings, ...reset });
    }
    playTwin("after", call, wanted);
    return {};
  },
};

/** Enables or disables robots (section 4.3). */
const modifyDingTalkStatus: Operation = {
  name: "ModifyDingTalkStatus",
  changing: true,
  needsEdition: true,
  run: (call) => {
    const { parameters, context } = call;
    const ids = parameters.requiredIds("Ids");
    const status = parameters.requiredInteger("Status", 0, 1) === 1 ? 1 : 0;
    const robots = findAll(ids, call, context.switches.unknownIdStatus);
    rememberList(context);
    for (const { id } of robots) {
      context.store.robots.edit(String(id), { status });
    }
    return {};
  },
};

/** Deletes robots (section 4.4). */
const deleteDingTalk: Operation = {
  name: "DeleteDingTalk",
  changing: true,
  needsEdition: false,
  run: (call) => {
    const { parameters, context } = call;
    const robots = findAll(parameters.requiredIds("Ids"), call, context.switches.deleteMissing);
    rememberList(context);
    for (const { id } of robots) {
      context.store.robots.remove(String(id));
    }
    return {};
  },
};

/** The operations that change robots. */
export const ROBOT_OPERATIONS: readonly Operation[] = [
  createOrUpdateDingTalk,
  modifyDingTalkStatus,
  deleteDingTalk,
];

/** A robot of the caller's account. */
export function findRobot(id: number, { context, aliUid }: Call): Robot | undefined {
  const robot = context.store.robots.row(String(id));
  return robot?.aliUid === aliUid ? robot : undefined;
}

/** The robots that are there; one that is not is passed over or fails the call before it did anything. */
function findAll(
  ids: readonly number[],
  call: Call,
  otherwise: "ok" | "ServerError" | "DataNotExists",
): Robot[] {
  return ids.flatMap((id) => {
    const robot = findRobot(id, call);
    if (robot !== undefined) {
      return [robot];
    }
    if (otherwise === "ServerError") {
      fail(500, "ServerError", "ServerError");
    }
    if (otherwise === "DataNotExists") {
      failNotFound(id);
    }
    return [];
  });
}

function refuseDuplicate(name: string, old: Robot | undefined, { context, aliUid }: Call): void {
  if (context.switches.duplicateNames) {
    return;
  }
  const twin = context.store.robots
    .rows()
    .find((robot) => robot.aliUid === aliUid && robot.actionName === name && robot.id !== old?.id);
  if (twin !== undefined) {
    fail(400, "RuleActionNameRepeated", "The name of the notification is repeated.");
  }
}

function rememberList({ store, clock, switches }: Context): void {
  const { listLagMs: ms, listLagCalls: calls } = switches;
  store.listLag.remember(store.robots.rows(), clock.now(), { ms, calls });
}

function playTwin(when: "before" | "after", { fault, context, aliUid }: Call, wanted: WantedSettings): void {
  if (fault?.kind !== "twin" || (fault.when ?? "before") !== when) {
    return;
  }
  const settings = settle(wanted, undefined, context);
  context.store.robots.add({
    ...settings,
    status: context.switches.newBotStatus,
    aliUid,
    ...(fault.url === undefined ? {} : { url: fault.url }),
  });
}
