import fc from "fast-check";
import { canonicalise, check } from "../../provider/core/fields/check";
import { diff } from "../../provider/core/fields/diff";
import { ANY_VALUE } from "../support/field-values";
import { allDefinitions } from "../trust/support/all-definitions";

/** Of every resource: there is one canonical form, and whatever one argument is changed to, that argument and no other is a difference. */

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
    expect(names.filter((name) => !Object.hasOwn(ANY_VALUE, name))).toEqual([]);
  });

  test("has a canonical form that stays as it is, and is no difference from what was written", () => {
    const blankOr = (name: string) =>
      fields[name]?.required === true
        ? (ANY_VALUE[name] ?? fc.nat())
        : fc.oneof(ANY_VALUE[name] ?? fc.nat(), fc.constantFrom(null, undefined));
    const written = fc.record(Object.fromEntries(names.map((name) => [name, blankOr(name)])));
    fc.assert(
      fc.property(written, (given) => {
        const once = canonical(given);
        expect(canonical(once)).toEqual(once);
        expect(canonicalise(fields, once)).toEqual(once);
        // What became an automatic name stays one: `check` has filled it in before a diff is asked for.
        const asWritten = { ...given, ...("name" in once ? { name: once["name"] } : {}) };
        expect(diff(fields, once, asWritten, ID).changed).toEqual([]);
        expect(diff(fields, asWritten, once, ID).changed).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("shows any change of one argument as a difference of that argument and no other, both ways", () => {
    const all = fc.record(Object.fromEntries(names.map((name) => [name, ANY_VALUE[name] ?? fc.nat()])));
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
    const all = fc.record(Object.fromEntries(names.map((name) => [name, ANY_VALUE[name] ?? fc.nat()])));
    const optional = names.filter((name) => fields[name]?.required !== true);
    if (optional.length === 0) {
      return;
    }
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
