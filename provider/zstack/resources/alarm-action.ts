import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { defineFields, type InputsOf } from "../../core/fields/fields";
import type { ResourceDefinition } from "../../core/lifecycle/definition";
import { existing, isOfType, ManagedResource, typeOf, type ArgsOf } from "../../pulumi/managed-resource";
import { addActionToAlarm, alarmsByUuid, removeActionFromAlarm } from "../api";
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

const definition: ResourceDefinition<typeof fields, Record<never, never>, ZStackConnection> = {
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
    ...topicAction("alarm", alarmsByUuid),
    attach: (ctx, [alarmUuid, topicUuid]) =>
      addActionToAlarm(ctx.connection.client, alarmUuid, topicUuid, ctx),
    detach: (ctx, [alarmUuid, topicUuid]) =>
      removeActionFromAlarm(ctx.connection.client, alarmUuid, topicUuid, ctx),
  }),
};

/** The arguments of an {@link AlarmAction}. */
export type AlarmActionArgs = ArgsOf<typeof fields>;

/** The canonical, plain inputs of an {@link AlarmAction}, as state stores them. */
export type AlarmActionInputs = Inputs;

// The outputs of the class: one per field, derived, so that a field is declared once.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface AlarmAction extends Readonly<ManagedOutputs> {}

type ManagedOutputs = { [K in keyof Inputs]-?: Output<Inputs[K]> };

/**
 * That an alarm sends to a topic. The alarm itself is not managed: it stays as it is when this resource is destroyed. The id is
 * `alarmUuid/topicUuid`. One that is there already is taken over, with a warning.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class AlarmAction extends ManagedResource {
  /** @internal */
  static readonly definition = definition;

  /** @internal */
  static readonly __pulumiType = typeOf(definition.token);

  constructor(name: string, args: AlarmActionArgs, opts?: CustomResourceOptions) {
    super(definition, name, args, opts);
  }

  /**
   * Reads an existing action without managing it: it is never deleted. Fails when it does not exist.
   *
   * @param name the Pulumi name to show it under
   * @param id `alarmUuid/topicUuid`
   */
  static get(name: string, id: Input<string>, opts?: CustomResourceOptions): AlarmAction {
    return new AlarmAction(name, {} as AlarmActionArgs, existing(id, opts, definition));
  }

  /** Whether `value` is an AlarmAction, also one of another copy of this package. */
  static override isInstance(value: unknown): value is AlarmAction {
    return isOfType(value, definition.token);
  }
}
