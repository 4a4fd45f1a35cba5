import { setOf, text } from "../../provider/core/fields/field-types";
import { defineFields } from "../../provider/core/fields/fields";
import { namesPosition, stepsOf, withRecordedElements } from "../../provider/core/fields/ignored-elements";
import { UNKNOWN } from "../../provider/core/fields/unknown";
import { alertRules } from "../../provider/securitycenter/fields/alert-rules";

/** `ignoreChanges` with positions: no value may ever come to another element. */

const fields = defineFields({
  tags: { type: setOf(text()), change: "update" },
  rules: { type: alertRules(), change: "update" },
});

const rule = (type: string, ...levels: string[]) => ({ type, conditions: { level: levels } });

test.each<[string, unknown]>([
  ["a", ["a"]],
  ["a.b[0].c", ["a", "b", 0, "c"]],
  ['a["+86-1"][*].b', ["a", "+86-1", "*", "b"]],
  ["a.*", ["a", "*"]],
  ['a["q\\"]"]', ["a", 'q"]']],
  ["", undefined],
  ["a[", undefined],
  ["a[x]", undefined],
])("the path %s has these steps", (path, steps) => {
  expect(stepsOf(path)).toEqual(steps);
});

test.each<[string, string, unknown, unknown, unknown]>([
  ["an element that stands where it stood", "tags[0]", ["a", "b"], ["a", "b"], ["a", "b"]],
  ["an element after a change of the order", "tags[0]", ["b", "a"], ["a", "b"], ["b", "a"]],
  ["an element that took another's place", "tags[0]", ["c", "b"], ["a", "b"], ["a", "b"]],
  ["an element whose neighbour is gone on the server", "tags[0]", ["a", "b"], ["b"], ["a", "b"]],
  ["an element that the recorded list does not reach", "tags[1]", ["a", "c"], ["a"], ["a", "c"]],
  ["every element", "tags[*]", ["b", "c", "d"], ["a", "b"], ["a", "b"]],
  [
    "a member of a rule",
    "rules[0].conditions",
    [rule("vul", "x"), rule("hc", "y")],
    [rule("vul", "high"), rule("hc", "low")],
    [rule("vul", "high"), rule("hc", "y")],
  ],
  [
    "a member of a rule after a change of the order",
    "rules[0].conditions",
    [rule("hc", "x"), rule("vul", "y")],
    [rule("vul", "high"), rule("hc", "low")],
    [rule("hc", "low"), rule("vul", "y")],
  ],
  [
    "a member of a rule that is gone on the server",
    "rules[0].conditions",
    [rule("vul", "x"), rule("hc", "y")],
    [rule("hc", "low")],
    [rule("vul", "x"), rule("hc", "y")],
  ],
  [
    "a member of every rule",
    "rules[*].conditions.level",
    [rule("vul", "x"), rule("rasp", "y")],
    [rule("vul", "high")],
    [rule("vul", "high"), rule("rasp", "y")],
  ],
  [
    "a value within a rule",
    "rules[1].conditions.level[0]",
    [rule("vul", "x"), rule("hc", "b", "a")],
    [rule("hc", "a", "b"), rule("vul", "high")],
    [rule("vul", "x"), rule("hc", "b", "a")],
  ],
  [
    "a whole rule",
    "rules[1]",
    [rule("vul", "x"), rule("hc", "y")],
    [rule("hc", "low"), rule("vul", "high")],
    [rule("vul", "x"), rule("hc", "low")],
  ],
])("ignores %s", (_what, path, given, recorded, expected) => {
  const [name = ""] = path.split("[");
  const result = withRecordedElements(fields, { [name]: given }, { [name]: recorded }, [path]);
  expect(result).toEqual({ [name]: expected });
});

test.each<[string, unknown, unknown]>([
  ["nothing recorded", ["a"], undefined],
  ["unknown values", ["a", UNKNOWN], ["a"]],
  ["values that will be refused", ["a", 1], ["a"]],
  ["no list", undefined, ["a"]],
])("leaves what the program gave where there is %s", (_what, given, recorded) => {
  expect(withRecordedElements(fields, { tags: given }, { tags: recorded }, ["tags[0]"])).toEqual({
    tags: given,
  });
});

test.each<[string, boolean]>([
  ["tags[0]", true],
  ["tags[*]", true],
  ["rules[0].conditions", true],
  ["tags", false],
  ["rules.conditions", false],
  ["other[0]", false],
  ["tags[", false],
])("%s names a position: %s", (path, isPosition) => {
  expect(namesPosition(fields, path)).toBe(isPosition);
});
