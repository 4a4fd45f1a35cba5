import { isDeepStrictEqual } from "node:util";
import type { FieldTable } from "./fields";
import { isBlank } from "./field-types";
import { Findings } from "./findings";
import { containsUnknown, UNKNOWN } from "./unknown";

/**
 * `ignoreChanges` with positions in it, such as `alertRules[0].conditions`. The engine would copy what was recorded by position, once before
 * a check and once more before an update: after a change of the order, in the program or on the server, one element would get the values
 * of another. So the engine is not told of such paths; they are applied here, by what the elements mean.
 */

type Step = string | number;
type SameElement = (a: unknown, b: unknown) => boolean;

/** Any member or element. */
const ANY = "*";

/**
 * The steps of a property path; `undefined` when it is none. The engine's notation: `a.b`, `a["b"]`, `a[0]`, `*` for anything.
 */
export function stepsOf(path: string): Step[] | undefined {
  const steps: Step[] = [];
  const pattern = /(?:^|\.)([^.[\]"]+)|\[(\d+|\*)\]|\[("(?:[^"\\]|\\.)*")\]/gy;
  while (pattern.lastIndex < path.length) {
    const [, name, index, quoted] = pattern.exec(path) ?? [];
    if (name !== undefined) {
      steps.push(name);
    } else if (index !== undefined) {
      steps.push(index === ANY ? ANY : Number(index));
    } else if (quoted !== undefined) {
      steps.push(JSON.parse(quoted) as string);
    } else {
      return undefined;
    }
  }
  return steps.length === 0 ? undefined : steps;
}

/** Whether a path names elements of a list by their position. */
export function namesPosition(fields: FieldTable, path: string): boolean {
  const [name, ...rest] = stepsOf(path) ?? [];
  const type = typeof name === "string" ? fields[name]?.type : undefined;
  return type?.inOrderOf !== undefined && rest.some((step) => typeof step === "number" || step === ANY);
}

/** The arguments of a program, in which whatever it ignores by position is as recorded. */
export function withRecordedElements(
  fields: FieldTable,
  given: Readonly<Record<string, unknown>>,
  recorded: Readonly<Record<string, unknown>>,
  paths: readonly string[],
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...given };
  const names = new Set(paths.map((path) => String(stepsOf(path)?.[0])));
  for (const name of names) {
    const value = given[name];
    const type = fields[name]?.type;
    const before = recorded[name];
    if (type === undefined || !Array.isArray(before) || isBlank(value) || containsUnknown(value)) {
      continue;
    }
    const findings = new Findings();
    const canonical: unknown = type.normalise(value, name, findings);
    if (findings.issues.length > 0 || canonical === UNKNOWN) {
      continue;
    }
    const isSame: SameElement = (a, b) =>
      isDeepStrictEqual(a, b) || (isObject(a) && isObject(b) && type.isSameElement?.(a, b) === true);
    result[name] = paths
      .map((path) => stepsOf(path) ?? [])
      .filter(([root]) => root === name)
      .reduce((kept, [, ...steps]) => keepRecorded(kept, before, steps, isSame), canonical);
  }
  return result;
}

/** `value` with whatever `steps` lead to taken from `recorded`, where that has a counterpart. */
function keepRecorded(
  value: unknown,
  recorded: unknown,
  steps: readonly Step[],
  isSame: SameElement,
): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return recorded;
  }
  if (Array.isArray(value) && Array.isArray(recorded)) {
    if (step === ANY && rest.length === 0) {
      return recorded;
    }
    return value.map((element: unknown, index) => {
      if (step !== ANY && step !== index) {
        return element;
      }
      const same: unknown = recorded.find((one) => isSame(one, element));
      const counterpart =
        same ?? (rest.length === 0 ? displacedBy(value, recorded, index, isSame) : undefined);
      return counterpart === undefined ? element : keepRecorded(element, counterpart, rest, isSame);
    });
  }
  if (!isObject(value) || !isObject(recorded)) {
    return value;
  }
  const names =
    step === ANY ? [...new Set([...Object.keys(value), ...Object.keys(recorded)])] : [String(step)];
  const members = new Map(Object.entries(value));
  for (const name of names) {
    if (rest.length > 0) {
      members.set(name, keepRecorded(members.get(name), recorded[name], rest, isSame));
    } else if (recorded[name] === undefined) {
      members.delete(name);
    } else {
      members.set(name, recorded[name]);
    }
  }
  return Object.fromEntries(members);
}

/** The recorded element whose place another one has taken in the program; `undefined` where it only stands elsewhere now. */
function displacedBy(
  value: readonly unknown[],
  recorded: readonly unknown[],
  index: number,
  isSame: SameElement,
): unknown {
  const before = recorded[index];
  return value.some((element) => isSame(element, before)) ? undefined : before;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
