import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { defineFields, type InputsOf } from "../../core/fields/fields";
import type { ResourceDefinition } from "../../core/lifecycle/definition";
import { existing, isOfType, ManagedResource, typeOf, type ArgsOf } from "../../pulumi/managed-resource";
import {
  addActionToEventSubscription,
  eventSubscriptionsByUuid,
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

const definition: ResourceDefinition<typeof fields, Record<never, never>, ZStackConnection> = {
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
    ...topicAction("event subscription", eventSubscriptionsByUuid),
    attach: (ctx, [subscriptionUuid, topicUuid]) =>
      addActionToEventSubscription(ctx.connection.client, subscriptionUuid, topicUuid, ctx),
    detach: (ctx, [subscriptionUuid, topicUuid]) =>
      removeActionFromEventSubscription(ctx.connection.client, subscriptionUuid, topicUuid, ctx),
  }),
};

/** The arguments of an {@link EventSubscriptionAction}. */
export type EventSubscriptionActionArgs = ArgsOf<typeof fields>;

/** The canonical, plain inputs of an {@link EventSubscriptionAction}, as state stores them. */
export type EventSubscriptionActionInputs = Inputs;

// The outputs of the class: one per field, derived, so that a field is declared once.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface EventSubscriptionAction extends Readonly<ManagedOutputs> {}

type ManagedOutputs = { [K in keyof Inputs]-?: Output<Inputs[K]> };

/**
 * That an event subscription sends to a topic. The event subscription itself is not managed: it stays as it is when this resource is destroyed. The id is
 * `subscriptionUuid/topicUuid`. One that is there already is taken over, with a warning.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class EventSubscriptionAction extends ManagedResource {
  /** @internal */
  static readonly definition = definition;

  /** @internal */
  static readonly __pulumiType = typeOf(definition.token);

  constructor(name: string, args: EventSubscriptionActionArgs, opts?: CustomResourceOptions) {
    super(definition, name, args, opts);
  }

  /**
   * Reads an existing action without managing it: it is never deleted. Fails when it does not exist.
   *
   * @param name the Pulumi name to show it under
   * @param id `subscriptionUuid/topicUuid`
   */
  static get(name: string, id: Input<string>, opts?: CustomResourceOptions): EventSubscriptionAction {
    return new EventSubscriptionAction(
      name,
      {} as EventSubscriptionActionArgs,
      existing(id, opts, definition),
    );
  }

  /** Whether `value` is an EventSubscriptionAction, also one of another copy of this package. */
  static override isInstance(value: unknown): value is EventSubscriptionAction {
    return isOfType(value, definition.token);
  }
}
