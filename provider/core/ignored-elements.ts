import { isDeepStrictEqual } from "node:util";
import type { FieldTable } from "./fields";
import { isBlank } from "./field-types";
import { Report } from "./report";
import { containsUnknown, UNKNOWN } from "./unknown";

/**
 * `ignoreChanges` with positions in it, such as `alertRules[0].conditions`. The engine copies what was recorded by position, before anybody
 * who knows the elements sees it: after a change of the order, in the program or on the server, one element would get the values of
 * another. So such paths are applied here, to what the program gave, and by what the elements mean.
 */

/** What a program ignores by position. */
export interface IgnoredElements {
  /** Property paths as the program wrote them. */
  readonly paths: readonly string[];
  /** The arguments that they concern, before the engine changed them. */
  readonly given: Readonly<Record<string, unknown>>;
}

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

/** The arguments with canonical list values in which whatever the program ignores by position is as recorded. */
export function withRecordedElements(
  fields: FieldTable,
  arguments_: Readonly<Record<string, unknown>>,
  recorded: Readonly<Record<string, unknown>>,
  { paths, given }: IgnoredElements,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...arguments_ };
  for (const [name, value] of Object.entries(given)) {
    const type = fields[name]?.type;
    const before = recorded[name];
    if (type === undefined || !Array.isArray(before) || isBlank(value) || containsUnknown(value)) {
      continue;
    }
    const report = new Report();
    const canonical: unknown = type.normalise(value, name, report);
    if (report.issues.length > 0 || canonical === UNKNOWN) {
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
