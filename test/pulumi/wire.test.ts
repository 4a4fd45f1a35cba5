import fc from "fast-check";
import { UNKNOWN } from "../../provider/core/fields/unknown";
import { durationSeconds } from "../../provider/pulumi/program/duration";
import {
  carriedOver,
  HIDDEN_BAG,
  hiddenBagIn,
  identityIn,
  tenancyIn,
} from "../../provider/pulumi/hidden-bag";
import { fromPulumi, secretEnvelope, toPulumi } from "../../provider/pulumi/wire";

const UNKNOWN_ON_THE_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET_SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe("values on the wire", () => {
  test.each<[string, unknown, unknown]>([
    ["an unknown value", UNKNOWN_ON_THE_WIRE, UNKNOWN],
    [
      "unknown values at any depth",
      { a: [UNKNOWN_ON_THE_WIRE, { b: UNKNOWN_ON_THE_WIRE }] },
      { a: [UNKNOWN, { b: UNKNOWN }] },
    ],
    ["a secret", { ...SECRET_SIGNATURE, value: "s" }, "s"],
    ["an unknown secret", { ...SECRET_SIGNATURE, value: UNKNOWN_ON_THE_WIRE }, UNKNOWN],
    ["a secret in a secret", { ...SECRET_SIGNATURE, value: [{ ...SECRET_SIGNATURE, value: 1 }] }, [1]],
    ["null", null, null],
    ["scalars", [1, true, "x", ""], [1, true, "x", ""]],
    [
      "another signature",
      { "4dabf18193072939515e22adb298388d": "other", value: 1 },
      { "4dabf18193072939515e22adb298388d": "other", value: 1 },
    ],
  ])("%s is read", (_what, wire, plain) => {
    expect(fromPulumi(wire)).toEqual(plain);
  });

  test.each<[string, unknown, unknown]>([
    ["an unknown value", { a: UNKNOWN }, { a: UNKNOWN_ON_THE_WIRE }],
    ["a missing member", { a: undefined, b: null }, { b: null }],
    ["a missing element", [undefined, 1], [null, 1]],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a big integer", 7n, "7"],
    ["no number", [Number.NaN, Infinity, -0.5], [null, null, -0.5]],
  ])("%s is written", (_what, plain, wire) => {
    expect(toPulumi(plain)).toEqual(wire);
  });

  test("a secret is written in the engine's envelope", () => {
    expect(secretEnvelope("s")).toEqual({ ...SECRET_SIGNATURE, value: "s" });
    expect(fromPulumi(secretEnvelope(toPulumi({ a: UNKNOWN })))).toEqual({ a: UNKNOWN });
  });

  test("plain values come back as they were", () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constantFrom(null, UNKNOWN),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(plain, (value) => {
        const wire = toPulumi(value);
        expect(fromPulumi(wire)).toEqual(value);
        // What goes over gRPC is JSON.
        expect(fromPulumi(JSON.parse(JSON.stringify({ wire })))).toEqual({ wire: value });
      }),
    );
  });

  test("a member named __proto__ is a member", () => {
    const plain = JSON.parse('{"__proto__":{"x":1}}') as object;
    expect(Object.keys(toPulumi(plain) as object)).toEqual(["__proto__"]);
    expect(Object.keys(fromPulumi(plain) as object)).toEqual(["__proto__"]);
  });
});

test.each<[string, number | undefined]>([
  ["90s", 90],
  ["1h30m", 5_400],
  ["1.5h", 5_400],
  ["2m30s", 150],
  ["500ms", 0.5],
  ["250us", 0.00025],
  ["250µs", 0.00025],
  ["100ns", 1e-7],
  [" 10s ", 10],
  ["0s", 0],
  ["", undefined],
  ["10", undefined],
  ["10 s", undefined],
  ["1d", undefined],
  ["s", undefined],
  ["1h x", undefined],
  ["-1s", undefined],
])("the duration %p is %p seconds", (duration, seconds) => {
  const actual = durationSeconds(duration);
  if (seconds === undefined) {
    expect(actual).toBeUndefined();
  } else {
    expect(actual).toBeCloseTo(seconds, 10);
  }
});

describe("the hidden bag", () => {
  const BAG = { v: 1, key: "k", name: "n" } as const;

  test.each<[string, unknown, unknown]>([
    ["the least one", BAG, BAG],
    [
      "one with everything",
      { ...BAG, urn: "u", timeouts: { create: 1 }, get: true, tenancy: { site: "s" } },
      { ...BAG, urn: "u", timeouts: { create: 1 }, get: true, tenancy: { site: "s" } },
    ],
    ["one with members of a later release", { ...BAG, more: 1 }, BAG],
    // After a downgrade a resource must still be itself.
    ["one of a later version", { ...BAG, v: 2 }, { ...BAG, v: 2 }],
    ["one without a key", { v: 1, name: "n" }, undefined],
    ["one with a bad member", { ...BAG, timeouts: { create: "1" } }, BAG],
    ["none", undefined, undefined],
    ["an unknown one", UNKNOWN_ON_THE_WIRE, undefined],
    ["a list", [], undefined],
  ])("%s is read", (_what, bag, expected) => {
    expect(hiddenBagIn({ [HIDDEN_BAG]: bag })).toEqual(expected);
  });

  test("its name is hidden, and permanent", () => {
    expect(HIDDEN_BAG).toBe("__dingtalk");
  });

  test("who a resource is stays, the rest is of today", () => {
    const today = { v: 1, key: "new", name: "new", urn: "u2" } as const;
    expect(carriedOver({ ...BAG, urn: "u1", get: true, tenancy: { site: "s" } }, today)).toEqual({
      v: 1,
      key: "k",
      name: "n",
      urn: "u2",
    });
    expect(carriedOver(undefined, today)).toBe(today);
  });

  test("gives identity and tenancy, or nothing", () => {
    expect(identityIn(BAG)).toEqual({ key: "k", name: "n" });
    expect(identityIn(undefined)).toBeUndefined();
    expect(tenancyIn({ ...BAG, tenancy: { site: "s", account: "a" } })).toEqual({ site: "s", account: "a" });
    expect(tenancyIn(BAG)).toBeUndefined();
  });
});
