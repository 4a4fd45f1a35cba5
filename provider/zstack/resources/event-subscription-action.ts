import { defineFields, type InputsOf } from "../../core/fields/fields";
import type { ResourceDefinition } from "../../core/lifecycle/definition";
import {
  addActionToEventSubscription,
  eventSubscriptionLookups,
  removeActionFromEventSubscription,
} from "../api";
import type { ZStackConnection } from "../connection";
import { linkLifecycle } from "../lifecycle/link";
import { topicAction } from "../lifecycle/topic-action";
import { existingUuid } from "../fields/uuids";

const fields = defineFields({
  /** The uuid of an existing event subscription. */
  subscriptionUuid: { type: existingUuid(), required: true, change: "replace" },
  /** The uuid of the topic it sends to: a Topic's `uuid`. */
  topicUuid: { type: existingUuid(), required: true, change: "replace" },
});

type Inputs = InputsOf<typeof fields>;

const NOUN = "event subscription action";

/** The definition of `EventSubscriptionAction`. */
export const eventSubscriptionAction: ResourceDefinition<
  typeof fields,
  Record<never, never>,
  ZStackConnection
> = {
  token: "zstack:EventSubscriptionAction",
  noun: NOUN,
  fields,
  outputs: {},
  refusedArguments: {
    actionUuid: "is called topicUuid here.",
    actionType: "is not offered: a topic is the only kind of action there is. Remove it.",
  },
  ...linkLifecycle<Inputs>({
    noun: NOUN,
    sides: ["subscriptionUuid", "topicUuid"],
    destroying: "detaches the topic",
    ...topicAction("event subscription", eventSubscriptionLookups),
    attach: (ctx, [subscriptionUuid, topicUuid]) =>
      addActionToEventSubscription(ctx.connection.client, subscriptionUuid, topicUuid, ctx),
    detach: (ctx, [subscriptionUuid, topicUuid]) =>
      removeActionFromEventSubscription(ctx.connection.client, subscriptionUuid, topicUuid, ctx),
  }),
};
