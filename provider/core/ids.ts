import type { FieldType } from "./field-types";
import type { Report } from "./report";
import { UNKNOWN } from "./unknown";

/**
 * The canonical form of the id of an existing object, as a person wrote it; `undefined`, and reported, where it cannot be one. One that is
 * blank is `undefined` and not reported.
 */
export type IdNormaliser = (given: unknown, path: string, report: Report) => string | undefined;

/** The ids that a field of this type would hold. */
export function idsOf(type: FieldType<string>): IdNormaliser {
  return (given, path, report) => {
    const id = type.normalise(given, path, report);
    return id === UNKNOWN ? undefined : id;
  };
}
