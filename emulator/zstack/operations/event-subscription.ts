import type { EventSubscription } from "../entities";
import { query, requiredText, textOf, type Operation } from "../operation";
import { eventSubscriptionTarget } from "../targets";
import { eventSubscriptionInventory } from "../zwatch-inventory";
import { eventSubscriptionActionKey } from "../zwatch-tables";
import { Kind, NAME } from "./kind";
import {
  actionCalls,
  ACTIONS,
  checkAction,
  EMERGENCY_LEVEL,
  LABELS,
  wantedActions,
  wantedLabels,
} from "./zwatch-actions";

const BASE = "/zwatch/events/subscriptions";

const subscription = new Kind<EventSubscription>({
  type: "EventSubscriptionVO",
  module: "zwatch",
  table: (store) => store.eventSubscriptions,
  inventory: eventSubscriptionInventory,
});

/** Section 6.5. Namespaces, events and label keys are taken as they come. */
const subscribe = subscription.create(
  { name: "SubscribeEvent", path: BASE },
  [
    NAME,
    { name: "namespace", type: "string", required: true },
    { name: "eventName", type: "string", required: true },
    EMERGENCY_LEVEL,
    LABELS,
    ACTIONS,
  ],
  (call) => {
    const { params, context } = call;
    if (context.switches.subscribeEventUnknownTopic === "SYS.1007") {
      for (const action of wantedActions(call)) {
        checkAction(action, call);
      }
    }
    return {
      name: textOf(params, "name"),
      namespace: requiredText(params, "namespace"),
      eventName: requiredText(params, "eventName"),
      emergencyLevel: textOf(params, "emergencyLevel") ?? "Important",
      labels: wantedLabels(call),
    };
  },
  (row, call) => {
    for (const action of wantedActions(call)) {
      call.context.store.eventSubscriptionActions.add({ subscriptionUuid: row.uuid, ...action });
    }
  },
);

const changeState = subscription.update(
  {
    name: "ChangeEventSubscriptionState",
    path: "/zwatch/change/eventSubscription/{uuid}/state",
    wrapper: "changeEventSubscriptionState",
  },
  [{ name: "state", type: "string", required: true, values: ["Enabled", "Disabled"] }],
  (row, { params }) => {
    row.state = requiredText(params, "state");
  },
);

const unsubscribe = subscription.remove({ name: "UnsubscribeEvent", path: `${BASE}/{uuid}` });

const keyOf = (subscriptionUuid: string, actionUuid: string): string =>
  eventSubscriptionActionKey({ subscriptionUuid, actionUuid });

export const eventSubscriptionOperations: readonly Operation[] = [
  subscribe,
  changeState,
  unsubscribe,
  ...actionCalls<EventSubscription>({
    noun: "EventSubscription",
    type: "EventSubscriptionVO",
    base: BASE,
    variable: "subscriptionUuid",
    duplicate: "SYS.1007",
    row: ({ context }, uuid) => context.store.eventSubscriptions.row(uuid),
    hasAction: ({ context }, { uuid }, actionUuid) =>
      context.store.eventSubscriptionActions.row(keyOf(uuid, actionUuid)) !== undefined,
    addAction: ({ context }, { uuid }, action) =>
      void context.store.eventSubscriptionActions.add({ subscriptionUuid: uuid, ...action }),
    removeAction: ({ context }, { uuid }, actionUuid) =>
      void context.store.eventSubscriptionActions.remove(keyOf(uuid, actionUuid)),
    shown: (row, call) => subscription.shown(row, call),
    // The vendor declares no members for this answer, unlike that of the same call of alarms.
    removed: () => ({}),
  }),
  query("QueryEventSubscription", BASE, eventSubscriptionTarget, { module: "zwatch" }),
];
