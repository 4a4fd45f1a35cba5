import { flag, integer, kindOf, oneOf, setOf, text, type FieldType } from "../../provider/core/field-types";
import { Report } from "../../provider/core/report";
import { UNKNOWN } from "../../provider/core/unknown";

function normalised(type: FieldType<never>, value: unknown): { canonical: unknown; said: string[] } {
  const report = new Report();
  const canonical: unknown = type.normalise(value, "field", report);
  return { canonical, said: report.issues.map(({ path, reason }) => `${path}: ${reason}`) };
}

const TEXT = text({ minChars: 2, maxChars: 4 }) as FieldType<never>;
const NUMBER = integer({ min: 0, max: 9 }) as FieldType<never>;
const WORD = oneOf(["zh", "en"]) as FieldType<never>;
const SET = setOf(text({ maxChars: 3 })) as FieldType<never>;
const FLAG = flag() as FieldType<never>;
const QUOTED_NUMBER = "Read it with config.getNumber(), or write it without quotes.";

test.each<[string, FieldType<never>, unknown, unknown]>([
  ["text", TEXT, " abc ", "abc"],
  ["text of the least length", TEXT, "ab", "ab"],
  ["text of the greatest length, counted in characters", TEXT, "🔔🔔🔔🔔", "🔔🔔🔔🔔"],
  ["blank text", TEXT, "\t", undefined],
  ["unknown text", TEXT, UNKNOWN, UNKNOWN],
  ["true", FLAG, true, true],
  ["false", FLAG, false, false],
  ["an unknown boolean", FLAG, UNKNOWN, UNKNOWN],
  ["the least number", NUMBER, 0, 0],
  ["the greatest number", NUMBER, 9, 9],
  ["an unknown number", NUMBER, UNKNOWN, UNKNOWN],
  ["a word", WORD, " zh ", "zh"],
  ["no word", WORD, " ", undefined],
  ["an unknown word", WORD, UNKNOWN, UNKNOWN],
  ["a set, in its own order and length", SET, ["c", " a", "b", "a "], ["c", "a", "b", "a"]],
  ["an empty set", SET, [], []],
  ["a set with an unknown member", SET, ["a", UNKNOWN], UNKNOWN],
])("%s is taken", (_what, type, given, canonical) => {
  expect(normalised(type, given)).toEqual({ canonical, said: [] });
});

test.each<[string, FieldType<never>, unknown, string[]]>([
  [
    "text that is too short",
    TEXT,
    "a",
    ["must be at least 2 characters long, but has 1. Give a longer one."],
  ],
  ["text that is too long", TEXT, "abcde", ["must be at most 4 characters long, but has 5. Shorten it."]],
  ["a boolean for text", TEXT, true, ["must be a string, but is a boolean."]],
  ["a function for text", TEXT, () => "x", ["must be a string, but is a function."]],
  [
    "a quoted boolean",
    FLAG,
    "true",
    ["must be true or false, but is a string. Read it with config.getBoolean(), or write it without quotes."],
  ],
  ["another word for a boolean", FLAG, "yes", ["must be true or false, but is a string."]],
  ["a quoted number", NUMBER, "7", [`must be a whole number, but is a string. ${QUOTED_NUMBER}`]],
  ["a fraction", NUMBER, 1.5, ["must be a whole number, but is a number."]],
  ["no number", NUMBER, Number.NaN, ["must be a whole number, but is a number."]],
  ["a number below", NUMBER, -1, ["must lie between 0 and 9."]],
  ["a number above", NUMBER, 10, ["must lie between 0 and 9."]],
  ["another word", WORD, "fr", ['must be "zh" or "en".']],
  ["a near miss", WORD, "ZH", ['must be "zh" or "en". Did you mean "zh"?']],
  ["a number for a word", WORD, 7, ['must be "zh" or "en".']],
  ["a scalar for a set", SET, "abc", ["must be a list, but is a string. Put it in square brackets."]],
])("%s is refused", (_what, type, given, reasons) => {
  expect(normalised(type, given)).toEqual({
    canonical: undefined,
    said: reasons.map((reason) => `field: ${reason}`),
  });
});

test("a set names each element that it refuses, and keeps the others", () => {
  expect(normalised(SET, ["a", "long", undefined, " ", 7])).toEqual({
    canonical: ["a"],
    said: [
      "field[1]: must be at most 3 characters long, but has 4. Shorten it.",
      "field[2]: must not be empty. Remove the element.",
      "field[3]: must not be empty. Remove the element.",
      "field[4]: must be a string, but is a number.",
    ],
  });
});

test("a text's further rule sees it trimmed, and only when its length is right", () => {
  const seen: string[] = [];
  const type = text({ maxChars: 3, inspect: (value) => seen.push(value) }) as FieldType<never>;
  normalised(type, " ab ");
  normalised(type, "abcd");
  expect(seen).toEqual(["ab"]);
});

test.each<[FieldType<never>, string]>([
  [text() as FieldType<never>, "string"],
  [text({ maxChars: 5 }) as FieldType<never>, "string, at most 5 characters"],
  [TEXT, "string, 2 to 4 characters"],
  [text({ label: "own words" }) as FieldType<never>, "own words"],
  [FLAG, "boolean"],
  [NUMBER, "integer, 0 to 9"],
  [WORD, '"zh" or "en"'],
  [SET, "list of string, at most 3 characters"],
])("a type's label tells its limits (%#)", (type, label) => {
  expect(type.label).toBe(label);
});

test.each<[unknown, string]>([
  [null, "null"],
  [undefined, "missing"],
  [[], "a list"],
  [{}, "an object"],
  ["secret value", "a string"],
  [1n, "a bigint"],
])("a value's kind never shows the value (%#)", (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});
