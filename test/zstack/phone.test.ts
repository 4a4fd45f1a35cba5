import { Findings } from "../../provider/core/fields/findings";
import { UNKNOWN } from "../../provider/core/fields/unknown";
import { persons } from "../../provider/zstack/fields/phone";

function normalised(value: unknown) {
  const findings = new Findings();
  const canonical = persons().normalise(value, "p", findings);
  return {
    canonical,
    refused: findings.issues.map(({ path }) => path),
    warned: findings.advice.map(({ path }) => path),
  };
}

test.each<[string, string]>([
  ["13800000000", "+86-13800000000"],
  ["+8613800000000", "+86-13800000000"],
  ["+86-13800000000", "+86-13800000000"],
  [" 13800000000 ", "+86-13800000000"],
  ["+852-00123456789", "+852-00123456789"],
])("the number %p is written %p", (given, canonical) => {
  const expected = { canonical: { [canonical]: "" }, refused: [], warned: [] };
  expect(normalised([given])).toEqual(expected);
  expect(normalised({ [given]: "" })).toEqual(expected);
  expect(normalised({ [given]: null })).toEqual(expected);
});

test.each(["+1-2025550123", "+852-12345678", "+7-49512345678", "+1234-12345678901", "+86-1380000000"])(
  "the number %p has an unusual form: a warning, and as written",
  (given) => {
    const at = `p[${JSON.stringify(given)}]`;
    expect(normalised({ [given]: "r" })).toEqual({ canonical: { [given]: "r" }, refused: [], warned: [at] });
  },
);

test.each([
  "",
  "   ",
  "12345",
  "23800000000",
  "138 0000 0000",
  "+86 13800000000",
  "0086-13800000000",
  "+86-138-0000-0000",
  "tel:13800000000",
  "+12345-12345678901",
  "+86-123",
  "１３８０００００００００",
])("%p is no phone number", (given) => {
  expect(normalised([given])).toEqual({ canonical: {}, refused: ["p[0]"], warned: [] });
});

test("persons are sorted, and a repeated number of a list counts once", () => {
  const { canonical } = normalised(["13900000000", "+86-13800000000", "13800000000"]);
  expect(Object.entries(canonical as object)).toEqual([
    ["+86-13800000000", ""],
    ["+86-13900000000", ""],
  ]);
});

test("an unknown remark leaves everybody known, an unknown number nobody", () => {
  expect(normalised({ "13800000000": UNKNOWN, "13900000000": "b" }).canonical).toEqual({
    "+86-13800000000": UNKNOWN,
    "+86-13900000000": "b",
  });
  expect(normalised(["13800000000", UNKNOWN]).canonical).toBe(UNKNOWN);
});
