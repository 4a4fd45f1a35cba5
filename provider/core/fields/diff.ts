import { isDeepStrictEqual } from "node:util";
import { canonicalise } from "./check";
import type { Field, FieldTable } from "./fields";
import { containsUnknown } from "./unknown";

/** What differs between recorded state and new inputs. */
export interface Difference {
  /** Fields whose new value differs or is not known yet. */
  readonly changed: readonly string[];
  /** Those of them that cannot be changed in place. */
  readonly replaces: readonly string[];
}

/**
 * Compares the canonical forms of both sides; state is canonicalised too, because the canonical form may change between
 * releases. Pure. An unknown new value counts as a change, a replacing one where the field always replaces.
 *
 * @param id the object's id, where it is known: what an `isId` field is compared with
 */
export function diff(
  fields: FieldTable,
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
  id?: string,
): Difference {
  const before = canonicalise(fields, state);
  const after = canonicalise(fields, inputs);
  const changed: string[] = [];
  const replaces: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const known = field.isId === true ? (id ?? after[name]) : before[name];
    const next = field.isId === true ? (after[name] ?? known) : after[name];
    if (field.change === "ignored" || isSameValue(field, known, next)) {
      continue;
    }
    changed.push(name);
    if (changeOf(field, after[name]) === "replace") {
      replaces.push(name);
    }
  }
  return { changed, replaces };
}

/** Whether two canonical values of a field mean the same. Absence equals only absence. */
export function isSameValue(field: Field, a: unknown, b: unknown): boolean {
  if (containsUnknown(a) || containsUnknown(b)) {
    return false;
  }
  // What today's rules do not know is recorded as it was: it need not even have the shape of the type.
  const isOfOneShape = typeof a === typeof b && Array.isArray(a) === Array.isArray(b);
  if (a === undefined || b === undefined || field.type.equal === undefined || !isOfOneShape) {
    return isDeepStrictEqual(a, b);
  }
  return field.type.equal(a, b);
}

function changeOf(field: Field, next: unknown): "update" | "replace" | "ignored" {
  if (typeof field.change !== "function") {
    return field.change;
  }
  return containsUnknown(next) ? "update" : field.change(next);
}
