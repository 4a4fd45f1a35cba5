import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { InputError, isApiFailure } from "../../core/errors";
import { defineFields, type InputsOf } from "../../core/fields/fields";
import type { ResourceDefinition } from "../../core/lifecycle/definition";
import { existing, isOfType, ManagedResource, typeOf, type ArgsOf } from "../../pulumi/managed-resource";
import {
  querySNSApplicationEndpoint,
  subscribersByPair,
  subscribeSNSTopic,
  topicsByUuid,
  unsubscribeSNSTopic,
} from "../api";
import { API_TOPIC_UUID } from "../lifecycle/built-in-topics";
import type { ZStackConnection } from "../connection";
import { Code } from "../transport/failures";
import { linkLifecycle } from "../lifecycle/link";
import { existingUuid } from "../fields/uuids";

const fields = defineFields({
  /** The uuid of the topic that delivers: a Topic's `uuid`, or a built-in topic's such as `SYSTEM_ALARM_TOPIC_UUID`. */
  topicUuid: { type: existingUuid(), required: true, change: "replace" },
  /** The uuid of the endpoint that is delivered to: a DingTalkEndpoint's `uuid`, or that of any other endpoint. */
  endpointUuid: { type: existingUuid(), required: true, change: "replace" },
});

type Inputs = InputsOf<typeof fields>;

const NOUN = "topic subscription";

const definition: ResourceDefinition<typeof fields, Record<never, never>, ZStackConnection> = {
  token: "zstack:TopicSubscription",
  noun: NOUN,
  fields,
  outputs: {},
  refusedArguments: {
    topic: "is called topicUuid here: give the topic's `uuid`.",
    endpoint: "is called endpointUuid here: give the endpoint's `uuid`.",
  },
  ...linkLifecycle<Inputs>({
    noun: NOUN,
    sides: ["topicUuid", "endpointUuid"],
    destroying: "unsubscribes the endpoint",
    isThere: async (ctx, sides, signal) =>
      (await ctx.connection.find(subscribersByPair, sides.join("/"), signal)) !== undefined,
    attach: async (ctx, [topicUuid, endpointUuid]) => {
      try {
        await subscribeSNSTopic(ctx.connection.client, topicUuid, endpointUuid, ctx);
      } catch (error) {
        throw topicUuid === API_TOPIC_UUID && isApiFailure(error, Code.OPERATION_FAILED)
          ? new InputError(`The topic of API calls takes HTTP endpoints only, and ${endpointUuid} is none.`, {
              hint: "Subscribe the endpoint to a topic of its own, or to SYSTEM_ALARM_TOPIC_UUID.",
              cause: error,
            })
          : error;
      }
    },
    detach: (ctx, [topicUuid, endpointUuid]) =>
      unsubscribeSNSTopic(ctx.connection.client, topicUuid, endpointUuid, ctx),
    missingSide: async (ctx, [topicUuid, endpointUuid]) => {
      if ((await ctx.connection.find(topicsByUuid, topicUuid)) === undefined) {
        return `topic ${topicUuid}`;
      }
      const endpoint = await querySNSApplicationEndpoint(ctx.connection.client, endpointUuid, ctx);
      return endpoint === undefined ? `endpoint ${endpointUuid}` : undefined;
    },
  }),
};

/** The arguments of a {@link TopicSubscription}. */
export type TopicSubscriptionArgs = ArgsOf<typeof fields>;

/** The canonical, plain inputs of a {@link TopicSubscription}, as state stores them. */
export type TopicSubscriptionInputs = Inputs;

// The outputs of the class: one per field, derived, so that a field is declared once.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface TopicSubscription extends Readonly<ManagedOutputs> {}

type ManagedOutputs = { [K in keyof Inputs]-?: Output<Inputs[K]> };

/** That a topic delivers to an endpoint. Its id is `topicUuid/endpointUuid`. One that is there already is taken over, with a warning. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class TopicSubscription extends ManagedResource {
  /** @internal */
  static readonly definition = definition;

  /** @internal */
  static readonly __pulumiType = typeOf(definition.token);

  constructor(name: string, args: TopicSubscriptionArgs, opts?: CustomResourceOptions) {
    super(definition, name, args, opts);
  }

  /**
   * Reads an existing subscription without managing it: it is never deleted. Fails when it does not exist.
   *
   * @param name the Pulumi name to show it under
   * @param id `topicUuid/endpointUuid`
   */
  static get(name: string, id: Input<string>, opts?: CustomResourceOptions): TopicSubscription {
    return new TopicSubscription(name, {} as TopicSubscriptionArgs, existing(id, opts, definition));
  }

  /** Whether `value` is a TopicSubscription, also one of another copy of this package. */
  static override isInstance(value: unknown): value is TopicSubscription {
    return isOfType(value, definition.token);
  }
}
