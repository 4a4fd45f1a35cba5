import { isBlank, text, type FieldType } from "../../core/fields/field-types";
import { kindOf, type Shape } from "../../core/shape";
import { elementPath, memberPath, type Findings } from "../../core/fields/findings";
import { UNKNOWN } from "../../core/fields/unknown";

/** What the server accepts: country code, dash, exactly eleven digits (fact sheet 5.2). */
const SERVER_PATTERN = /^\+\d{2,3}-\d{11}$/;
const PHONE_PATTERN = /^\+\d{1,4}-\d{4,15}$/;
const MAINLAND_PATTERN = /^(?:\+86-?)?(1\d{10})$/;
const REMARK_MAX_CHARS = 128;

const SHAPE: Shape = {
  kind: "union",
  of: [
    {
      kind: "map",
      keys: "phone number",
      values: { kind: "text", form: "remark", maxChars: REMARK_MAX_CHARS },
    },
    { kind: "set", element: { kind: "text", form: "phone number" } },
  ],
};

/**
 * The persons an endpoint mentions: phone number → remark. A list of numbers means persons without remarks. The map is the
 * canonical form, so that a path, a diff or `ignoreChanges` names a person and not a position.
 */
export function persons(): FieldType<Record<string, string>, Record<string, string> | string[]> {
  return {
    shape: SHAPE,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (Array.isArray(value)) {
        return fromList(value, path, findings);
      }
      if (typeof value === "object" && value !== null) {
        return fromMap(value as Record<string, unknown>, path, findings);
      }
      findings.refuse(
        path,
        `must be a map of phone number to remark, or a list of phone numbers, but is ${kindOf(value)}.`,
      );
      return undefined;
    },
    withCanonicalKeys,
    canonicalKey: (given) => canonicalPhone(given) ?? given,
  };
}

/**
 * The map with canonical phone numbers, or the list as such a map. A number that is none, or that stands there twice, leaves everything
 * as it was given: the refusal then names it where the program has it.
 */
function withCanonicalKeys(given: unknown): unknown {
  if (typeof given !== "object" || given === null) {
    return given;
  }
  const isList = Array.isArray(given);
  const entries = isList
    ? Array.from(given as unknown[], (phone) => [phone, ""] as const)
    : Object.entries(given as Record<string, unknown>);
  const canonical = new Map<string, unknown>();
  for (const [phone, remark] of entries) {
    const key = typeof phone === "string" ? canonicalPhone(phone) : undefined;
    if (key === undefined || (canonical.has(key) && !isList)) {
      return given;
    }
    canonical.set(key, remark);
  }
  return Object.fromEntries(canonical);
}

function fromList(
  phones: readonly unknown[],
  path: string,
  findings: Findings,
): Record<string, string> | typeof UNKNOWN {
  const canonical = new Map<string, string>();
  let anyUnknown = false;
  phones.forEach((phone, index) => {
    const at = elementPath(path, index);
    if (phone === UNKNOWN) {
      anyUnknown = true;
    } else if (typeof phone !== "string") {
      findings.refuse(at, `must be a phone number in quotes, but is ${kindOf(phone)}.`);
    } else {
      const normalised = normalisePhone(phone, at, findings);
      if (normalised !== undefined) {
        canonical.set(normalised, "");
      }
    }
  });
  return anyUnknown ? UNKNOWN : sorted(canonical);
}

function fromMap(remarks: Record<string, unknown>, path: string, findings: Findings): Record<string, string> {
  const canonical = new Map<string, string>();
  for (const [phone, remark] of Object.entries(remarks)) {
    const at = memberPath(path, phone);
    const normalised = normalisePhone(phone, at, findings);
    const text = isBlank(remark) ? "" : remarkType.normalise(remark, at, findings);
    if (normalised === undefined) {
      continue;
    }
    if (canonical.has(normalised)) {
      findings.refuse(at, "is the same number as another one in this map. Keep one of them.");
    }
    // An unknown remark stays in the map as it is: the number is known, and so is everybody else.
    canonical.set(normalised, (text ?? "") as string);
  }
  return sorted(canonical);
}

const remarkType = text({ maxChars: REMARK_MAX_CHARS });

/** `+<country>-<number>`; a bare mainland number gets its country code. */
function normalisePhone(given: string, path: string, findings: Findings): string | undefined {
  const phone = canonicalPhone(given);
  if (phone === undefined) {
    findings.refuse(
      path,
      "is no phone number. Write +<country code>-<number>, such as +86-13800000000, without spaces; a mainland mobile number may stand alone.",
    );
    return undefined;
  }
  if (!SERVER_PATTERN.test(phone)) {
    findings.warn(
      path,
      "has an unusual form: the known servers accept a country code of two or three digits and a number of eleven. ZStack decides.",
    );
  }
  return phone;
}

/** The one form of a phone number in paths, state and requests; `undefined` when it is none. */
function canonicalPhone(given: string): string | undefined {
  const phone = given.trim();
  const mainland = MAINLAND_PATTERN.exec(phone)?.[1];
  if (mainland !== undefined) {
    return `+86-${mainland}`;
  }
  return PHONE_PATTERN.test(phone) ? phone : undefined;
}

function sorted(canonical: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...canonical].sort(([a], [b]) => (a < b ? -1 : 1)));
}
