import { alarmAction } from "./resources/alarm-action";
import { dingTalkEndpoint } from "./resources/dingtalk-endpoint";
import { eventSubscriptionAction } from "./resources/event-subscription-action";
import { topic } from "./resources/topic";
import { topicSubscription } from "./resources/topic-subscription";

/** The kinds of resource of this cloud, by the name of their class. */
export const definitions = {
  AlarmAction: alarmAction,
  DingTalkEndpoint: dingTalkEndpoint,
  EventSubscriptionAction: eventSubscriptionAction,
  Topic: topic,
  TopicSubscription: topicSubscription,
};
