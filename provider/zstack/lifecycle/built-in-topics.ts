/** Topics that every ZStack has, and that nobody can delete (fact sheet 6.1). */

/** The topic of the stock alarms (`system-alarm`). Subscribe an endpoint to it to be told of them. */
export const SYSTEM_ALARM_TOPIC_UUID = "e7d6f5e23bb74e99a2777126078b551c";

/** The topic of finished API calls (`api`). Takes HTTP endpoints only: a DingTalk endpoint cannot be subscribed to it. */
export const API_TOPIC_UUID = "7bfa0eb8555b3528ace936edfd1d74f1";

const BUILT_IN: readonly string[] = [SYSTEM_ALARM_TOPIC_UUID, API_TOPIC_UUID];

/** Whether a topic is ZStack's own. */
export function isBuiltInTopic(uuid: unknown): boolean {
  return typeof uuid === "string" && BUILT_IN.includes(uuid);
}
