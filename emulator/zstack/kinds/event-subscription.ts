import { text } from "../../frame/value";
import type { Context } from "../rest/context";
import { dates, type Inventory } from "../rest/inventory";
import { requiredText, textOf } from "../rest/operation";
import { part } from "../rest/part";
import { ACCOUNT_MEMBER, resourceTable, UUID_MEMBER, type Dated } from "../rest/store";
import { ofClass } from "../rest/wire";
import { Kind, NAME, NAME_MEMBER, STATE_MEMBER } from "./kind";
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

const BASE = "/zwatch/events/subscriptions";

/** A subscription to events of the platform (section 6.5). */
export interface EventSubscription extends Dated {
  uuid: string;
  name: string | undefined;
  namespace: string;
  eventName: string;
  emergencyLevel: string;
  state: string;
  labels: readonly Label[];
  accountUuid: string;
}

/** A topic that an event subscription publishes to. */
export interface EventSubscriptionAction extends TopicAction {
  subscriptionUuid: string;
}

export const eventSubscriptions = resourceTable<"eventSubscriptions", EventSubscription>(
  "eventSubscriptions",
  "EventSubscriptionVO",
  {
    noun: "event subscription",
    members: {
      uuid: UUID_MEMBER,
      name: NAME_MEMBER.optional(),
      namespace: text("Namespace of the event, such as ZStack/VM."),
      eventName: text("The event that is waited for."),
      emergencyLevel: EMERGENCY_LEVEL_MEMBER,
      state: STATE_MEMBER,
      labels: LABELS_MEMBER,
      accountUuid: ACCOUNT_MEMBER,
    },
    defaults: ({ uuid, accountUuid }) => ({
      uuid: uuid(),
      name: undefined,
      namespace: "ZStack/VM",
      eventName: "VMStateChangedOnHost",
      emergencyLevel: "Important",
      state: "Enabled",
      labels: [],
      accountUuid,
    }),
  },
);

export const eventSubscriptionActions = new TopicActions<
  "eventSubscriptionActions",
  "subscriptionUuid",
  EventSubscriptionAction
>("eventSubscriptionActions", "EventSubscription", "subscriptionUuid", {
  noun: "event subscription action",
  owner: "The event subscription.",
});

/** An event subscription with its actions and labels. */
function eventSubscriptionInventory(row: EventSubscription, context: Context): Inventory {
  const { accountUuid: _accountUuid, createdMs: _createdMs, lastOpMs: _lastOpMs, labels, ...shown } = row;
  return ofClass("org.zstack.zwatch.alarm.EventSubscriptionInventory", {
    ...shown,
    ...dates(row, context),
    labels: labels.map((label) =>
      labelInventory(label, "org.zstack.zwatch.alarm.EventSubscriptionLabelInventory"),
    ),
    actions: eventSubscriptionActions.inventories(row.uuid, context),
  });
}

const kind = new Kind<EventSubscription>({
  table: eventSubscriptions,
  module: "zwatch",
  inventory: eventSubscriptionInventory,
  queried: ["uuid", "name", "namespace", "eventName", "emergencyLevel", "state"],
  queriedBesides: eventSubscriptionActions.fields,
});

/** Section 6.5. Namespaces, events and label keys are taken as they come. */
const subscribe = kind.create(
  { name: "SubscribeEvent", path: BASE },
  [
    NAME,
    { name: "namespace", type: "string", required: true },
    { name: "eventName", type: "string", required: true },
    EMERGENCY_LEVEL,
    LABELS,
    ACTIONS,
  ],
  {
    check: (call) => {
      if (call.context.switches.subscribeEventUnknownTopic === "SYS.1007") {
        eventSubscriptionActions.check(call);
      }
    },
    members: (call) => ({
      name: textOf(call.params, "name"),
      namespace: requiredText(call.params, "namespace"),
      eventName: requiredText(call.params, "eventName"),
      emergencyLevel: textOf(call.params, "emergencyLevel") ?? "Important",
      labels: wantedLabels(call),
    }),
    after: (row, call) => {
      eventSubscriptionActions.addWanted(row.uuid, call);
    },
  },
);

const changeState = kind.update(
  {
    name: "ChangeEventSubscriptionState",
    path: "/zwatch/change/eventSubscription/{uuid}/state",
    wrapper: "changeEventSubscriptionState",
  },
  [{ name: "state", type: "string", required: true, values: ["Enabled", "Disabled"] }],
  {
    apply: (row, { params }) => {
      row.state = requiredText(params, "state");
    },
  },
);

const unsubscribe = kind.remove({ name: "UnsubscribeEvent", path: `${BASE}/{uuid}` });

export const eventSubscription = part({
  tables: [eventSubscriptions, eventSubscriptionActions.table],
  operations: [
    subscribe,
    changeState,
    unsubscribe,
    ...eventSubscriptionActions.calls({
      kind,
      base: BASE,
      duplicate: "SYS.1007",
      // The vendor declares no members for this answer, unlike that of the same call of alarms.
      removalShowsOwner: false,
    }),
    kind.query({ name: "QueryEventSubscription", path: BASE }),
  ],
});
