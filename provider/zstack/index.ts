/** ZStack's notification service (SNS): the resources of this cloud, one line each. */
export { AlarmAction, type AlarmActionArgs, type AlarmActionInputs } from "./resources/alarm-action";
export { API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID } from "./lifecycle/built-in-topics";
export {
  DingTalkEndpoint,
  type DingTalkEndpointArgs,
  type DingTalkEndpointInputs,
  type DingTalkEndpointState,
} from "./resources/dingtalk-endpoint";
export {
  EventSubscriptionAction,
  type EventSubscriptionActionArgs,
  type EventSubscriptionActionInputs,
} from "./resources/event-subscription-action";
export { NotificationChannel, type NotificationChannelArgs } from "./resources/notification-channel";
export { Topic, type TopicArgs, type TopicInputs, type TopicState } from "./resources/topic";
export {
  TopicSubscription,
  type TopicSubscriptionArgs,
  type TopicSubscriptionInputs,
} from "./resources/topic-subscription";
