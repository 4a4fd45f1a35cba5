import type { Alarm } from "../entities";
import { query, requiredText, textOf, type Operation } from "../operation";
import { alarmTarget } from "../targets";
import { alarmInventory } from "../zwatch-inventory";
import { alarmActionKey } from "../zwatch-tables";
import { DESCRIPTION, Kind, REQUIRED_NAME } from "./kind";
import {
  actionCalls,
  ACTIONS,
  checkAction,
  EMERGENCY_LEVEL,
  LABELS,
  wantedActions,
  wantedLabels,
} from "./zwatch-actions";

const BASE = "/zwatch/alarms";
const INT32_MAX = 2_147_483_647;

const alarm = new Kind<Alarm>({
  type: "AlarmVO",
  module: "zwatch",
  table: (store) => store.alarms,
  inventory: alarmInventory,
});

/** Section 6.5. Namespaces, metrics and label keys are taken as they come: this server measures nothing. */
const create = alarm.create(
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
  (call) => {
    const { params } = call;
    for (const action of wantedActions(call)) {
      checkAction(action, call);
    }
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
  (row, call) => {
    for (const action of wantedActions(call)) {
      call.context.store.alarmActions.add({ alarmUuid: row.uuid, ...action });
    }
  },
);

/** Shares its path with UpdateAlarm, and by shape with AddActionToAlarm. */
const changeState = alarm.changeState(
  { name: "ChangeAlarmState", path: `${BASE}/{uuid}/actions`, wrapper: "changeAlarmState" },
  (row, state) => {
    row.state = state;
  },
);

/** The topics stay. */
const remove = alarm.remove({ name: "DeleteAlarm", path: `${BASE}/{uuid}` });

const keyOf = (alarmUuid: string, actionUuid: string): string => alarmActionKey({ alarmUuid, actionUuid });

export const alarmOperations: readonly Operation[] = [
  create,
  changeState,
  remove,
  ...actionCalls<Alarm>({
    noun: "Alarm",
    type: "AlarmVO",
    base: BASE,
    variable: "alarmUuid",
    duplicate: "SYS.1006",
    row: ({ context }, uuid) => context.store.alarms.row(uuid),
    hasAction: ({ context }, { uuid }, actionUuid) =>
      context.store.alarmActions.row(keyOf(uuid, actionUuid)) !== undefined,
    addAction: ({ context }, { uuid }, action) =>
      void context.store.alarmActions.add({ alarmUuid: uuid, ...action }),
    removeAction: ({ context }, { uuid }, actionUuid) =>
      void context.store.alarmActions.remove(keyOf(uuid, actionUuid)),
    shown: (row, call) => alarm.shown(row, call),
    removed: (row, call) => alarm.shown(row, call),
  }),
  query("QueryAlarm", BASE, alarmTarget, { module: "zwatch" }),
];
