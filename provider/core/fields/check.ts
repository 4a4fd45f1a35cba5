import type { ArgumentRules } from "./argument-rules";
import { DerivedDefault, type Field, type FieldTable, type ResourceIdentity } from "./fields";
import { isBlank } from "./field-types";
import { OddValue } from "./odd-value";
import { elementPath, memberPath, Findings } from "./findings";
import { didYouMean } from "../suggest";

/** What `check` found. `inputs` is canonical as far as the values are known and accepted. */
export interface CheckResult {
  readonly inputs: Record<string, unknown>;
  readonly findings: Findings;
}

/**
 * Brings what a program wrote into canonical form and reports everything wrong with it at once. Pure: no network, no
 * clock. Unknown values pass. `""`, `{}`, `[]`, null and absence are the same.
 *
 * @param recorded the inputs of the last time; none where an object is to be made, also in a replacement
 */
export function check(
  rules: ArgumentRules,
  given: Readonly<Record<string, unknown>>,
  identity: ResourceIdentity,
  recorded: Readonly<Record<string, unknown>> = {},
): CheckResult {
  const findings = new Findings();
  reportUnknownArguments(rules, given, findings);

  const inputs: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(rules.fields)) {
    const refusedBefore = findings.issues.length;
    const value = canonical(field, name, given[name], findings) ?? defaultOf(field, identity);
    if (value !== undefined) {
      inputs[name] = value;
    } else if (findings.issues.length > refusedBefore) {
      // It was given, and something is wrong with it: that is said already.
    } else if (field.required === true) {
      findings.refuse(name, "is required. Give a value.");
    } else if (field.unclearable === true && !isBlank(recorded[name])) {
      findings.refuse(
        name,
        "cannot be taken back once it was given. Give a value, or make the object anew: run `pulumi up --replace` with the URN of this resource.",
      );
    }
  }
  rules.crossCheck?.(inputs, findings, given);
  return { inputs, findings };
}

/**
 * The canonical form of values that were accepted once, such as recorded state. What today's rules would refuse is kept as
 * it is: an older release may have stored it, and `diff` must still be able to compare.
 */
export function canonicalise(
  fields: FieldTable,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const findings = new Findings();
    const value = canonical(field, name, values[name], findings);
    const kept = findings.issues.length > 0 ? values[name] : (value ?? plainDefaultOf(field));
    if (!isBlank(kept)) {
      result[name] = kept;
    }
  }
  return result;
}

function canonical(field: Field, name: string, value: unknown, findings: Findings): unknown {
  if (isBlank(value) || refuseOddValues(value, name, findings)) {
    return undefined;
  }
  const normalised: unknown = field.type.normalise(value, name, findings);
  return isEmpty(normalised) ? undefined : normalised;
}

/** Refuses whatever no argument takes, at any depth; whether there was anything. */
function refuseOddValues(value: unknown, path: string, findings: Findings): boolean {
  if (value instanceof OddValue) {
    findings.refuse(path, `cannot be ${value.kind}.${value.remedy === "" ? "" : ` ${value.remedy}`}`);
    return true;
  }
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const members = Array.isArray(value)
    ? value.map((element: unknown, index) => [elementPath(path, index), element] as const)
    : Object.entries(value).map(([key, member]) => [memberPath(path, key), member] as const);
  return members.map(([at, member]) => refuseOddValues(member, at, findings)).includes(true);
}

function defaultOf(field: Field, identity: ResourceIdentity): unknown {
  return field.default instanceof DerivedDefault ? field.default.derive(identity) : field.default;
}

function plainDefaultOf(field: Field): unknown {
  return field.default instanceof DerivedDefault ? undefined : field.default;
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

function reportUnknownArguments(
  rules: ArgumentRules,
  given: Readonly<Record<string, unknown>>,
  findings: Findings,
): void {
  const names = Object.keys(rules.fields);
  for (const [name, value] of Object.entries(given)) {
    if (names.includes(name) || isBlank(value)) {
      continue;
    }
    const refused = rules.refusedArguments ?? {};
    if (Object.hasOwn(refused, name)) {
      findings.refuse(name, refused[name] ?? "is not offered.");
    } else if (Object.hasOwn(rules.outputs, name)) {
      findings.refuse(name, "is an output and cannot be set. Remove it.");
    } else {
      findings.refuse(name, `is not an argument of this resource.${didYouMean(name, names)}`);
    }
  }
}
