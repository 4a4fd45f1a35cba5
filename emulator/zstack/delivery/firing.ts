import { InputError } from "../../frame/value";
import { alarmActions, alarms } from "../kinds/alarm";
import { dingTalkEndpoint } from "../kinds/dingtalk-endpoint";
import { endpoints, type EndpointBase } from "../kinds/endpoint-form";
import { eventSubscriptionActions, eventSubscriptions } from "../kinds/event-subscription";
import { subscriptions } from "../kinds/subscription";
import { topics, type Topic } from "../kinds/topic";
import type { Context } from "../rest/context";
import { alarmNotice, eventNotice, type Subject } from "./notice-text";
import { deliver, endpointTarget, noticeMessage, type Notice } from "./robot-message";

/** What an alarm can change to. */
export const ALARM_STATUSES = ["Alarm", "OK", "InsufficientData"] as const;
type AlarmStatus = (typeof ALARM_STATUSES)[number];

/** How an alarm fires. */
export interface AlarmFiring extends Subject {
  /** What the alarm changes to: `Alarm` by default; `OK` is the recovery. */
  readonly status?: AlarmStatus;
  /** The value that was measured. */
  readonly value?: number;
}

/** How an event happens. */
export interface EventFiring extends Subject {
  readonly error?: string;
}

/** What became of a message for one endpoint that a topic has. */
export interface Delivery {
  readonly topicUuid: string;
  readonly endpointUuid: string;
  readonly endpointName: string;
  /**
   * `delivered`: it is in the group. `refused`: the robot said no, see `errcode`. `failed`: nobody answers, or not with
   * success. `skipped`: it was not sent, see `reason`.
   */
  readonly outcome: "delivered" | "refused" | "failed" | "skipped";
  readonly reason?: string;
  /** What the robot answered; 0 is success. */
  readonly errcode?: number;
  readonly errmsg?: string;
}

/** What became of an alarm or event that was fired. */
export interface FiringReport {
  /** One for each endpoint of each topic; the same endpoint stands here as often as it has topics. */
  readonly deliveries: readonly Delivery[];
  /** Why nothing was published at all; absent when something was. */
  readonly silent?: string;
}

/** Fires an alarm. Throws when there is none with this uuid. */
export async function fireAlarm(uuid: string, firing: AlarmFiring, context: Context): Promise<FiringReport> {
  const { store } = context;
  const alarm = store.of(alarms).row(uuid) ?? noSuch("alarm", uuid);
  const status = firing.status ?? "Alarm";
  const recoversFromNothing = alarm.status === "InsufficientData" && status === "OK";
  if (alarm.state === "Disabled") {
    return { deliveries: [], silent: "the alarm is disabled" };
  }
  alarm.status = status;
  store.touch(alarm);
  if (recoversFromNothing) {
    return { deliveries: [], silent: "an alarm that was never evaluated does not recover" };
  }
  return publish(alarmActions.of(uuid, store), context, (topic) =>
    alarmNotice(alarm, topic, { ...firing, status }, context),
  );
}

/** Fires an event for a subscription to it. Throws when there is none with this uuid. */
export async function fireEvent(uuid: string, firing: EventFiring, context: Context): Promise<FiringReport> {
  const { store } = context;
  const subscription = store.of(eventSubscriptions).row(uuid) ?? noSuch("event subscription", uuid);
  if (subscription.state === "Disabled") {
    return { deliveries: [], silent: "the event subscription is disabled" };
  }
  return publish(eventSubscriptionActions.of(uuid, store), context, (topic) =>
    eventNotice(subscription, topic, firing, context),
  );
}

/** Topic by topic, endpoint by endpoint: disabled ones are passed over (sections 5.5, 5.9, 6.1). */
async function publish(
  actions: readonly { readonly actionUuid: string }[],
  context: Context,
  noticeFor: (topic: Topic) => Notice,
): Promise<FiringReport> {
  const { store } = context;
  if (actions.length === 0) {
    return { deliveries: [], silent: "it has no actions" };
  }
  const deliveries: Delivery[] = [];
  for (const { actionUuid } of actions) {
    const topic = store.of(topics).row(actionUuid);
    if (topic === undefined) {
      continue;
    }
    const links = store
      .of(subscriptions)
      .rows()
      .filter((link) => link.topicUuid === topic.uuid);
    for (const link of links) {
      const endpoint = store.of(endpoints).row(link.endpointUuid);
      if (endpoint === undefined) {
        continue;
      }
      const outcome =
        topic.state === "Disabled"
          ? skipped("the topic is disabled")
          : await deliverTo(endpoint, noticeFor(topic), context);
      deliveries.push({
        topicUuid: topic.uuid,
        endpointUuid: endpoint.uuid,
        endpointName: endpoint.name,
        ...outcome,
      });
    }
  }
  return deliveries.length > 0 ? { deliveries } : { deliveries, silent: "no endpoint is subscribed" };
}

type Outcome = Pick<Delivery, "outcome" | "reason" | "errcode" | "errmsg">;

async function deliverTo(endpoint: EndpointBase, notice: Notice, context: Context): Promise<Outcome> {
  if (endpoint.state === "Disabled") {
    return skipped("the endpoint is disabled");
  }
  if (!dingTalkEndpoint.form.is(endpoint)) {
    return skipped(`endpoints of type ${endpoint.type} get nothing here`);
  }
  const target = endpointTarget(endpoint, context.store);
  if (context.outbound.resolve(target.url) === undefined) {
    return skipped("its address is not on this machine");
  }
  const answer = await deliver(target, noticeMessage(target, notice), context);
  if (answer === undefined) {
    return { outcome: "failed", reason: "nobody answers, or not with success" };
  }
  const { errcode, errmsg } = (answer.body ?? {}) as { errcode?: unknown; errmsg?: unknown };
  // The server looks at the status only: a refused message is lost without a trace.
  return {
    outcome: errcode === 0 ? "delivered" : "refused",
    ...(typeof errcode === "number" ? { errcode } : {}),
    ...(typeof errmsg === "string" ? { errmsg } : {}),
  };
}

function skipped(reason: string): Outcome {
  return { outcome: "skipped", reason };
}

function noSuch(kind: string, uuid: string): never {
  throw new InputError(`There is no ${kind} with the uuid ${uuid}.`);
}
