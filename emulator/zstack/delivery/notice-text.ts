import type { Alarm } from "../kinds/alarm";
import type { EventSubscription } from "../kinds/event-subscription";
import type { Topic } from "../kinds/topic";
import type { Context } from "../rest/context";
import { wallClock } from "../rest/dates";
import type { Notice } from "./robot-message";

/** What the message of an alarm or event says about the resource it is about. */
export interface Subject {
  readonly resourceUuid?: string;
  readonly resourceName?: string;
}

const OPERATOR_SIGNS: ReadonlyMap<string, string> = new Map(
  Object.entries({ GreaterThan: ">", GreaterThanOrEqualTo: ">=", LessThan: "<", LessThanOrEqualTo: "<=" }),
);

/**
 * The message of an alarm in the language of the topic, or of the server where the topic has none.
 * The wording is ours: on a real server it comes from templates that administrators may change (section 6.5).
 */
export function alarmNotice(
  alarm: Alarm,
  topic: Topic,
  { status, value, resourceUuid, resourceName }: Subject & { status: string; value?: number },
  context: Context,
): Notice {
  const chinese = isChinese(topic, context);
  const operator = OPERATOR_SIGNS.get(alarm.comparisonOperator) ?? alarm.comparisonOperator;
  const condition = `${alarm.metricName} ${operator} ${String(alarm.threshold)}`;
  return {
    title: chinese ? `报警器 ${alarm.name} 状态: ${status}` : `Alarm ${alarm.name}: ${status}`,
    text: lines(chinese, [
      ["Alarm", "报警器", alarm.uuid],
      ["Resource type", "资源类型", alarm.namespace],
      ["Condition", "触发条件", condition],
      ["Current value", "当前值", value === undefined ? undefined : String(value)],
      ["Resource", "资源", resourceName ?? resourceUuid],
      ["Emergency level", "报警级别", alarm.emergencyLevel],
      ["Time", "时间", timeText(context)],
    ]),
  };
}

/** The message of an event; the wording is ours. */
export function eventNotice(
  subscription: EventSubscription,
  topic: Topic,
  { error, resourceUuid, resourceName }: Subject & { error?: string },
  context: Context,
): Notice {
  const chinese = isChinese(topic, context);
  return {
    title: chinese ? `事件 ${subscription.eventName}` : `Event ${subscription.eventName}`,
    text: lines(chinese, [
      ["Event", "事件", subscription.eventName],
      ["Resource type", "资源类型", subscription.namespace],
      ["Resource", "资源", resourceName ?? resourceUuid],
      ["Emergency level", "报警级别", subscription.emergencyLevel],
      ["Subscription", "事件订阅", subscription.uuid],
      ["Error", "错误", error],
      ["Time", "时间", timeText(context)],
    ]),
  };
}

function isChinese({ locale }: Topic, { switches }: Context): boolean {
  return (locale ?? switches.locale) === "zh_CN";
}

function lines(chinese: boolean, rows: readonly [string, string, string | undefined][]): string {
  return rows
    .flatMap(([en, zh, value]) => (value === undefined ? [] : [`- ${chinese ? zh : en}: ${value}`]))
    .join("\n");
}

/** Month, day, hour and minute on the wall of the management node. */
function timeText({ clock, switches }: Context): string {
  const { month, day, hour, minute } = wallClock(clock.now(), switches.timezone);
  const pad = (n: number): string => String(n).padStart(2, "0");
  return `${pad(month)}-${pad(day)} ${pad(hour)}:${pad(minute)}`;
}
