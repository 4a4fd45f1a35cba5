import type { FieldType } from "./field-types";
import type { Findings } from "./findings";
import { UNKNOWN } from "./unknown";

/**
 * The canonical form of the id of an existing object, as a person wrote it; `undefined`, and reported, where it cannot be one. One that is
 * blank is `undefined` and not reported.
 */
export type IdNormaliser = (given: unknown, path: string, findings: Findings) => string | undefined;

/** The ids that a field of this type would hold. */
export function idsOf(type: FieldType<string>): IdNormaliser {
  return (given, path, findings) => {
    const id = type.normalise(given, path, findings);
    return id === UNKNOWN ? undefined : id;
  };
}
