/** The changes in the middle of which something is killed: every operation of every resource. */
import { secret } from "../engine/provider-process";
import { CHAIN_SCENARIOS } from "./chain-scenarios";
import type { Scenario } from "./kill-points";
import {
  endpoint,
  FULL_ENDPOINT,
  FULL_ROBOT,
  LONG_WEBHOOK,
  OTHER_FULL_ENDPOINT,
  OTHER_FULL_ROBOT,
  robot,
  TAG_PATTERN,
  webhookOf,
} from "./world";

const zstack = { cloud: "zstack" } as const;
const china = { cloud: "china" } as const;
const full = endpoint("full", FULL_ENDPOINT);
const plain = endpoint("plain");
const fullRobot = robot("full", FULL_ROBOT);
const plainRobot = robot("plain");

export const SCENARIOS: readonly Scenario[] = [
  { name: "create of an endpoint", before: [], after: [plain], ...zstack },
  { name: "create of an endpoint with everything", before: [], after: [full], ...zstack },
  {
    name: "create of an endpoint with a tag pattern",
    before: [],
    after: [endpoint("tagged", { tagUuids: [TAG_PATTERN] })],
    ...zstack,
  },
  {
    name: "update of an endpoint's webhook",
    before: [plain],
    after: [endpoint("plain", { webhookUrl: secret(webhookOf("other")) })],
    ...zstack,
  },
  {
    name: "update of every field of an endpoint",
    before: [full],
    after: [endpoint("full", OTHER_FULL_ENDPOINT)],
    ...zstack,
  },
  {
    name: "replacement of an endpoint",
    before: [plain],
    after: [endpoint("plain", { webhookUrl: secret(LONG_WEBHOOK) })],
    ...zstack,
  },
  {
    name: "replacement of an endpoint with everything",
    before: [full],
    after: [endpoint("full", { ...FULL_ENDPOINT, webhookUrl: secret(LONG_WEBHOOK) })],
    ...zstack,
  },
  { name: "delete of an endpoint", before: [plain], after: [], ...zstack },
  { name: "delete of an endpoint with everything", before: [full], after: [], ...zstack },
  { name: "create of a robot", before: [], after: [plainRobot], ...china },
  { name: "create of a robot with everything", before: [], after: [fullRobot], ...china },
  {
    name: "update of a robot's status",
    before: [plainRobot],
    after: [robot("plain", { enabled: false })],
    ...china,
  },
  {
    name: "update of every field of a robot",
    before: [fullRobot],
    after: [robot("full", OTHER_FULL_ROBOT)],
    ...china,
  },
  {
    name: "replacement of a robot with everything",
    before: [fullRobot],
    after: [fullRobot],
    options: { replace: ["full"] },
    ...china,
  },
  { name: "delete of a robot", before: [plainRobot], after: [], ...china },
  ...CHAIN_SCENARIOS,
];
