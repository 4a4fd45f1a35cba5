import { inOrderOf, isBlank, isSameSet, type FieldType } from "../../core/fields/field-types";
import { kindOf, wrongKind, type Shape } from "../../core/shape";
import { elementPath } from "../../core/fields/findings";
import { UNKNOWN } from "../../core/fields/unknown";

const SHAPE: Shape = { kind: "set", element: { kind: "id" } };

/** Ids of asset groups, as texts or numbers. An empty list is refused: the service would take it for all groups. */
export function assetGroupIds(): FieldType<string[], (string | number)[]> {
  return {
    shape: SHAPE,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (!Array.isArray(value)) {
        findings.refuse(path, wrongKind(SHAPE, value));
        return undefined;
      }
      if (value.length === 0) {
        findings.refuse(
          path,
          "must not be empty: the service would take that for all groups. Leave it out to mean all groups.",
        );
        return undefined;
      }
      const ids: string[] = [];
      value.forEach((element: unknown, index) => {
        const id =
          typeof element === "number"
            ? String(element)
            : typeof element === "string"
              ? element.trim()
              : element;
        if (element === UNKNOWN) {
          return;
        }
        if (typeof element === "number" && element > Number.MAX_SAFE_INTEGER) {
          findings.refuse(
            elementPath(path, index),
            "must be written as a string: a number of this size loses digits.",
          );
        } else if (typeof id === "string" && /^\d{1,20}$/.test(id)) {
          ids.push(id.replace(/^0+(?=\d)/, ""));
        } else {
          const given = isBlank(element) ? "empty" : `${kindOf(element)} of another form`;
          findings.refuse(
            elementPath(path, index),
            `must be the numeric id of an asset group, but is ${given}.`,
          );
        }
      });
      return value.includes(UNKNOWN) ? UNKNOWN : ids;
    },
    equal: isSameSet,
    inOrderOf,
  };
}
