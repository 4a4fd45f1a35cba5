/** The stacks that every release keeps of itself. A new kind of resource goes into the first, and where it can be half done into the others. */
import { EventEmitter, once } from "node:events";
import type { Deployment } from "../../engine/harness";
import { endpoint, phone, program, until, uuid, WEBHOOK } from "../../engine/support/lab";
import { GROUP_A, HIGH_RISK, provider, robot, type RobotLab } from "../../engine/support/robot-lab";
import { providersOf } from "./processes";

/** A stack after its last run, and the program of that run. */
export interface Made {
  readonly program: string;
  readonly deployment: Deployment;
}

const TAG_PATTERN = uuid("a");
const TIMEOUTS = '{ customTimeouts: { create: "5m", update: "90s", delete: "1m" } }';

const EVERYTHING_OF_ENDPOINT = {
  name: "full",
  secret: `SEC${"0123456789abcdef".repeat(4)}`,
  description: "every field",
  atAll: true,
  atPersons: { [phone(1)]: "Ann", [phone(2)]: "" },
  enabled: false,
  userTags: ["night", "day"],
  tagUuids: [TAG_PATTERN],
  resourceUuid: uuid("b"),
  adopt: "identical",
};
const EVERYTHING_OF_TOPIC = {
  name: "full",
  description: "every field",
  locale: "en_US",
  enabled: false,
  userTags: ["night", "day"],
  tagUuids: [TAG_PATTERN],
  resourceUuid: uuid("c"),
  adopt: "identical",
};
const EVERYTHING_OF_ROBOT = {
  name: "full",
  language: "en",
  notificationInterval: 60,
  assetGroupIds: [GROUP_A],
  alertRules: [
    HIGH_RISK,
    { type: "suspicious", conditions: { item_level: ["serious"], event_type: ["all"] } },
  ],
  enabled: false,
  adopt: "byName",
};

/** Every kind of resource: with nothing and with everything given, from the stack's connection and an explicit one, and only read. */
async function finished(lab: RobotLab, env: Record<string, string>): Promise<Made> {
  const { emulator } = lab;
  const { zstack } = emulator;
  zstack.tagPatterns.add({ uuid: TAG_PATTERN, name: "team", value: "ops", type: "simple" });
  const watched = zstack.endpoints.add({ type: "DingTalk", url: WEBHOOK, name: "watched" });
  const watchedRobot = lab.existing("watched");
  const alarm = zstack.alarms.add({ name: "cpu" });
  const event = zstack.eventSubscriptions.add({ name: "host is down" });
  const channel = {
    endpoints: { oncall: { webhookUrl: WEBHOOK, secret: EVERYTHING_OF_ENDPOINT.secret } },
    alarms: { cpu: alarm.uuid },
    eventSubscriptions: { host: event.uuid },
  };
  const dc = {
    endpoint: emulator.url,
    accountName: zstack.accountName,
    accountPassword: zstack.accountPassword,
  };
  const statements = [
    `const dc = new Provider("dc", { zstack: ${JSON.stringify(dc)} });`,
    provider("cloud", emulator),
    endpoint("plain"),
    robot("plainRobot"),
    endpoint("full", EVERYTHING_OF_ENDPOINT, TIMEOUTS),
    robot("fullRobot", EVERYTHING_OF_ROBOT, TIMEOUTS),
    `new zstack.Topic("plainTopic");`,
    `new zstack.Topic("fullTopic", ${JSON.stringify(EVERYTHING_OF_TOPIC)}, ${TIMEOUTS});`,
    `new zstack.NotificationChannel("ops", ${JSON.stringify(channel)});`,
    endpoint("explicit", {}, "{ provider: dc }"),
    robot("explicitRobot", {}, "{ provider: cloud }"),
    `const got = zstack.DingTalkEndpoint.get("got", ${JSON.stringify(watched.uuid)});`,
    `const gotRobot = securitycenter.DingTalkRobot.get("gotRobot", ${JSON.stringify(watchedRobot)});`,
    `exports.shown = [plain.uuid, plainRobot.robotId, full.secret];`,
  ];
  await lab.up(statements, [], { env });
  return { program: program(...statements), deployment: await lab.project.export() };
}

/** Objects that the servers made and did not finish, beside finished ones. */
async function unfinished(lab: RobotLab, env: Record<string, string>): Promise<Made> {
  const statements = [
    endpoint("whole"),
    robot("wholeRobot"),
    endpoint("half", { enabled: false }),
    robot("halfRobot", { enabled: false }),
    `new zstack.Topic("halfTopic", { enabled: false });`,
  ];
  for (const operation of ["ChangeSNSApplicationEndpointState", "ChangeSNSTopicState"]) {
    lab.emulator.zstack.faults.add({
      operation,
      fault: { kind: "jobFails", code: "SYS.1006", details: "disk on fire" },
    });
  }
  lab.site.faults.add({
    operation: "ModifyDingTalkStatus",
    fault: { kind: "apiError", code: "NotAllowedToday" },
  });
  await lab.up(statements, ["--continue-on-error"], { env, expectExit: 1 });
  return { program: program(...statements), deployment: await lab.project.export() };
}

/** Replacements of which the engine was killed between delete and create. */
async function interrupted(lab: RobotLab, env: Record<string, string>): Promise<Made> {
  await lab.up([endpoint("moved", { name: "before" }), robot("movedRobot", { name: "before" })], [], { env });
  const opts = `{ replaceOnChanges: ["name"] }`;
  const after = [endpoint("moved", { name: "after" }, opts), robot("movedRobot", { name: "after" }, opts)];
  const server = new EventEmitter();
  let waiting = 0;
  const rule = {
    fault: { kind: "slow", committed: false } as const,
    before: () => {
      waiting += 1;
      if (waiting === 2) {
        server.emit("both wait");
      }
    },
  };
  lab.emulator.zstack.faults.add({ operation: "CreateSNSDingTalkEndpoint", ...rule });
  lab.site.faults.add({ operation: "CreateOrUpdateDingTalk", ...rule });
  lab.declare(...after);
  const reached = once(server, "both wait");
  const command = lab.project.start(["up", "--yes", "--skip-preview"], { env });
  await reached;
  command.signal("SIGKILL");
  await command.ended;
  await until(() => providersOf(lab.project).length === 0);
  return { program: program(...after), deployment: await lab.project.export() };
}

export const RELEASE_STACKS = { finished, unfinished, interrupted };
export type StackName = keyof typeof RELEASE_STACKS;
