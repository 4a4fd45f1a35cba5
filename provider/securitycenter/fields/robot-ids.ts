import { text, type FieldType } from "../../core/fields/field-types";
import { idsOf } from "../../core/fields/ids";

const plain = text();

/** The id of a robot, as text or number. */
function robotId(): FieldType<string> {
  return {
    shape: { kind: "id" },
    normalise: (value, path, findings) => {
      if (typeof value === "number" && value > Number.MAX_SAFE_INTEGER) {
        findings.refuse(path, "must be written as a string: a number of this size loses digits.");
        return undefined;
      }
      const given = plain.normalise(typeof value === "number" ? String(value) : value, path, findings);
      if (typeof given !== "string") {
        return given;
      }
      if (!/^\d{1,20}$/.test(given)) {
        findings.refuse(path, "is no robot id. Give its digits, such as a DingTalkRobot's `robotId`.");
        return undefined;
      }
      return given.replace(/^0+(?=\d)/, "");
    },
  };
}

/** Robot ids as the list has them: digits without leading zeros. */
export const normaliseRobotId = idsOf(robotId());
