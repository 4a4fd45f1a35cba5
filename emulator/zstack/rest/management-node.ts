import { offsetMinutes, offsetText } from "./dates";
import { fail } from "./errors";
import type { Command } from "./operation";
import { part } from "./part";

/** Section 1, unauthenticated helpers. The "all fields" mapping of these answers adds `success`. */
const common = {
  method: "PUT",
  paths: ["/management-nodes/actions"],
  kind: "sync",
  open: true,
  changing: false,
} as const;

const getVersion: Command = {
  ...common,
  name: "GetVersion",
  wrapper: "getVersion",
  fields: [],
  run: ({ context }) => ({ version: context.switches.serverVersion, success: true }),
};

const getCurrentTime: Command = {
  ...common,
  name: "GetCurrentTime",
  wrapper: "getCurrentTime",
  fields: [],
  run: ({ context }) => {
    const now = context.clock.now();
    return { currentTime: { MillionSeconds: now, Seconds: Math.floor(now / 1000) }, success: true };
  },
};

const isReady: Command = {
  name: "IsReadyToGo",
  method: "GET",
  paths: ["/management-nodes/ready"],
  kind: "sync",
  open: true,
  changing: false,
  fields: [],
  run: ({ context }) =>
    context.switches.ready
      ? { success: true }
      : fail("SYS.1010", "management node is not ready", "管理节点未就绪"),
};

const platformTimezone: Command = {
  name: "GetPlatformTimeZone",
  method: "GET",
  paths: ["/management-nodes/platform-timezone"],
  kind: "sync",
  changing: false,
  fields: [],
  run: ({ context: { switches, clock } }) => ({
    timezone: switches.timezone,
    // UNVERIFIED: the form; the server's own example has no leading zero.
    offset: offsetText(offsetMinutes(clock.now(), switches.timezone)),
    success: true,
  }),
};

export const managementNode = part({
  tables: [],
  operations: [getVersion, getCurrentTime, isReady, platformTimezone],
});
