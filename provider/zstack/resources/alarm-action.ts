import { defineFields, type InputsOf } from "../../core/fields/fields";
import type { ResourceDefinition } from "../../core/lifecycle/definition";
import { addActionToAlarm, alarmLookups, removeActionFromAlarm } from "../api";
import type { ZStackConnection } from "../connection";
import { linkLifecycle } from "../lifecycle/link";
import { topicAction } from "../lifecycle/topic-action";
import { existingUuid } from "../fields/uuids";

const fields = defineFields({
  /** The uuid of an existing alarm. */
  alarmUuid: { type: existingUuid(), required: true, change: "replace" },
  /** The uuid of the topic it sends to: a Topic's `uuid`. */
  topicUuid: { type: existingUuid(), required: true, change: "replace" },
});

type Inputs = InputsOf<typeof fields>;

const NOUN = "alarm action";

/** The definition of `AlarmAction`. */
export const alarmAction: ResourceDefinition<typeof fields, Record<never, never>, ZStackConnection> = {
  token: "zstack:AlarmAction",
  noun: NOUN,
  fields,
  outputs: {},
  refusedArguments: {
    actionUuid: "is called topicUuid here.",
    actionType: "is not offered: a topic is the only kind of action there is. Remove it.",
  },
  ...linkLifecycle<Inputs>({
    noun: NOUN,
    sides: ["alarmUuid", "topicUuid"],
    destroying: "detaches the topic",
    ...topicAction("alarm", alarmLookups),
    attach: (ctx, [alarmUuid, topicUuid]) =>
      addActionToAlarm(ctx.connection.client, alarmUuid, topicUuid, ctx),
    detach: (ctx, [alarmUuid, topicUuid]) =>
      removeActionFromAlarm(ctx.connection.client, alarmUuid, topicUuid, ctx),
  }),
};
