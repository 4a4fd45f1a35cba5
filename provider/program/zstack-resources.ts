/** ZStack's notification service (SNS), as programs use it. */
import { definitions } from "../zstack/definitions";
import type { InputsIn, OptionalArgsOf, RequiredArgsOf, StateIn } from "../pulumi/program/argument-types";
import { resourceClass } from "../pulumi/program/resource-class";

export { API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID } from "../zstack/lifecycle/built-in-topics";

/** The arguments of a {@link DingTalkEndpoint}. */
export interface DingTalkEndpointArgs
  extends
    RequiredArgsOf<typeof definitions.DingTalkEndpoint>,
    OptionalArgsOf<typeof definitions.DingTalkEndpoint> {}

/** The canonical, plain inputs of a {@link DingTalkEndpoint}, as state stores them. */
export type DingTalkEndpointInputs = InputsIn<typeof definitions.DingTalkEndpoint>;

/** What state holds of a {@link DingTalkEndpoint}. */
export type DingTalkEndpointState = StateIn<typeof definitions.DingTalkEndpoint>;

/**
 * A DingTalk robot that ZStack's notification service (SNS) can deliver to. Needs ZStack 5.0.0 or later.
 *
 * The endpoint alone delivers nothing: a topic must be subscribed to it, and an alarm or event must use that topic.
 */
export class DingTalkEndpoint extends resourceClass<
  DingTalkEndpointArgs,
  DingTalkEndpointState,
  DingTalkEndpoint
>(definitions.DingTalkEndpoint) {}

/** The arguments of a {@link Topic}. */
export interface TopicArgs
  extends RequiredArgsOf<typeof definitions.Topic>, OptionalArgsOf<typeof definitions.Topic> {}

/** The canonical, plain inputs of a {@link Topic}, as state stores them. */
export type TopicInputs = InputsIn<typeof definitions.Topic>;

/** What state holds of a {@link Topic}. */
export type TopicState = StateIn<typeof definitions.Topic>;

/**
 * A topic of ZStack's notification service (SNS): what alarms and events send to, and what endpoints are subscribed to.
 *
 * Deleting a topic takes it away from every alarm and event subscription that sends to it, and from every endpoint that is subscribed to
 * it; a warning names those that are left.
 */
export class Topic extends resourceClass<TopicArgs, TopicState, Topic>(definitions.Topic) {}

/** The arguments of a {@link TopicSubscription}. */
export interface TopicSubscriptionArgs
  extends
    RequiredArgsOf<typeof definitions.TopicSubscription>,
    OptionalArgsOf<typeof definitions.TopicSubscription> {}

/** The canonical, plain inputs of a {@link TopicSubscription}, as state stores them. */
export type TopicSubscriptionInputs = InputsIn<typeof definitions.TopicSubscription>;

/** What state holds of a {@link TopicSubscription}. */
export type TopicSubscriptionState = StateIn<typeof definitions.TopicSubscription>;

/** That a topic delivers to an endpoint. Its id is `topicUuid/endpointUuid`. One that is there already is taken over, with a warning. */
export class TopicSubscription extends resourceClass<
  TopicSubscriptionArgs,
  TopicSubscriptionState,
  TopicSubscription
>(definitions.TopicSubscription) {}

/** The arguments of an {@link AlarmAction}. */
export interface AlarmActionArgs
  extends RequiredArgsOf<typeof definitions.AlarmAction>, OptionalArgsOf<typeof definitions.AlarmAction> {}

/** The canonical, plain inputs of an {@link AlarmAction}, as state stores them. */
export type AlarmActionInputs = InputsIn<typeof definitions.AlarmAction>;

/** What state holds of an {@link AlarmAction}. */
export type AlarmActionState = StateIn<typeof definitions.AlarmAction>;

/**
 * That an alarm sends to a topic. The alarm itself is not managed: it stays as it is when this resource is destroyed. The id is
 * `alarmUuid/topicUuid`. One that is there already is taken over, with a warning.
 */
export class AlarmAction extends resourceClass<AlarmActionArgs, AlarmActionState, AlarmAction>(
  definitions.AlarmAction,
) {}

/** The arguments of an {@link EventSubscriptionAction}. */
export interface EventSubscriptionActionArgs
  extends
    RequiredArgsOf<typeof definitions.EventSubscriptionAction>,
    OptionalArgsOf<typeof definitions.EventSubscriptionAction> {}

/** The canonical, plain inputs of an {@link EventSubscriptionAction}, as state stores them. */
export type EventSubscriptionActionInputs = InputsIn<typeof definitions.EventSubscriptionAction>;

/** What state holds of an {@link EventSubscriptionAction}. */
export type EventSubscriptionActionState = StateIn<typeof definitions.EventSubscriptionAction>;

/**
 * That an event subscription sends to a topic. The event subscription itself is not managed: it stays as it is when this resource is destroyed. The id is
 * `subscriptionUuid/topicUuid`. One that is there already is taken over, with a warning.
 */
export class EventSubscriptionAction extends resourceClass<
  EventSubscriptionActionArgs,
  EventSubscriptionActionState,
  EventSubscriptionAction
>(definitions.EventSubscriptionAction) {}
