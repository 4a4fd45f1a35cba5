import { isBlank, kindOf, text, type FieldType } from "./field-types";
import { didYouMean } from "./suggest";
import { memberPath } from "./report";
import { containsUnknown, UNKNOWN } from "./unknown";

/**
 * What a create may take over besides an earlier attempt of its own:
 * `"never"` nothing; `"identical"` the one object that already is what would be made; `"byName"` the one object of that
 * name, else a new one; `{ id }` that object and no other.
 */
export type Adopt = "never" | "identical" | "byName" | { id: string };

const WORDS: readonly string[] = ["never", "identical", "byName"];

/** The argument `adopt`. */
export function adoptPolicy(): FieldType<Adopt> {
  return {
    label: '"never", "identical", "byName" or { id }',
    normalise: (value, path, report) => {
      if (containsUnknown(value)) {
        return UNKNOWN;
      }
      if (typeof value === "string") {
        const word = value.trim();
        if (word === "" || WORDS.includes(word)) {
          return word === "" ? undefined : (word as Adopt);
        }
        report.refuse(
          path,
          `must be "never", "identical", "byName" or { id: "…" }.${didYouMean(word, WORDS)}`,
        );
        return undefined;
      }
      if (typeof value !== "object" || Array.isArray(value)) {
        report.refuse(
          path,
          `must be "never", "identical", "byName" or { id: "…" }, but is ${kindOf(value)}.`,
        );
        return undefined;
      }
      const { id, ...others } = value as Record<string, unknown>;
      for (const name of Object.keys(others)) {
        report.refuse(memberPath(path, name), `is not a member of adopt.${didYouMean(name, ["id"])}`);
      }
      const at = memberPath(path, "id");
      const normalised = isBlank(id) ? undefined : text().normalise(id, at, report);
      if (normalised === undefined || normalised === UNKNOWN) {
        if (isBlank(id) || id === "") {
          report.refuse(at, "is required.");
        }
        return undefined;
      }
      return { id: normalised };
    },
  };
}
