import * as pulumi from "@pulumi/pulumi";
import { oddnessOf } from "../core/fields/odd-value";
import { didYouMean } from "../core/suggest";
import {
  AlarmAction,
  DingTalkEndpoint,
  EventSubscriptionAction,
  Topic,
  TopicSubscription,
  type DingTalkEndpointArgs,
  type TopicArgs,
} from "./zstack-resources";

/** The arguments of a {@link NotificationChannel}. */
export interface NotificationChannelArgs<Name extends string = string> {
  /**
   * The topic: arguments for one to make, or an existing one as a resource or by its uuid, such as `SYSTEM_ALARM_TOPIC_UUID`. A topic with
   * default arguments is made when left out.
   */
  readonly topic?: TopicArgs | Topic | pulumi.Input<string> | undefined;
  /**
   * Who is told: a name of your choosing to arguments for an endpoint to make, or to an existing one as a resource or by its uuid. The name
   * is part of the Pulumi names of what is made, so changing it makes things anew.
   */
  readonly endpoints: Readonly<Record<Name, DingTalkEndpointArgs | DingTalkEndpoint | pulumi.Input<string>>>;
  /** What tells them: a name of your choosing to the uuid of an existing alarm. The alarms themselves are not managed. */
  readonly alarms?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  /** A name of your choosing to the uuid of an existing event subscription. These are not managed either. */
  readonly eventSubscriptions?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
}

/**
 * The arguments of a channel that makes whatever it uses, or names it by uuid. Stands before the general form, so that editors offer in a
 * channel what they offer outside, and compile errors name the arguments they are about.
 */
interface PlainChannelArgs<Name extends string> extends Omit<
  NotificationChannelArgs<Name>,
  "topic" | "endpoints"
> {
  readonly topic?: TopicArgs | string | undefined;
  readonly endpoints: Readonly<Record<Name, DingTalkEndpointArgs | string>>;
}

const TYPE = "pulumi-dingtalk:zstack:NotificationChannel";

/**
 * The whole way from an alarm to a DingTalk group: one topic, the endpoints subscribed to it, and the alarms and event subscriptions that
 * send to it. A component: it makes the other resources of this package, as its children, and nothing else.
 *
 * A channel `ops` with an endpoint `oncall` and an alarm `cpu` has the children `ops` (topic), `ops-oncall` (endpoint), `ops-to-oncall`
 * (subscription) and `cpu-to-ops` (alarm action). What is given as existing is used, and does not become a child.
 */
export class NotificationChannel<Name extends string = string> extends pulumi.ComponentResource {
  /** @internal */
  static readonly __pulumiType = TYPE;

  /** The uuid of the topic. */
  readonly topicUuid: pulumi.Output<string>;
  /** The uuid of each endpoint, by the name it was given here. */
  readonly endpointUuids: pulumi.Output<Record<Name, string>>;
  /** The topic, where this channel made it or was given it as a resource. */
  readonly topic: Topic | undefined;
  /** The endpoints, by the name they were given here; those given by uuid are not among them. */
  readonly endpoints: Readonly<Partial<Record<Name, DingTalkEndpoint>>>;

  constructor(name: string, args: PlainChannelArgs<Name>, opts?: pulumi.ComponentResourceOptions);
  constructor(name: string, args: NotificationChannelArgs<Name>, opts?: pulumi.ComponentResourceOptions);
  constructor(name: string, args: NotificationChannelArgs<Name>, opts?: pulumi.ComponentResourceOptions) {
    requireMaps(name, args);
    super(TYPE, name, {}, opts);
    const child = { parent: this };

    const topic = useOrMake<Topic, TopicArgs>(
      Topic,
      args.topic ?? {},
      `${name}: topic`,
      (made) => new Topic(name, made, child),
    );
    const given: NotificationChannelArgs["endpoints"] = args.endpoints;
    const endpoints = Object.entries(given).map(([key, endpoint]) => {
      const make = (made: DingTalkEndpointArgs) => new DingTalkEndpoint(`${name}-${key}`, made, child);
      const where = `${name}: endpoints.${key}`;
      return [
        key,
        useOrMake<DingTalkEndpoint, DingTalkEndpointArgs>(DingTalkEndpoint, endpoint, where, make),
      ] as const;
    });
    if (endpoints.length === 0) {
      void pulumi.log.warn(`The channel ${name} has no endpoints: it tells nobody.`, this);
    }
    for (const [key, endpoint] of endpoints) {
      const sides = { topicUuid: topic.uuid, endpointUuid: endpoint.uuid };
      new TopicSubscription(`${name}-to-${key}`, sides, child);
    }
    for (const [key, alarmUuid] of Object.entries(args.alarms ?? {})) {
      new AlarmAction(`${key}-to-${name}`, { alarmUuid, topicUuid: topic.uuid }, child);
    }
    for (const [key, subscriptionUuid] of Object.entries(args.eventSubscriptions ?? {})) {
      new EventSubscriptionAction(`${key}-to-${name}`, { subscriptionUuid, topicUuid: topic.uuid }, child);
    }

    this.topic = topic.resource;
    this.topicUuid = pulumi.output(topic.uuid);
    this.endpoints = Object.fromEntries(
      endpoints.flatMap(([key, { resource }]) => (resource === undefined ? [] : [[key, resource]])),
    ) as Partial<Record<Name, DingTalkEndpoint>>;
    const uuids = pulumi.output(Object.fromEntries(endpoints.map(([key, endpoint]) => [key, endpoint.uuid])));
    this.endpointUuids = uuids as pulumi.Output<Record<Name, string>>;
    this.registerOutputs({ topicUuid: this.topicUuid, endpointUuids: this.endpointUuids });
  }

  /** Whether `value` is a NotificationChannel, also one of another copy of this package. */
  static override isInstance(value: unknown): value is NotificationChannel {
    return (value as { __pulumiType?: unknown } | null | undefined)?.__pulumiType === TYPE;
  }
}

const ARGUMENTS: readonly string[] = ["topic", "endpoints", "alarms", "eventSubscriptions"];

/** What is made depends on the names in these maps, so they must be there when the program runs. Types tell this to TypeScript only. */
function requireMaps(name: string, args: object | undefined): void {
  const given: Readonly<Record<string, unknown>> = { ...args };
  for (const other of Object.keys(given).filter((one) => !ARGUMENTS.includes(one))) {
    throw new pulumi.RunError(
      `${name}: ${other} is not an argument of a channel.${didYouMean(other, ARGUMENTS)}`,
    );
  }
  for (const member of ["endpoints", "alarms", "eventSubscriptions"]) {
    const value = given[member] ?? (member === "endpoints" ? undefined : {});
    const isLate = value instanceof Promise || pulumi.Output.isInstance(value);
    const odd = isLate ? undefined : oddnessOf(value);
    if (odd !== undefined) {
      throw new pulumi.RunError(`${name}: ${member} cannot be ${odd.kind}. ${odd.remedy}`.trimEnd());
    }
    if (typeof value !== "object" || Array.isArray(value) || isLate) {
      throw new pulumi.RunError(
        `${name}: ${member} must be a map of names of your choosing. Only its values may come later.`,
      );
    }
  }
}

/** Something this channel uses: where it is known as a resource, and its uuid in any case. */
interface Used<Resource> {
  readonly resource: Resource | undefined;
  readonly uuid: pulumi.Input<string>;
}

/** What a program gave for one object: the object itself, its uuid, or arguments for a new one. */
function useOrMake<Resource extends { readonly uuid: pulumi.Output<string> }, Args extends object>(
  kind: { isInstance(value: unknown): value is Resource },
  given: Resource | pulumi.Input<string> | Args,
  where: string,
  make: (args: Args) => Resource,
): Used<Resource> {
  if (typeof given === "string" || given instanceof Promise || pulumi.Output.isInstance(given)) {
    return { resource: undefined, uuid: given };
  }
  // The types tell this to TypeScript only.
  if ((given as unknown) === undefined || (given as unknown) === null) {
    throw new pulumi.RunError(`${where} is missing: give arguments, a resource or a uuid.`);
  }
  if (!kind.isInstance(given) && pulumi.Resource.isInstance(given)) {
    throw new pulumi.RunError(`${where} is a resource of another kind.`);
  }
  const resource = kind.isInstance(given) ? given : make(given);
  return { resource, uuid: resource.uuid };
}
