/** Every position of every switch for what nobody could verify, and what may come of it other than a quiet life. */
import {
  SECURITY_CENTER_SWITCHES,
  type SecurityCenterSwitches,
  ZSTACK_SWITCHES,
  type ZStackSwitches,
} from "../../emulator";

export type Cloud = "zstack" | "securitycenter";

/** One switch in one position; all others are as they are by default. */
export interface Position {
  readonly cloud: Cloud;
  readonly name: string;
  readonly value: unknown;
}

/** Where no closed list says what a switch can be: other values than the default, the strangest ones first. */
const ZSTACK_VALUES: { readonly [Name in keyof ZStackSwitches]?: readonly ZStackSwitches[Name][] } = {
  serverVersion: ["4.8.0", "5.0.0", "5.1.8", "5.2.0", "5.3.20"],
  timezone: ["UTC", "Asia/Kathmandu", "America/St_Johns"],
  locationBase: ["self", "http://198.51.100.1:80"],
  pollsBeforeDone: [0, 5],
  jobMs: [300],
  jobRetentionSeconds: [60],
  webHookRetryMs: [0],
  sessionTimeoutSeconds: [1],
  maxSessions: [1],
  lockAfterFailures: [1],
  endpointQuota: [0],
  maxPageRows: [1, 2],
  deniedOperations: [["*"]],
  // Of the node's time, which passes slower than that of the provider process.
  requestsPerMinute: [600],
  hiddenStateName: ["Disabled"],
};
const SECURITY_CENTER_VALUES: {
  readonly [Name in keyof SecurityCenterSwitches]?: readonly SecurityCenterSwitches[Name][];
} = {
  listLagMs: [100],
  listLagCalls: [1, 2],
  maxPageSize: [1, 20, 50],
  deniedActions: [["*"]],
  // Of the service's time, which passes slower than that of the provider process.
  requestsPerSecond: [100],
};

export function positionsOf(cloud: Cloud): Position[] {
  const [table, others] =
    cloud === "zstack"
      ? [ZSTACK_SWITCHES, ZSTACK_VALUES]
      : [SECURITY_CENTER_SWITCHES, SECURITY_CENTER_VALUES];
  return Object.entries(table).flatMap(([name, { values }]) => {
    const tried: readonly unknown[] | undefined =
      typeof values === "string" ? (others as Record<string, readonly unknown[]>)[name] : values;
    if (tried === undefined) {
      throw new Error(`no values to try for the switch ${name} of ${cloud}`);
    }
    return tried.map((value) => ({ cloud, name, value }));
  });
}

export function describePosition({ cloud, name, value }: Position): string {
  return `${cloud} ${name} ${JSON.stringify(value)}`;
}

/** An end that is documented: in which part of the life, and in what words. */
export interface Outcome {
  readonly at: "create" | "change";
  readonly says: RegExp;
}

const REFUSED_LOGINS = ZSTACK_SWITCHES.loginControl.values as readonly string[];
const LOW_EDITIONS = [1, 5, 6, 10];
const notKept = (field: string): RegExp =>
  new RegExp(`${field}: \\w[\\w ]+ accepted the change, but still has another value`);

/** Everything else is a quiet life. What these say is explained in `what-cannot-be-known.md` and `errors.md` of the documents. */
export const OUTCOMES: Readonly<Record<string, Outcome>> = {
  ...Object.fromEntries(
    REFUSED_LOGINS.filter((control) => control !== "none").map((control) => [
      `zstack loginControl "${control}"`,
      { at: "create", says: /LogInByAccount failed/ },
    ]),
  ),
  ...Object.fromEntries(
    LOW_EDITIONS.map((edition) => [
      `securitycenter edition ${edition}`,
      { at: "create", says: /the account's edition of Security Center is too low/ },
    ]),
  ),
  'zstack serverVersion "4.8.0"': { at: "create", says: /needs ZStack 5\.0\.0 or later/ },
  "zstack snsAvailable false": { at: "create", says: /this ZStack has no QuerySNSDingTalkEndpoint/ },
  "zstack ready false": { at: "create", says: /the management node is starting or not available/ },
  'zstack deniedOperations ["*"]': { at: "create", says: /this account may not call/ },
  // Made, and kept in the stack, though the account does not see it.
  "zstack readsLookEmpty true": { at: "create", says: /but is not found|was deleted outside Pulumi/ },
  "zstack secretClearable false": { at: "change", says: notKept("secret") },
  "zstack descriptionClearable false": { at: "change", says: notKept("description") },
  'securitycenter deniedActions ["*"]': { at: "create", says: /this identity may not call it/ },
  'securitycenter groupIdListEncoding "null"': { at: "create", says: notKept("assetGroupIds") },
  'securitycenter intervalTimeEcho "secondsToMinutes"': {
    at: "create",
    says: notKept("notificationInterval"),
  },
  'securitycenter intervalTimeEcho "minutesToSeconds"': {
    at: "create",
    says: notKept("notificationInterval"),
  },
};
