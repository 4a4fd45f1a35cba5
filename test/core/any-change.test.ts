import fc from "fast-check";
import { check } from "../../provider/core/fields/check";
import { diff } from "../../provider/core/fields/diff";
import { allDefinitions } from "../trust/support/all-definitions";

/** Of every resource: whatever one argument is changed to, that argument and no other is a difference. */

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
const uuid = fc
  .tuple(hex(12), hex(3), fc.constantFrom(..."89ab"), hex(15))
  .map(([head, mid, variant, tail]) => `${head}4${mid}${variant}${tail}`);
const text = fc.string({ minLength: 2, maxLength: 60 }).filter((one) => one.trim().length >= 2);
// Few, so that two lists of rules are often alike but for one value.
const word = fc.constantFrom("high", "medium", "low");
const phone = fc.integer({ min: 10_000_000_000, max: 19_999_999_999 }).map(String);
const kind = fc.constantFrom("vul", "hc");
const rule = fc.record({
  type: kind,
  conditions: fc.dictionary(word, fc.uniqueArray(word, { minLength: 1, maxLength: 3 }), { maxKeys: 2 }),
});

/** What each argument may be, by its name; those of one name mean the same in every resource. */
const VALUES: Record<string, fc.Arbitrary<unknown>> = {
  name: text,
  webhookUrl: hex(20).map((token) => `https://oapi.dingtalk.com/robot/send?access_token=${token}`),
  secret: text,
  description: text,
  atAll: fc.boolean(),
  atPersons: fc.dictionary(phone, text, { minKeys: 1, maxKeys: 4 }),
  enabled: fc.boolean(),
  userTags: fc.uniqueArray(text, { minLength: 1, maxLength: 4 }),
  tagUuids: fc.uniqueArray(uuid, { minLength: 1, maxLength: 4 }),
  locale: fc.constantFrom("zh_CN", "en_US"),
  topicUuid: uuid,
  endpointUuid: uuid,
  alarmUuid: uuid,
  subscriptionUuid: uuid,
  language: fc.constantFrom("zh", "en"),
  notificationInterval: fc.nat(),
  assetGroupIds: fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 4 }),
  alertRules: fc.uniqueArray(rule, { selector: ({ type }) => type, minLength: 1, maxLength: 2 }),
};

/** A value as text in which lists that differ only in their order are alike: every list here is a set. */
const asText = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    Array.isArray(part) ? part.map((one) => asText(one)).sort() : part,
  );

const IDENTITY = { key: "0".repeat(64), name: "n" };
const ID = "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c";

describe.each(allDefinitions().map((one) => [one.token, one] as const))("%s", (_token, definition) => {
  const { fields } = definition;
  // `adopt` steers a create; the object's own id is no property of it.
  const names = Object.keys(fields).filter(
    (name) => !(fields[name]?.change === "ignored" || fields[name]?.isId),
  );
  const canonical = (given: Record<string, unknown>): Record<string, unknown> => {
    const { inputs, findings } = check(definition, given, IDENTITY);
    expect(findings.issues).toEqual([]);
    return inputs;
  };

  test("has values here for each of its arguments", () => {
    expect(names.filter((name) => !Object.hasOwn(VALUES, name))).toEqual([]);
  });

  test("shows any change of one argument as a difference of that argument and no other, both ways", () => {
    const all = fc.record(Object.fromEntries(names.map((name) => [name, VALUES[name] ?? text])));
    fc.assert(
      fc.property(all, all, fc.constantFrom(...names), (one, another, name) => {
        const before = canonical(one);
        const after = canonical({ ...one, [name]: another[name] });
        fc.pre(asText(before[name]) !== asText(after[name]));
        expect(diff(fields, before, after, ID).changed).toEqual([name]);
        expect(diff(fields, after, before, ID).changed).toEqual([name]);
      }),
      { numRuns: 300 },
    );
  });

  test("shows an argument that is left out as a difference, unless what is left is its default", () => {
    const all = fc.record(Object.fromEntries(names.map((name) => [name, VALUES[name] ?? text])));
    const optional = names.filter((name) => fields[name]?.required !== true);
    if (optional.length === 0) return;
    fc.assert(
      fc.property(all, fc.constantFrom(...optional), (one, name) => {
        const before = canonical(one);
        const { [name]: _left, ...rest } = one;
        const after = canonical(rest);
        fc.pre(asText(before[name]) !== asText(after[name]));
        expect(diff(fields, before, after, ID).changed).toEqual([name]);
      }),
      { numRuns: 200 },
    );
  });
});
