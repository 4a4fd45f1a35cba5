import type { AlertRule } from "./entities";

/** One key of an alert type, with the values the vendor lists (section 5). */
export interface AlertKey {
  readonly key: string;
  readonly values: readonly string[];
}

/** One kind of alert; the full type string is a site's prefix and this kind. */
export interface AlertKind {
  /** After `sas-event-`. */
  readonly kind: string;
  readonly keys: readonly AlertKey[];
}

/** English and Chinese literals of the event types (section 5). */
const EVENT_TYPES: readonly (readonly [en: string, zh: string])[] = [
  ["Suspicious process", "进程异常行为"],
  ["Webshell", "网站后门"],
  ["Unusual logon", "异常登录"],
  ["Exception", "异常事件"],
  ["Sensitive file tampering", "敏感文件篡改"],
  ["Malicious process (cloud threat detection)", "恶意进程（云查杀）"],
  ["Unusual network connection", "异常网络连接"],
  ["Others", "其他"],
  ["Abnormal account", "异常账号"],
  ["Application intrusion event", "应用入侵事件"],
  ["Cloud threat detection", "云产品威胁检测"],
  ["Precision defense", "精准防御"],
  ["Application whitelist", "应用白名单"],
  ["Persistent webshell", "持久化后门"],
];

/** The key whose values are translated. */
export const EVENT_TYPE_KEY = "event_type";

const ALL = "all";
const LEVELS: readonly AlertKey[] = [{ key: "item_level", values: [ALL, "high", "medium", "low"] }];

/** The kinds of alerts (section 5), event types in English. */
export const ALERT_KINDS: readonly AlertKind[] = [
  {
    kind: "vul",
    keys: [
      { key: "type", values: [ALL, "cms", "oval", "sys", "emg"] },
      { key: "necessity", values: [ALL, "asap", "later", "nntf"] },
    ],
  },
  { kind: "hc", keys: LEVELS },
  {
    kind: "suspicious",
    keys: [
      { key: "item_level", values: [ALL, "serious", "suspicious", "remind"] },
      { key: EVENT_TYPE_KEY, values: [ALL, ...EVENT_TYPES.map(([en]) => en)] },
    ],
  },
  { kind: "ak-leakage", keys: [{ key: "type", values: [ALL] }] },
  { kind: "honeypot", keys: LEVELS },
  { kind: "rasp", keys: LEVELS },
];

/** The three forms of the part before `sas-event-` that were seen (section 5). */
const PREFIXES = {
  online: "sas_analysis_online-sas-operation-log-",
  pre: "sas_analysis_pre-sas-operation-log-",
  onlineSh: "sas_analysis_online-sas-operation-log-sh-",
} as const;

/** A form of the part before `sas-event-`. */
export type TypePrefix = keyof typeof PREFIXES;

const EVENT_TAIL = /sas-event-[^]+/;

/** The full type string of a kind at a site. */
export function fullType(kind: string, prefix: TypePrefix): string {
  return `${PREFIXES[prefix]}sas-event-${kind}`;
}

/** A type with the prefix of a site, whatever it had; one without the tail `sas-event-…` stays. */
export function withPrefix(type: string, prefix: TypePrefix): string {
  const tail = EVENT_TAIL.exec(type)?.[0];
  return tail === undefined ? type : `${PREFIXES[prefix]}${tail}`;
}

/** An event type in one language; a text that is not known stays. */
export function translateEventType(value: string, language: "zh" | "en"): string {
  const pair = EVENT_TYPES.find((both) => both.includes(value));
  return pair?.[language === "en" ? 0 : 1] ?? value;
}

/** Every alert with every value: what an empty list means when it means all. */
export function allAlerts(prefix: TypePrefix): AlertRule[] {
  return ALERT_KINDS.map(({ kind, keys }) => ({
    type: fullType(kind, prefix),
    configItemList: keys.map(({ key }) => ({ key, valueList: [ALL] })),
  }));
}
