import fc from "fast-check";
import { Findings } from "../../provider/core/fields/findings";
import { UNKNOWN } from "../../provider/core/fields/unknown";
import { freshUuid, uuid, uuidFromKey } from "../../provider/zstack/fields/uuids";

/** The server's own (fact sheet 8). */
const SERVER_PATTERN = /^[0-9a-f]{12}[1-5][0-9a-f]{3}[89ab][0-9a-f]{15}$/;

test("a uuid from any key is one that the server takes", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(9), (key, n) => {
      expect(uuidFromKey(key, n)).toMatch(SERVER_PATTERN);
    }),
    { numRuns: 2_000 },
  );
});

test("uuids from keys are stable, and different for each key and number", () => {
  // Written down: a later release must find what this one made.
  expect(uuidFromKey("0".repeat(64), 0)).toBe("6a2ea17ca8995eeb90196b94c7fbf983");
  expect(uuidFromKey("0".repeat(64), 3)).toBe("82e06d7fda775571aab7219c116d5ac5");
  const many = Array.from({ length: 500 }, (_, i) => [uuidFromKey(`key${i}`, 0), uuidFromKey(`key${i}`, 1)]);
  expect(new Set(many.flat()).size).toBe(1000);
});

test("fresh uuids are ones that the server takes, each another", () => {
  const fresh = Array.from({ length: 200 }, freshUuid);
  expect(fresh.every((one) => SERVER_PATTERN.test(one))).toBe(true);
  expect(new Set(fresh).size).toBe(200);
});

test.each<[unknown, unknown]>([
  ["917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c", "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c"],
  [" 917F2B0C-4D8E-4F6A-8B1C-2D3E4F5A6B7C\n", "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c"],
  ["", undefined],
  [UNKNOWN, UNKNOWN],
])("the uuid %p is written %p", (given, canonical) => {
  const findings = new Findings();
  expect(uuid().normalise(given, "x", findings)).toBe(canonical);
  expect(findings.issues).toEqual([]);
});

test.each([
  "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7",
  "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7cc",
  "917f2b0c4d8e6f6a8b1c2d3e4f5a6b7c",
  "917f2b0c4d8e4f6acb1c2d3e4f5a6b7c",
  "g17f2b0c4d8e4f6a8b1c2d3e4f5a6b7c",
])("%p is no uuid of the server's", (given) => {
  const findings = new Findings();
  expect(uuid().normalise(given, "x", findings)).toBeUndefined();
  expect(findings.issues).toEqual([
    {
      path: "x",
      reason:
        "is no uuid as ZStack accepts them for a new object. Give 32 hex digits of version 1 to 5, such as crypto.randomUUID() gives, or leave it out.",
    },
  ]);
});
