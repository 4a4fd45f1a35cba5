import type { Context } from "../context";
import { INT32_MAX, type Robot } from "../entities";
import type { Call, Operation } from "../operation";
import { robotEcho } from "./robot-echo";

/** Page size without PageSize (section 4.2). */
const DEFAULT_PAGE_SIZE = 20;

/** Lists the robots of the caller's account, page by page (section 4.2). */
export const describeDingTalk: Operation = {
  name: "DescribeDingTalk",
  changing: false,
  needsEdition: false,
  run: (call) => {
    const { parameters, context } = call;
    const name = parameters.text("RuleActionName") ?? "";
    const asked = parameters.integer("PageSize", 1, INT32_MAX) ?? DEFAULT_PAGE_SIZE;
    const currentPage = parameters.integer("CurrentPage", 1, INT32_MAX) ?? 1;
    const { maxPageSize, pageSizeOverflow } = context.switches;
    if (asked > maxPageSize && pageSizeOverflow === "refused") {
      parameters.refuse("PageSize", `must be at most ${String(maxPageSize)}`);
    }
    const most = Math.min(asked, maxPageSize);
    const told = pageSizeOverflow === "silent" || pageSizeOverflow === "cut" ? asked : most;

    moveRows(call);
    const seen = context.store.listLag.view(context.store.robots.rows(), context.clock.now());
    const mine = seen.filter((robot) => robot.aliUid === call.aliUid);
    const found = inOrder(mine, context).filter((robot) => isNamed(robot, name, context));
    if (call.fault?.kind === "rowsMove" && call.fault.by === "reorder") {
      found.reverse();
    }
    const first = (currentPage - 1) * (pageSizeOverflow === "cut" ? asked : most);
    return {
      PageInfo: { CurrentPage: currentPage, PageSize: told, TotalCount: found.length },
      ActionList: found.slice(first, first + most).map((robot) => robotEcho(robot, context.switches)),
    };
  },
};

function isNamed(robot: Robot, name: string, { switches }: Context): boolean {
  return name === "" || (switches.filterFuzzy ? robot.actionName.includes(name) : robot.actionName === name);
}

function inOrder(robots: readonly Robot[], { switches }: Context): Robot[] {
  const sorted = [...robots].sort((a, b) => b.id - a.id);
  switch (switches.listOrder) {
    case "newestFirst":
      return sorted;
    case "oldestFirst":
      return sorted.reverse();
    case "lastModifiedFirst":
      return sorted.sort((a, b) => b.gmtModified - a.gmtModified);
  }
}

function moveRows({ fault, context, aliUid }: Call): void {
  if (fault?.kind !== "rowsMove") {
    return;
  }
  const { robots } = context.store;
  if ((fault.by ?? "insert") === "insert") {
    robots.add({ actionName: `moved in ${String(robots.size)}`, aliUid });
  } else if (fault.by === "remove") {
    const first = fault.id ?? inOrder(robots.rows(), context)[0]?.id;
    robots.remove(String(first));
  }
}
