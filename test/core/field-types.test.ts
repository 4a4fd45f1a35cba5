import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { flag, integer, oneOf, setOf, text, type FieldType } from "../../provider/core/fields/field-types";
import { kindOf, labelOf } from "../../provider/core/shape";
import { trimmed } from "../../provider/core/plain-text";
import { Findings } from "../../provider/core/fields/findings";
import { UNKNOWN } from "../../provider/core/fields/unknown";

function normalised(type: FieldType<never>, value: unknown): { canonical: unknown; said: string[] } {
  const findings = new Findings();
  const canonical: unknown = type.normalise(value, "field", findings);
  return { canonical, said: findings.issues.map(({ path, reason }) => `${path}: ${reason}`) };
}

const TEXT = text({ minChars: 2, maxChars: 4 }) as FieldType<never>;
const NUMBER = integer({ min: 0, max: 9 }) as FieldType<never>;
const WORD = oneOf(["zh", "en"]) as FieldType<never>;
const LINE = text() as FieldType<never>;
const LINES = text({ multiline: true }) as FieldType<never>;
const SET = setOf(text({ maxChars: 3 })) as FieldType<never>;
const FLAG = flag() as FieldType<never>;
const AN_OUTPUT = `${pulumi.output("a") as unknown as string}`;
const OUTPUT =
  "holds Pulumi's words for an Output that was put into a string, not its value. Write pulumi.interpolate`…` instead of `…`, or use .apply().";
const OBJECT =
  "holds [object …]: an object or a promise was put into a string. Put in one of its properties, or what the promise gives.";
const NOTHING =
  "is the word undefined: something without a value was made a string. Give the value, or leave the argument out.";
const WITHIN = "holds the word undefined: something without a value was put into a string. Give the value.";
const HALF =
  "holds one half of a character (a lone surrogate): it was cut in the wrong place. Cut between whole characters.";
const control = (codePoint: string): string =>
  `must not contain line breaks or other control characters, but has ${codePoint}. Remove it.`;
const end = (codePoint: string): string =>
  `must not begin or end with a blank other than the ordinary one, but has ${codePoint} there, which some servers keep and some cut off. Remove it.`;
const QUOTED_NUMBER = "Read it with config.getNumber(), or write it without quotes.";

test.each<[string, FieldType<never>, unknown, unknown]>([
  ["text", TEXT, " abc ", "abc"],
  ["text of the least length", TEXT, "ab", "ab"],
  ["text of the greatest length, an emoji counted as two", TEXT, "🔔🔔", "🔔🔔"],
  ["text with everything cut that the servers cut", LINE, "\u0000\u001b a\u0007\u001f\n", "a"],
  ["text of control characters alone", LINE, "\u0007", undefined],
  ["several lines", LINES, " a\tb\r\nc\n", "a\tb\r\nc"],
  ["text with a no-break space within", LINE, "a\u00a0b", "a\u00a0b"],
  ["text with a family", LINE, "👩\u200d👧 ❤\ufe0f", "👩\u200d👧 ❤\ufe0f"],
  ["text with a word that holds undefined", LINE, "undefinedness of null", "undefinedness of null"],
  ["text about an object", LINE, "an [object] of Output<T>", "an [object] of Output<T>"],
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
  [
    "text that is too long as the servers count",
    TEXT,
    "🔔🔔🔔",
    ["must be at most 4 characters long, but has 6, since the servers count most emoji as two. Shorten it."],
  ],
  [
    "text that is too short as people count",
    TEXT,
    "🔔",
    ["must be at least 2 characters long, but has 1. Give a longer one."],
  ],
  ["text with a control character", LINE, "a\u0007b", [control("U+0007")]],
  ["text with a line break", LINE, "a\nb", [control("U+000A")]],
  ["text with a tab", LINE, "a\tb", [control("U+0009")]],
  ["text with a delete", LINE, "a\u007fb", [control("U+007F")]],
  ["text with a control character of eight bits", LINE, "a\u0085", [control("U+0085")]],
  ["text with a line separator", LINE, "a\u2028b", [control("U+2028")]],
  [
    "several lines with an escape",
    LINES,
    "a\u001b[0mtext",
    ["must not contain control characters besides line breaks and tabs, but has U+001B. Remove it."],
  ],
  ["half of a character", LINE, "a\ud83d", [HALF]],
  ["the other half of a character", LINES, "\udd14a", [HALF]],
  ["text that ends in a no-break space", LINE, "a\u00a0", [end("U+00A0")]],
  ["text that begins with a byte order mark", LINES, " \ufeffa", [end("U+FEFF")]],
  ["text that ends in an ideographic space", LINE, "a\u3000\n", [end("U+3000")]],
  ["an ideographic space alone", LINE, "\u3000", [end("U+3000")]],
  ["the word undefined", LINE, "undefined", [NOTHING]],
  ["the word undefined for several lines", LINES, "undefined", [NOTHING]],
  ["null made a text", LINE, "null", [NOTHING.replace("undefined", "null")]],
  ["undefined behind a dash", LINE, "duty-undefined", [WITHIN]],
  ["undefined before a blank", LINE, "undefined duty", [WITHIN]],
  ["undefined between underscores", LINE, "a_undefined_b", [WITHIN]],
  ["an Output in a text", LINE, `call ${AN_OUTPUT}`, [OUTPUT]],
  ["an Output in several lines", LINES, `call ${AN_OUTPUT}\nnow`, [OUTPUT]],
  ["an Output as JSON", LINES, "Calling [toJSON] on an [Output<T>] is not supported.", [OUTPUT]],
  ["an object in a text", LINE, "a [object Object]", [OBJECT]],
  ["a promise in several lines", LINES, "a [object Promise]", [OBJECT]],
  ["a boolean for text", TEXT, true, ["must be a string, but is a boolean. Write it in quotes."]],
  ["a function for text", TEXT, () => "x", ["must be a string, but is a function. Give one text."]],
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

test("several lines with the word undefined pass with a warning: it may be meant", () => {
  const findings = new Findings();
  expect(text({ multiline: true }).normalise("of undefined severity", "field", findings)).toBe(
    "of undefined severity",
  );
  expect(findings).toEqual({ issues: [], advice: [{ path: "field", reason: WITHIN }] });
});

// What a text is refused for must not come from what the servers do with its ends, on either kind of server.
test("a text that passes is the same after any server has trimmed it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom(LINE, LINES), (given, type) => {
      const { canonical } = normalised(type, given) as { canonical: string | undefined };
      if (canonical !== undefined) {
        expect(canonical.trim()).toBe(canonical);
        expect(trimmed(canonical)).toBe(canonical);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a set names each element that it refuses, and keeps the others", () => {
  expect(normalised(SET, ["a", "long", undefined, " ", 7])).toEqual({
    canonical: ["a"],
    said: [
      "field[1]: must be at most 3 characters long, but has 4. Shorten it.",
      "field[2]: must not be empty. Remove the element.",
      "field[3]: must not be empty. Remove the element.",
      "field[4]: must be a string, but is a number. Write it in quotes.",
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
  [FLAG, "boolean"],
  [NUMBER, "integer, 0 to 9"],
  [WORD, '"zh" or "en"'],
  [SET, "list of string, at most 3 characters"],
])("a type's label tells its limits (%#)", (type, label) => {
  expect(labelOf(type.shape)).toBe(label);
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
