import { ALERT_KINDS, allAlerts, fullType } from "../alert-types";
import type { Context } from "../context";
import { INT32_MAX, type AlertRule, type Language, type Robot } from "../entities";
import type { Parameters } from "../parameters";

/** Limits of a name, in UTF-16 units (section 4.1; what the vendor calls a character is UNVERIFIED). */
const MIN_NAME_CHARS = 2;
const MAX_NAME_CHARS = 64;
const LANGUAGES: readonly Language[] = ["zh", "en"];

/** What a CreateOrUpdateDingTalk call wants; `undefined` where it says nothing. */
export interface WantedSettings {
  readonly actionName: string;
  readonly url: string;
  readonly intervalTime: number | undefined;
  readonly configList: readonly AlertRule[] | undefined;
  readonly groupIdList: readonly string[] | undefined;
  readonly dingTalkLang: Language | undefined;
}

/** The fields of a robot that a call sets. */
type Settings = Pick<
  Robot,
  "actionName" | "url" | "intervalTime" | "configList" | "groupIdList" | "dingTalkLang"
>;

/** Reads and checks the settings of a call (sections 4.1, 14.5). */
export function readSettings(parameters: Parameters, context: Context): WantedSettings {
  const actionName = parameters.requiredText("RuleActionName");
  const url = parameters.requiredText("SendUrl");
  const length = context.switches.nameCharacters === "utf16" ? actionName.length : [...actionName].length;
  if (length < MIN_NAME_CHARS || length > MAX_NAME_CHARS) {
    const limits = `${String(MIN_NAME_CHARS)} to ${String(MAX_NAME_CHARS)}`;
    parameters.refuse("RuleActionName", `must have ${limits} characters`);
  }
  const configList = parameters.json(
    "ConfigList",
    isConfigList,
    "a JSON array of {type, configItemList: [{key, valueList: [texts]}]}",
  );
  const groupIdList = parameters.json("GroupIdList", isIdList, "a JSON array of ids as texts");
  if (!areKnownTypes(configList, context)) {
    parameters.refuse("ConfigList", "has an unknown type");
  }
  if (!areKnownGroups(groupIdList, context)) {
    parameters.refuse("GroupIdList", "has an unknown id");
  }
  return {
    actionName,
    url,
    intervalTime: parameters.integer("IntervalTime", 0, INT32_MAX),
    configList,
    groupIdList,
    dingTalkLang: parameters.oneOf("DingTalkLang", LANGUAGES),
  };
}

/** What is stored for a new robot, or for one that is overwritten. */
export function settle(wanted: WantedSettings, old: Robot | undefined, context: Context): Settings {
  const { switches, store } = context;
  const kept = switches.updateMerges ? old : undefined;
  const all = {
    configList: (): readonly AlertRule[] => allAlerts(switches.typePrefix),
    groupIdList: (): readonly string[] => store.assetGroups.rows().map(({ groupId }) => String(groupId)),
  };
  const list = <T>(
    given: readonly T[] | undefined,
    before: readonly T[] | undefined,
    every: () => readonly T[],
  ) => {
    if (given?.length !== 0 || switches.clearing === "honoured") {
      return given;
    }
    return switches.clearing === "all" ? every() : (before ?? []);
  };
  const noGroups = switches.omittedGroupIdList === "all" ? all.groupIdList() : undefined;
  return {
    actionName: wanted.actionName,
    url: wanted.url,
    intervalTime: wanted.intervalTime ?? kept?.intervalTime ?? 0,
    configList: list(wanted.configList, old?.configList, all.configList) ?? kept?.configList,
    groupIdList: list(wanted.groupIdList, old?.groupIdList, all.groupIdList) ?? kept?.groupIdList ?? noGroups,
    dingTalkLang: wanted.dingTalkLang ?? kept?.dingTalkLang ?? switches.defaultLanguage,
  };
}

function areKnownTypes(rules: readonly AlertRule[] | undefined, { switches }: Context): boolean {
  if (rules === undefined || switches.unknownAlertTypes === "accepted") {
    return true;
  }
  const known = new Set(ALERT_KINDS.map(({ kind }) => fullType(kind, switches.typePrefix)));
  return rules.every(({ type }) => known.has(type));
}

function areKnownGroups(ids: readonly string[] | undefined, { switches, store }: Context): boolean {
  if (ids === undefined || switches.unknownGroupIds === "accepted") {
    return true;
  }
  return ids.every((id) => store.assetGroups.row(id) !== undefined);
}

function isConfigList(value: unknown): value is readonly AlertRule[] {
  return isListOf(
    value,
    (rule) =>
      isObject(rule) &&
      typeof rule.type === "string" &&
      isListOf(
        rule.configItemList,
        (item) => isObject(item) && typeof item.key === "string" && isListOf(item.valueList, isText),
      ),
  );
}

function isIdList(value: unknown): value is readonly string[] {
  return isListOf(value, (id) => isText(id) && /^\d+$/.test(id));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}
