import { InputError, isApiFailure } from "../../core/errors";
import { defineFields, type InputsOf } from "../../core/fields/fields";
import type { ResourceDefinition } from "../../core/lifecycle/definition";
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

/** The definition of `TopicSubscription`. */
export const topicSubscription: ResourceDefinition<typeof fields, Record<never, never>, ZStackConnection> = {
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
    lookup: subscribersByPair,
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
