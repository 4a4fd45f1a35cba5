/**
 * A value that is not known yet, as in a preview where it will come from a resource that does not exist. A front
 * translates its own marker into this one, so that nothing here depends on how Pulumi writes it on the wire.
 */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A value that may not be known yet. */
export type Unknown = typeof UNKNOWN;

/** Whether `value` is unknown or holds something unknown at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) {
    return true;
  }
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}
