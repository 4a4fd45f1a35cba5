import { inOrderOf, isBlank, isSameSet, setOf, text, type FieldType } from "../../core/fields/field-types";
import { kindOf, wrongKind, type Shape } from "../../core/shape";
import { elementPath, memberPath, type Findings } from "../../core/fields/findings";
import { didYouMean } from "../../core/suggest";
import { UNKNOWN, type Unknown } from "../../core/fields/unknown";
import {
  ALERT_KINDS,
  commonForm,
  isAlertKind,
  KNOWN_CONDITIONS,
  kindOfType,
  type AlertKind,
} from "./alert-types";

/** The alerts of one type that a robot forwards, narrowed by conditions: key → accepted values. */
export interface AlertRule {
  /** A short kind, or one of the service's own strings, which is passed on verbatim. */
  type: string;
  conditions: Record<string, string[]>;
}

/** What a program may write for a rule; the short kinds are offered by editors, any other string passes. */
export interface GivenAlertRule {
  /** `"vul"`, `"hc"`, `"suspicious"`, `"ak-leakage"`, `"honeypot"`, `"rasp"`, or one of the service's own strings. */
  type: AlertKind | (string & Record<never, never>);
  /** Key to accepted values, such as `{ item_level: ["high"] }`. */
  conditions?: Record<string, string[]> | undefined;
}

const RULE_MEMBERS = ["type", "conditions"];
const values = setOf(text());
const typeName = text();

const SHAPE: Shape = {
  kind: "set",
  element: {
    kind: "object",
    members: {
      type: { shape: typeName.shape, required: true },
      conditions: { shape: { kind: "map", keys: "string", values: values.shape } },
    },
  },
};

/** The rules of a robot: one per type, in no order. */
export function alertRules(): FieldType<AlertRule[], GivenAlertRule[]> {
  return {
    shape: SHAPE,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (!Array.isArray(value)) {
        findings.refuse(path, wrongKind(SHAPE, value));
        return undefined;
      }
      const rules = value.map((rule: unknown, index) =>
        normaliseRule(rule, elementPath(path, index), findings),
      );
      reportTwins(rules, path, findings);
      return rules.includes(UNKNOWN) ? UNKNOWN : rules.filter((rule) => typeof rule === "object");
    },
    // Both ways: the service may hold several rules of one type.
    equal: (a, b) =>
      a.length === b.length &&
      a.every((rule) => b.some((other) => isSameRule(rule, other))) &&
      b.every((rule) => a.some((other) => isSameRule(rule, other))),
    inOrderOf: (live, recorded) => {
      const known = recorded.flatMap((one) => {
        // The service may hold several rules of one type.
        const found =
          live.find((rule) => isSameRule(rule, one)) ?? live.find((rule) => isSameType(rule.type, one.type));
        return found === undefined ? [] : [{ found, ordered: withValuesInOrderOf(found, one) }];
      });
      const added = live.filter((rule) => known.every(({ found }) => found !== rule));
      return [...known.map(({ ordered }) => ordered), ...sortedRules(added)];
    },
    isSameElement: (a, b) => {
      const [left, right] = [typeOf(a), typeOf(b)];
      return left !== undefined && right !== undefined && isSameType(left, right);
    },
  };
}

/**
 * Live rules in the words of known ones, wherever both mean the same, so that an echo in another language or under another prefix is no
 * difference to anybody who compares texts.
 */
export function inWordsOf(known: readonly AlertRule[] | undefined, live: readonly AlertRule[]): AlertRule[] {
  const rules = live.map((rule) => {
    const match = known?.find((one) => isSameType(one.type, rule.type));
    const kind = kindOfType(rule.type);
    // A string that somebody wrote out in full differs from another of its kind; the short name would hide that.
    const isWrittenOut = known?.some((one) => kindOfType(one.type) === kind) === true;
    return {
      type: match?.type ?? (isAlertKind(kind) && !isWrittenOut ? kind : rule.type),
      conditions: Object.fromEntries(
        Object.entries(rule.conditions).map(([key, found]) => [
          key,
          valuesInWordsOf(valuesOf(match, key), found),
        ]),
      ),
    };
  });
  return sortedRules(rules);
}

/** Whether two types mean the same. A short kind stands for any of the service's strings with its tail; two strings must be equal. */
export function isSameType(a: string, b: string): boolean {
  return a === b || (isAlertKind(a) && kindOfType(b) === a) || (isAlertKind(b) && kindOfType(a) === b);
}

/** The type of something that should be a rule. */
function typeOf(rule: unknown): string | undefined {
  const type = (rule as { type?: unknown } | null | undefined)?.type;
  return typeof type === "string" ? type.trim() : undefined;
}

function withValuesInOrderOf(live: AlertRule, recorded: AlertRule): AlertRule {
  const conditions = Object.entries(live.conditions).map(
    ([key, found]) => [key, inOrderOf(found, valuesOf(recorded, key))] as const,
  );
  return { type: live.type, conditions: Object.fromEntries(conditions) };
}

function isSameRule(a: AlertRule, b: AlertRule): boolean {
  const keys = new Set([...Object.keys(a.conditions), ...Object.keys(b.conditions)]);
  return (
    isSameType(a.type, b.type) &&
    [...keys].every((key) => isSameSet(valuesOf(a, key).map(commonForm), valuesOf(b, key).map(commonForm)))
  );
}

/** A key may be called like a member that every object has. */
function valuesOf(rule: AlertRule | undefined, key: string): readonly string[] {
  return (rule !== undefined && Object.hasOwn(rule.conditions, key) ? rule.conditions[key] : undefined) ?? [];
}

/** Live values in known words; all of them, where several known ones mean the same. */
function valuesInWordsOf(known: readonly string[], found: readonly string[]): string[] {
  const inWords = found.flatMap((value) => {
    const words = known.filter((one) => commonForm(one) === commonForm(value));
    return words.length === 0 ? [value] : words;
  });
  return [...new Set(inWords)].sort();
}

function sortedRules(rules: readonly AlertRule[]): AlertRule[] {
  return rules.toSorted((a, b) => (a.type < b.type ? -1 : 1));
}

function normaliseRule(value: unknown, path: string, findings: Findings): AlertRule | Unknown | undefined {
  if (value === UNKNOWN) {
    return UNKNOWN;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    findings.refuse(path, `must be an object { type, conditions }, but is ${kindOf(value)}.`);
    return undefined;
  }
  const { type, conditions } = value as Record<string, unknown>;
  for (const name of Object.keys(value).filter((one) => !RULE_MEMBERS.includes(one))) {
    findings.refuse(memberPath(path, name), `is not a member of a rule.${didYouMean(name, RULE_MEMBERS)}`);
  }
  const typePath = memberPath(path, "type");
  const known = isBlank(type) ? undefined : typeName.normalise(type, typePath, findings);
  if (known === undefined && (isBlank(type) || typeof type === "string")) {
    findings.refuse(typePath, "is required. Name the type of the alerts.");
  }
  const kind = typeof known === "string" ? kindOfType(known) : undefined;
  if (kind !== undefined && !isAlertKind(kind)) {
    findings.warn(typePath, `is no type of alert that this release knows.${didYouMean(kind, ALERT_KINDS)}`);
  }
  const normalised = normaliseConditions(conditions, memberPath(path, "conditions"), kind, findings);
  if (known === UNKNOWN || normalised === UNKNOWN) {
    return UNKNOWN;
  }
  return known === undefined || normalised === undefined
    ? undefined
    : { type: known, conditions: normalised };
}

function normaliseConditions(
  value: unknown,
  path: string,
  kind: string | undefined,
  findings: Findings,
): Record<string, string[]> | Unknown | undefined {
  if (isBlank(value) || value === UNKNOWN) {
    return value === UNKNOWN ? UNKNOWN : {};
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    findings.refuse(path, `must be an object of key to list of values, but is ${kindOf(value)}.`);
    return undefined;
  }
  const knownKeys = kind !== undefined && isAlertKind(kind) ? KNOWN_CONDITIONS[kind] : undefined;
  const canonical = new Map<string, string[]>();
  let anyUnknown = false;
  for (const key of Object.keys(value).sort()) {
    const at = memberPath(path, key);
    const given = (value as Record<string, unknown>)[key];
    if (isBlank(given)) {
      continue;
    }
    if (knownKeys !== undefined && !Object.hasOwn(knownKeys, key)) {
      findings.warn(
        at,
        `is no condition of this type that this release knows.${didYouMean(key, Object.keys(knownKeys))}`,
      );
    }
    const list = values.normalise(given, at, findings);
    if (list === UNKNOWN) {
      anyUnknown = true;
    } else if (list !== undefined && list.length > 0) {
      const knownValues =
        knownKeys !== undefined && Object.hasOwn(knownKeys, key) ? knownKeys[key] : undefined;
      warnOfUnknownValues(list, at, knownValues, findings);
      canonical.set(key, list);
    }
  }
  return anyUnknown ? UNKNOWN : Object.fromEntries(canonical);
}

function warnOfUnknownValues(
  list: readonly string[],
  path: string,
  known: readonly string[] | undefined,
  findings: Findings,
): void {
  const strange = list.filter(
    (value) => known?.some((one) => commonForm(one) === commonForm(value)) === false,
  );
  for (const value of strange) {
    findings.warn(path, `holds a value that this release does not know.${didYouMean(value, known ?? [])}`);
  }
}

function reportTwins(
  rules: readonly (AlertRule | Unknown | undefined)[],
  path: string,
  findings: Findings,
): void {
  rules.forEach((rule, index) => {
    if (typeof rule !== "object") {
      return;
    }
    const isTwin = rules
      .slice(0, index)
      .some((other) => typeof other === "object" && isSameType(other.type, rule.type));
    if (isTwin) {
      findings.refuse(
        memberPath(elementPath(path, index), "type"),
        "is the type of another rule, too. Join the two.",
      );
    }
  });
}
