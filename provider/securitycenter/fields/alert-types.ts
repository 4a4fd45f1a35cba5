/**
 * The alert types that a robot can be told to forward, with their conditions, as the vendor's reference lists them (sheet 5). Offered
 * for editors and for warnings; the service decides, and other strings pass.
 */

/** The kinds of alerts, as short names. */
export const AlertType = {
  /** Vulnerabilities. */
  VULNERABILITY: "vul",
  /** Baseline risks. */
  BASELINE: "hc",
  /** Alerts of suspicious behaviour. */
  SUSPICIOUS: "suspicious",
  /** AccessKey pair leaks. */
  AK_LEAKAGE: "ak-leakage",
  /** Alerts of cloud honeypots. */
  HONEYPOT: "honeypot",
  /** Alerts of application protection. */
  RASP: "rasp",
} as const;

/** A short name of a kind of alerts. */
export type AlertKind = (typeof AlertType)[keyof typeof AlertType];

const LEVELS = ["all", "high", "medium", "low"];

/** Chinese literal of each English `event_type`. Which of the two the service stores is UNVERIFIED, so they count as equal. */
const EVENT_TYPES: Readonly<Record<string, string>> = {
  "Suspicious process": "进程异常行为",
  Webshell: "网站后门",
  "Unusual logon": "异常登录",
  Exception: "异常事件",
  "Sensitive file tampering": "敏感文件篡改",
  "Malicious process (cloud threat detection)": "恶意进程（云查杀）",
  "Unusual network connection": "异常网络连接",
  Others: "其他",
  "Abnormal account": "异常账号",
  "Application intrusion event": "应用入侵事件",
  "Cloud threat detection": "云产品威胁检测",
  "Precision defense": "精准防御",
  "Application whitelist": "应用白名单",
  "Persistent webshell": "持久化后门",
};
/** Seen in sibling operations of the vendor, in Chinese only. */
const NEWER_EVENT_TYPES = [
  "Web应用威胁检测",
  "恶意脚本",
  "威胁情报",
  "恶意网络行为",
  "容器集群异常",
  "网站后门（本地查杀）",
  "漏洞利用",
  "恶意进程（本地查杀）",
  "可信异常",
];

/** The conditions of each kind: key → values. */
export const KNOWN_CONDITIONS: Readonly<Record<AlertKind, Readonly<Record<string, readonly string[]>>>> = {
  vul: { type: ["all", "cms", "oval", "sys", "emg"], necessity: ["all", "asap", "later", "nntf"] },
  hc: { item_level: LEVELS },
  suspicious: {
    item_level: ["all", "serious", "suspicious", "remind"],
    event_type: ["all", ...Object.keys(EVENT_TYPES), ...Object.values(EVENT_TYPES), ...NEWER_EVENT_TYPES],
  },
  "ak-leakage": { type: ["all"] },
  honeypot: { item_level: LEVELS },
  rasp: { item_level: LEVELS },
};

/** All short names. */
export const ALERT_KINDS = Object.keys(KNOWN_CONDITIONS) as AlertKind[];

/** What the service's type strings begin with where it does not say otherwise; seen to differ by site (sheet 5). */
export const DEFAULT_TYPE_PREFIX = "sas_analysis_online-sas-operation-log-";
const TAIL = /sas-event-([a-z0-9-]+)$/;

/** The service's string for a kind. */
export function fullType(kind: string, prefix = DEFAULT_TYPE_PREFIX): string {
  return `${prefix}sas-event-${kind}`;
}

/** The kind in one of the service's type strings; the string itself where it holds none. */
export function kindOfType(type: string): string {
  return TAIL.exec(type)?.[1] ?? type;
}

/** Whether a type is one of the short names rather than one of the service's strings. */
export function isAlertKind(type: string): type is AlertKind {
  return Object.hasOwn(KNOWN_CONDITIONS, type);
}

/** One form for values that mean the same: the Chinese literal, with full-width parentheses. */
export function commonForm(value: string): string {
  const known = Object.hasOwn(EVENT_TYPES, value) ? EVENT_TYPES[value] : undefined;
  return (known ?? value).replace(/\(/g, "（").replace(/\)/g, "）");
}
