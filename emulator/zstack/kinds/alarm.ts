import { choice, flag, integer, number, text } from "../../frame/value";
import type { Context } from "../rest/context";
import { dates, type Inventory } from "../rest/inventory";
import { requiredText, textOf } from "../rest/operation";
import { part } from "../rest/part";
import { ACCOUNT_MEMBER, resourceTable, UUID_MEMBER, type Dated } from "../rest/store";
import { ofClass } from "../rest/wire";
import { DESCRIPTION, DESCRIPTION_MEMBER, Kind, NAME_MEMBER, REQUIRED_NAME, STATE_MEMBER } from "./kind";
import {
  EMERGENCY_LEVEL,
  EMERGENCY_LEVEL_MEMBER,
  labelInventory,
  LABELS,
  LABELS_MEMBER,
  wantedLabels,
  type Label,
} from "./label";
import { ACTIONS, TopicActions, type TopicAction } from "./topic-action";

const BASE = "/zwatch/alarms";
const INT32_MAX = 2_147_483_647;
const OPERATORS = ["GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"] as const;

/** An alarm: a threshold on a metric (section 6.5). Nothing is measured here; a test fires it. */
export interface Alarm extends Dated {
  uuid: string;
  name: string;
  description: string | undefined;
  namespace: string;
  metricName: string;
  comparisonOperator: string;
  threshold: number;
  period: number | undefined;
  repeatInterval: number | undefined;
  repeatCount: number;
  enableRecovery: boolean;
  emergencyLevel: string;
  /** `OK`, `Alarm` or `InsufficientData`. */
  status: string;
  state: string;
  labels: readonly Label[];
  accountUuid: string;
}

/** A topic that an alarm publishes to. */
export interface AlarmAction extends TopicAction {
  alarmUuid: string;
}

export const alarms = resourceTable<"alarms", Alarm>("alarms", "AlarmVO", {
  noun: "alarm",
  members: {
    uuid: UUID_MEMBER,
    name: NAME_MEMBER,
    description: DESCRIPTION_MEMBER,
    namespace: text("Namespace of the metric, such as ZStack/VM."),
    metricName: text("The metric that is watched."),
    comparisonOperator: choice("How the metric is compared with the threshold.", OPERATORS),
    threshold: number("What the metric is compared with."),
    period: integer("Seconds that the condition must hold.", 0).optional(),
    repeatInterval: integer("Seconds between messages.", 0).optional(),
    repeatCount: integer("Messages at most; -1 until it ends.", -1),
    enableRecovery: flag("Whether the recovery is told."),
    emergencyLevel: EMERGENCY_LEVEL_MEMBER,
    status: choice("What became of it last.", ["OK", "Alarm", "InsufficientData"]),
    state: STATE_MEMBER,
    labels: LABELS_MEMBER,
    accountUuid: ACCOUNT_MEMBER,
  },
  defaults: ({ uuid, accountUuid }) => ({
    uuid: uuid(),
    name: "alarm",
    description: undefined,
    namespace: "ZStack/VM",
    metricName: "CPUUsedUtilization",
    comparisonOperator: "GreaterThan",
    threshold: 80,
    period: 300,
    repeatInterval: undefined,
    repeatCount: -1,
    enableRecovery: false,
    emergencyLevel: "Important",
    // UNVERIFIED: the status of an alarm that was never evaluated.
    status: "InsufficientData",
    state: "Enabled",
    labels: [],
    accountUuid,
  }),
});

export const alarmActions = new TopicActions<"alarmActions", "alarmUuid", AlarmAction>(
  "alarmActions",
  "Alarm",
  "alarmUuid",
  { noun: "alarm action", owner: "The alarm." },
);

/** An alarm with its actions and labels. */
function alarmInventory(row: Alarm, context: Context): Inventory {
  const { accountUuid: _accountUuid, createdMs: _createdMs, lastOpMs: _lastOpMs, labels, ...shown } = row;
  return ofClass("org.zstack.zwatch.alarm.AlarmInventory", {
    ...shown,
    ...dates(row, context),
    labels: labels.map((label) => labelInventory(label, "org.zstack.zwatch.alarm.AlarmLabelInventory")),
    actions: alarmActions.inventories(row.uuid, context),
  });
}

const kind = new Kind<Alarm>({
  table: alarms,
  module: "zwatch",
  inventory: alarmInventory,
  queried: [
    ...(["uuid", "name", "description", "namespace", "metricName", "comparisonOperator"] as const),
    ...(["threshold", "period", "repeatInterval", "repeatCount", "enableRecovery"] as const),
    ...(["emergencyLevel", "status", "state"] as const),
  ],
  queriedBesides: alarmActions.fields,
  primitives: { enableRecovery: false },
});

/** Section 6.5. Namespaces, metrics and label keys are taken as they come: this server measures nothing. */
const create = kind.create(
  { name: "CreateAlarm", path: BASE },
  [
    REQUIRED_NAME,
    DESCRIPTION,
    {
      name: "comparisonOperator",
      type: "string",
      required: true,
      values: ["GreaterThanOrEqualTo", "GreaterThan", "LessThan", "LessThanOrEqualTo"],
    },
    { name: "period", type: "integer", min: 1, max: INT32_MAX },
    { name: "namespace", type: "string", required: true },
    { name: "metricName", type: "string", required: true },
    { name: "threshold", type: "number", required: true, min: 0 },
    { name: "repeatInterval", type: "integer", min: 0 },
    { name: "repeatCount", type: "integer", min: -1, max: INT32_MAX },
    { name: "type", type: "string" },
    { name: "enableRecovery", type: "boolean" },
    EMERGENCY_LEVEL,
    LABELS,
    ACTIONS,
  ],
  {
    check: (call) => {
      alarmActions.check(call);
    },
    members: (call) => {
      const { params } = call;
      const numberOf = (name: string): number | undefined =>
        typeof params[name] === "number" ? params[name] : undefined;
      return {
        name: requiredText(params, "name"),
        description: textOf(params, "description"),
        namespace: requiredText(params, "namespace"),
        metricName: requiredText(params, "metricName"),
        comparisonOperator: requiredText(params, "comparisonOperator"),
        threshold: numberOf("threshold") ?? 0,
        period: numberOf("period"),
        repeatInterval: numberOf("repeatInterval"),
        repeatCount: numberOf("repeatCount") ?? -1,
        enableRecovery: params.enableRecovery === true,
        emergencyLevel: textOf(params, "emergencyLevel") ?? "Important",
        labels: wantedLabels(call),
      };
    },
    after: (row, call) => {
      alarmActions.addWanted(row.uuid, call);
    },
  },
);

/** Shares its path with UpdateAlarm, and by shape with AddActionToAlarm. */
const changeState = kind.changeState(
  { name: "ChangeAlarmState", path: `${BASE}/{uuid}/actions`, wrapper: "changeAlarmState" },
  (row, state) => {
    row.state = state;
  },
);

/** The topics stay. */
const remove = kind.remove({ name: "DeleteAlarm", path: `${BASE}/{uuid}` });

export const alarm = part({
  tables: [alarms, alarmActions.table],
  operations: [
    create,
    changeState,
    remove,
    ...alarmActions.calls({ kind, base: BASE, duplicate: "SYS.1006", removalShowsOwner: true }),
    kind.query({ name: "QueryAlarm", path: BASE }),
  ],
});
