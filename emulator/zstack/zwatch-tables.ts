import { Table } from "../frame/table";
import type { Alarm, AlarmAction, EventSubscription, EventSubscriptionAction } from "./entities";
import * as members from "./members";
import { byUuid, type StoreTools } from "./store-tools";

/** The key of an alarm's action in its table. */
export function alarmActionKey(row: { alarmUuid: string; actionUuid: string }): string {
  return `${row.alarmUuid}/${row.actionUuid}`;
}

/** The key of an event subscription's action in its table. */
export function eventSubscriptionActionKey(row: { subscriptionUuid: string; actionUuid: string }): string {
  return `${row.subscriptionUuid}/${row.actionUuid}`;
}

/** Alarms and event subscriptions, and the topics they publish to (section 6.5). */
export function zwatchTables({ uuid, accountUuid, dates, touch, resource }: StoreTools) {
  const alarmActions = new Table<AlarmAction>("alarm action", alarmActionKey, members.ALARM_ACTION, {
    complete: (row) => ({ alarmUuid: "", actionUuid: "", actionType: "sns", ...row, ...dates(row) }),
  });
  const eventSubscriptionActions = new Table<EventSubscriptionAction>(
    "event subscription action",
    eventSubscriptionActionKey,
    members.EVENT_SUBSCRIPTION_ACTION,
    {
      complete: (row) => ({ subscriptionUuid: "", actionUuid: "", actionType: "sns", ...row, ...dates(row) }),
    },
  );

  const alarm = resource("AlarmVO");
  const alarms = new Table<Alarm>("alarm", byUuid, members.ALARM, {
    complete: (row) => ({
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
      ...row,
      ...dates(row),
    }),
    added: alarm.added,
    edited: touch,
    removed: (row) => {
      for (const action of alarmActions.rows()) {
        if (action.alarmUuid === row.uuid) {
          alarmActions.remove(alarmActionKey(action));
        }
      }
      alarm.gone(row);
    },
  });

  const subscription = resource("EventSubscriptionVO");
  const eventSubscriptions = new Table<EventSubscription>(
    "event subscription",
    byUuid,
    members.EVENT_SUBSCRIPTION,
    {
      complete: (row) => ({
        uuid: uuid(),
        name: undefined,
        namespace: "ZStack/VM",
        eventName: "VMStateChangedOnHost",
        emergencyLevel: "Important",
        state: "Enabled",
        labels: [],
        accountUuid,
        ...row,
        ...dates(row),
      }),
      added: subscription.added,
      edited: touch,
      removed: (row) => {
        for (const action of eventSubscriptionActions.rows()) {
          if (action.subscriptionUuid === row.uuid) {
            eventSubscriptionActions.remove(eventSubscriptionActionKey(action));
          }
        }
        subscription.gone(row);
      },
    },
  );

  return { alarms, alarmActions, eventSubscriptions, eventSubscriptionActions };
}
