import { closest, distance } from "fastest-levenshtein";

/** Edits that a slip of the finger needs at most. */
const MAX_EDITS = 3;

/** ` Did you mean "port"?` with a space before it, or nothing when no name is near. */
export function suggestion(given: string, names: readonly string[]): string {
  const lower = given.toLowerCase();
  const near =
    names.find((name) => name.toLowerCase() === lower) ?? (names.length > 0 ? closest(given, names) : "");
  const edits = distance(lower, near.toLowerCase());
  return near !== "" && edits <= MAX_EDITS && edits <= Math.ceil(near.length / 2)
    ? ` Did you mean "${near}"?`
    : "";
}
