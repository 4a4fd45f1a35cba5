import type { Context } from "./context";
import type { Alarm, AlarmAction, EventSubscription, EventSubscriptionAction, Label } from "./entities";
import { dates, type Inventory } from "./inventory";
import { ofClass } from "./wire";

const PACKAGE = "org.zstack.zwatch.alarm";

/** An alarm with its actions and labels (section 6.5). */
export function alarmInventory(row: Alarm, context: Context): Inventory {
  const { accountUuid: _accountUuid, createdMs: _createdMs, lastOpMs: _lastOpMs, labels, ...shown } = row;
  return ofClass(`${PACKAGE}.AlarmInventory`, {
    ...shown,
    ...dates(row, context),
    labels: labels.map((label) => labelInventory(label, "Alarm")),
    actions: context.store
      .actionsOfAlarm(row.uuid)
      .map((action) => actionInventory(action, "Alarm", context)),
  });
}

/** An event subscription with its actions and labels (section 6.5). */
export function eventSubscriptionInventory(row: EventSubscription, context: Context): Inventory {
  const { accountUuid: _accountUuid, createdMs: _createdMs, lastOpMs: _lastOpMs, labels, ...shown } = row;
  return ofClass(`${PACKAGE}.EventSubscriptionInventory`, {
    ...shown,
    ...dates(row, context),
    labels: labels.map((label) => labelInventory(label, "EventSubscription")),
    actions: context.store
      .actionsOfEventSubscription(row.uuid)
      .map((action) => actionInventory(action, "EventSubscription", context)),
  });
}

function actionInventory(
  row: AlarmAction | EventSubscriptionAction,
  owner: string,
  context: Context,
): Inventory {
  const { createdMs: _createdMs, lastOpMs: _lastOpMs, ...shown } = row;
  return ofClass(`${PACKAGE}.${owner}ActionInventory`, { ...shown, ...dates(row, context) });
}

function labelInventory({ uuid, key, op, value }: Label, owner: string): Inventory {
  return ofClass(`${PACKAGE}.${owner}LabelInventory`, { uuid, key, operator: op, value });
}
