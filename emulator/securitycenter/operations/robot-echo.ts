import { EVENT_TYPE_KEY, translateEventType, withPrefix } from "../alert-types";
import type { AlertRule, Robot } from "../entities";
import type { SecurityCenterSwitches } from "../switches";

/** Characters of a token that a masked Url still shows. */
const SHOWN_TOKEN_CHARS = 4;
const MASK = "****";
const SECONDS_PER_MINUTE = 60;

/** A robot as DescribeDingTalk shows it (section 4.2). */
export function robotEcho(robot: Robot, switches: SecurityCenterSwitches): object {
  return {
    Id: robot.id,
    ActionName: switches.nameTrailingNewline ? `${robot.actionName}\n` : robot.actionName,
    Url: urlEcho(robot.url, switches.maskUrl),
    ConfigList: configListEcho(robot.configList ?? [], switches),
    GroupIdList: groupIdListEcho(robot.groupIdList ?? [], switches),
    IntervalTime: intervalEcho(robot.intervalTime, switches.intervalTimeEcho),
    DingTalkLang: robot.dingTalkLang,
    Status: robot.status,
    AliUid: robot.aliUid,
    GmtCreate: robot.gmtCreate,
    GmtModified: robot.gmtModified,
  };
}

function urlEcho(url: string, mask: SecurityCenterSwitches["maskUrl"]): string {
  switch (mask) {
    case "none":
      return url;
    case "cut":
      return url.split("?")[0] ?? url;
    case "masked":
      return url.replace(/(access_token=)([^&#]*)/, (_all, name: string, token: string) =>
        token.length > 2 * SHOWN_TOKEN_CHARS
          ? `${name}${token.slice(0, SHOWN_TOKEN_CHARS)}${MASK}`
          : `${name}${MASK}`,
      );
  }
}

function configListEcho(
  rules: readonly AlertRule[],
  switches: SecurityCenterSwitches,
): string | null | undefined {
  if (rules.length === 0) {
    return emptyEcho(switches);
  }
  const isScalar = switches.configListEncoding === "scalarValues";
  const shown = ordered(rules, switches).map((rule) => ({
    type: switches.typePrefixEcho === "site" ? withPrefix(rule.type, switches.typePrefix) : rule.type,
    configItemList: ordered(rule.configItemList, switches).map(({ key, valueList }) => {
      const values = ordered(valueList, switches).map((value) => valueEcho(key, value, switches));
      return { key, valueList: isScalar && values.length === 1 ? values[0] : values };
    }),
  }));
  const text = JSON.stringify(shown);
  // One more level: what stands between the quotes of the text as a JSON string.
  return switches.configListEncoding === "escaped" ? JSON.stringify(text).slice(1, -1) : text;
}

function valueEcho(key: string, value: string, { eventTypeEcho }: SecurityCenterSwitches): string {
  return key !== EVENT_TYPE_KEY || eventTypeEcho === "same"
    ? value
    : translateEventType(value, eventTypeEcho);
}

function groupIdListEcho(
  ids: readonly string[],
  switches: SecurityCenterSwitches,
): string | null | undefined {
  const encoding = switches.groupIdListEncoding;
  if (encoding === "null") {
    return null;
  }
  if (ids.length === 0) {
    return emptyEcho(switches);
  }
  const shown = ordered(ids, switches);
  switch (encoding) {
    case "json":
      return JSON.stringify(shown);
    case "jsonNumbers":
      return JSON.stringify(shown.map(Number));
    case "quotedCsv":
      return `"${shown.join(",")}"`;
    case "csv":
      return shown.join(",");
  }
}

function emptyEcho({ emptyListEcho }: SecurityCenterSwitches): string | null | undefined {
  switch (emptyListEcho) {
    case "[]":
      return "[]";
    case "emptyText":
      return "";
    case "null":
      return null;
    case "absent":
      return undefined;
  }
}

function intervalEcho(interval: number, echo: SecurityCenterSwitches["intervalTimeEcho"]): number {
  switch (echo) {
    case "same":
      return interval;
    case "secondsToMinutes":
      return Math.floor(interval / SECONDS_PER_MINUTE);
    case "minutesToSeconds":
      return interval * SECONDS_PER_MINUTE;
  }
}

function ordered<T>(items: readonly T[], { listEchoOrder }: SecurityCenterSwitches): readonly T[] {
  return listEchoOrder === "reversed" ? [...items].reverse() : items;
}
