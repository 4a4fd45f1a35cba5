import {
  adoptPolicy,
  findToAdopt,
  takeOver,
  type Adopt,
  type AdoptionSearch,
} from "../../provider/core/adopt";
import { IdMemory } from "../../provider/core/id-memory";
import { Report } from "../../provider/core/report";
import type { Context } from "../../provider/core/resource";
import { UNKNOWN } from "../../provider/core/unknown";

describe("the argument adopt", () => {
  const normalised = (value: unknown) => {
    const report = new Report();
    const canonical = adoptPolicy().normalise(value, "adopt", report);
    return { canonical, said: report.issues.map(({ path, reason }) => `${path}: ${reason}`) };
  };

  test.each<[unknown, unknown]>([
    ["never", "never"],
    [" identical ", "identical"],
    ["byName", "byName"],
    ["", undefined],
    [{ id: " x " }, { id: "x" }],
    [UNKNOWN, UNKNOWN],
    [{ id: UNKNOWN }, UNKNOWN],
  ])("takes %p", (given, canonical) => {
    expect(normalised(given)).toEqual({ canonical, said: [] });
  });

  const WORDS = 'adopt: must be "never", "identical", "byName" or { id: "…" }';
  test.each<[unknown, string[]]>([
    ["byname", [`${WORDS}. Did you mean "byName"?`]],
    ["always", [`${WORDS}.`]],
    [true, [`${WORDS}, but is a boolean.`]],
    [["never"], [`${WORDS}, but is a list.`]],
    [{}, ["adopt.id: is required."]],
    [{ id: "" }, ["adopt.id: is required."]],
    [{ id: "  " }, ["adopt.id: is required."]],
    [{ id: null }, ["adopt.id: is required."]],
    [{ id: 7 }, ["adopt.id: must be a string, but is a number."]],
    [{ ID: "x" }, ['adopt.ID: is not a member of adopt. Did you mean "id"?', "adopt.id: is required."]],
    [{ id: "x", uuid: "y" }, ["adopt.uuid: is not a member of adopt."]],
  ])("refuses %p", (given, said) => {
    expect(normalised(given).said).toEqual(said);
  });
});

describe("the object to adopt", () => {
  interface Thing {
    readonly id: string;
    readonly same?: boolean;
  }

  function context() {
    const warnings: string[] = [];
    const ids = new IdMemory();
    const log = { progress: () => undefined, warn: (line: string) => warnings.push(line) };
    return { ctx: { ids, log } as unknown as Context, ids, warnings };
  }

  function search(things: readonly Thing[]): AdoptionSearch<Thing> {
    return {
      noun: "thing",
      idOf: ({ id }) => id,
      normaliseId: (given) => given,
      byId: async (id) => things.find((thing) => thing.id === id),
      byName: async () => things,
      isIdentical: ({ same }) => same === true,
    };
  }

  const found = (adopt: Adopt, things: readonly Thing[], { ctx, warnings } = context()) =>
    findToAdopt(ctx, adopt, search(things)).then((id) => ({ id, warnings }));
  const TAKES_1 = "Takes over the existing thing 1. Destroying this resource will delete it.";

  test.each<[string, Adopt, Thing[], string | undefined, string[]]>([
    ["never takes nothing", "never", [{ id: "1", same: true }], undefined, []],
    ["identical takes the one that is", "identical", [{ id: "2" }, { id: "1", same: true }], "1", [TAKES_1]],
    ["identical takes none when none is", "identical", [{ id: "1" }], undefined, []],
    ["byName takes the one of that name", "byName", [{ id: "1" }], "1", [TAKES_1]],
    ["byName takes none when there is none", "byName", [], undefined, []],
    [
      "{ id } takes that one",
      { id: "2" },
      [{ id: "1" }, { id: "2" }],
      "2",
      ["Takes over the existing thing 2. Destroying this resource will delete it."],
    ],
  ])("%s", async (_what, adopt, things, id, warnings) => {
    expect(await found(adopt, things)).toEqual({ id, warnings });
  });

  test("a missing object that this process has just deleted is made anew: that is a replacement", async () => {
    const { ctx, ids, warnings } = context();
    ids.release("9", undefined);
    expect(await found({ id: "9" }, [], { ctx, ids, warnings })).toEqual({ id: undefined, warnings: [] });
  });

  test.each<[string, Adopt, Thing[], string]>([
    [
      "a missing object",
      { id: "9" },
      [],
      "adopt: there is no thing 9, or this account cannot see it.\nCheck the id, or leave `adopt` out to create a new one.",
    ],
    [
      "two of one name",
      "byName",
      [{ id: "1" }, { id: "2" }],
      "adopt: 2 things match: 1, 2.\nSay which one with `adopt: { id }`, or remove the others.",
    ],
    [
      "two identical ones",
      "identical",
      [{ id: "1", same: true }, { id: "2" }, { id: "3", same: true }],
      "adopt: 2 things match: 1, 3.\nSay which one with `adopt: { id }`, or remove the others.",
    ],
  ])("%s is an error", async (_what, adopt, things, message) => {
    await expect(found(adopt, things)).rejects.toMatchObject({ name: "InputError", message });
  });

  const TAKEN =
    "The thing 1 already belongs to another resource of this program.\n" +
    "One object can be managed by one resource only. Remove one of the two from the program, or let it stand for another object.";

  test("one object is taken once per process, whichever way", async () => {
    const shared = context();
    expect(await found("byName", [{ id: "1" }], shared)).toMatchObject({ id: "1" });
    for (const adopt of ["byName", { id: "1" }] as const) {
      const twin = { ...shared, ctx: { ...shared.ctx, identity: { key: "twin", name: "twin" } } };
      await expect(found(adopt, [{ id: "1" }], twin)).rejects.toMatchObject({ message: TAKEN });
    }
  });

  test("an object that another resource manages is not taken", () => {
    const { ctx, ids } = context();
    ids.hold("1", "another");
    expect(() => takeOver(ctx, "thing", "1")).toThrow(TAKEN);
    expect(takeOver(ctx, "thing", "2")).toBe("2");
  });
});
