import { closest, distance } from "fastest-levenshtein";

/** At most this many single-letter edits count as a slip of the pen. */
const MAX_EDITS = 3;

/** ` Did you mean "x"?`, or nothing when no candidate is close. Starts with a space, to be appended to a sentence. */
export function didYouMean(given: string, candidates: readonly string[]): string {
  if (candidates.length === 0) {
    return "";
  }
  const exceptForCase = candidates.find((candidate) => candidate.toLowerCase() === given.toLowerCase());
  const nearest = exceptForCase ?? closest(given, candidates);
  const allowed = Math.min(MAX_EDITS, Math.ceil(nearest.length / 2));
  return exceptForCase !== undefined || distance(given, nearest) <= allowed
    ? ` Did you mean "${nearest}"?`
    : "";
}
