import type { AlertRule } from "../fields/alert-rules";

/** The forms in which the list operation was seen to return its two packed fields (sheet 4.2). Requests use one documented form. */

const MAX_UNPACKINGS = 3;

/** `ConfigList` of a request. */
export function packAlertRules(rules: readonly AlertRule[]): string {
  return JSON.stringify(
    rules.map(({ type, conditions }) => ({
      type,
      configItemList: Object.entries(conditions).map(([key, values]) => ({
        key,
        valueList: [...new Set(values)],
      })),
    })),
  );
}

/**
 * `ConfigList` of an answer: JSON in a string, at times escaped once more, and with a single value in place of a list.
 *
 * @returns the rules, in the service's own type strings; `undefined` when the text has none of the known forms
 */
export function unpackAlertRules(packed: unknown): AlertRule[] | undefined {
  if (isNothing(packed)) {
    return [];
  }
  const list = unpack(packed);
  if (isNothing(list)) {
    return [];
  }
  if (!Array.isArray(list)) {
    return undefined;
  }
  const rules: AlertRule[] = [];
  for (const entry of list as unknown[]) {
    if (typeof entry !== "object" || entry === null) {
      return undefined;
    }
    const { type, configItemList } = entry as { type?: unknown; configItemList?: unknown };
    if (typeof type !== "string") {
      return undefined;
    }
    rules.push({ type, conditions: conditionsOf(configItemList) });
  }
  return rules;
}

/** `GroupIdList` of a request. */
export function packGroupIds(ids: readonly string[]): string {
  return JSON.stringify([...new Set(ids)]);
}

/**
 * `GroupIdList` of an answer: a JSON list of texts or numbers, a quoted or bare list with commas, or nothing. Read as text, so that no
 * digit of a large id is lost. Canonical: strings, sorted, unique.
 */
export function unpackGroupIds(packed: unknown): string[] {
  if (isNothing(packed)) {
    return [];
  }
  const parts = asText(packed)
    .replace(/[[\]"\\\s]/g, "")
    .split(",");
  return [...new Set(parts.filter((id) => id !== "" && id !== "null"))].sort();
}

function conditionsOf(items: unknown): Record<string, string[]> {
  const conditions = new Map<string, string[]>();
  for (const item of Array.isArray(items) ? (items as unknown[]) : []) {
    const { key, valueList } = (item ?? {}) as { key?: unknown; valueList?: unknown };
    if (typeof key === "string") {
      const list = Array.isArray(valueList)
        ? (valueList as unknown[])
        : isNothing(valueList)
          ? []
          : [valueList];
      const found = [...(conditions.get(key) ?? []), ...list.map(asText)];
      if (found.length > 0) {
        conditions.set(key, [...new Set(found)].sort());
      }
    }
  }
  return Object.fromEntries(conditions);
}

/** Parses JSON in strings as often as it is packed; un-escapes what stands between the quotes of such a string, too. */
function unpack(packed: unknown): unknown {
  let value = packed;
  for (let round = 0; round < MAX_UNPACKINGS && typeof value === "string"; round++) {
    const parsed = parse(value) ?? parse(`"${value}"`) ?? parse(value.replaceAll('\\"', '"'));
    if (parsed === undefined) {
      break;
    }
    value = parsed;
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Another form, for the caller to try.
    return undefined;
  }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "string" && /^(?:null)?$/.test(value.trim()))
  );
}
