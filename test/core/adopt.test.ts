import {
  adoptPolicy,
  checkAdopt,
  findToAdopt,
  takeOver,
  type Adopt,
  type AdoptionSearch,
} from "../../provider/core/lifecycle/adopt";
import { flag, text } from "../../provider/core/fields/field-types";
import { defineFields } from "../../provider/core/fields/fields";
import { IdMemory } from "../../provider/core/lifecycle/id-memory";
import { Findings } from "../../provider/core/fields/findings";
import type { Context } from "../../provider/core/lifecycle/definition";
import { UNKNOWN } from "../../provider/core/fields/unknown";

describe("the argument adopt", () => {
  const normalised = (value: unknown) => {
    const findings = new Findings();
    const canonical = adoptPolicy().normalise(value, "adopt", findings);
    return { canonical, said: findings.issues.map(({ path, reason }) => `${path}: ${reason}`) };
  };

  test.each<[unknown, unknown]>([
    ["never", "never"],
    [" identical ", "identical"],
    ["byName", "byName"],
    ["", undefined],
    [{ id: " x " }, { id: "x" }],
    [UNKNOWN, UNKNOWN],
    [{ id: UNKNOWN }, UNKNOWN],
    [{ byName: true }, "byName"],
    [{ byName: true, overwrite: false }, "byName"],
    [
      { byName: true, overwrite: true },
      { byName: true, overwrite: true },
    ],
    [
      { id: "x", overwrite: true },
      { id: "x", overwrite: true },
    ],
    [{ id: "x", overwrite: false }, { id: "x" }],
    [{ id: "x", overwrite: null, byName: undefined }, { id: "x" }],
    [{ id: "x", overwrite: UNKNOWN }, UNKNOWN],
  ])("takes %p", (given, canonical) => {
    expect(normalised(given)).toEqual({ canonical, said: [] });
  });

  const WORDS = 'adopt: must be "never", "identical", "byName" or { id: "…" }';
  test.each<[unknown, string[]]>([
    ["byname", [`${WORDS}. Did you mean "byName"?`]],
    ["always", [`${WORDS}.`]],
    [true, [`${WORDS}, but is a boolean.`]],
    [["never"], [`${WORDS}, but is a list.`]],
    [{}, ["adopt.id: is required. Give the id of the object to take over."]],
    [{ id: "" }, ["adopt.id: is required. Give the id of the object to take over."]],
    [{ id: "  " }, ["adopt.id: is required. Give the id of the object to take over."]],
    [{ id: null }, ["adopt.id: is required. Give the id of the object to take over."]],
    [{ id: 7 }, ["adopt.id: must be a string, but is a number. Write it in quotes."]],
    [
      { ID: "x" },
      [
        'adopt.ID: is not a member of adopt. Did you mean "id"?',
        "adopt.id: is required. Give the id of the object to take over.",
      ],
    ],
    [{ id: "x", uuid: "y" }, ["adopt.uuid: is not a member of adopt."]],
    [{ id: "x", overWrite: true }, ['adopt.overWrite: is not a member of adopt. Did you mean "overwrite"?']],
    [
      { byname: true },
      [
        'adopt.byname: is not a member of adopt. Did you mean "byName"?',
        "adopt.id: is required. Give the id of the object to take over.",
      ],
    ],
    [
      { id: "x", byName: true },
      ["adopt: must name the object by id or by name, not by both. Remove one of the two."],
    ],
    [
      { overwrite: true },
      [
        'adopt.id: is required: overwrite alone does not say which object. Write { id: "…", overwrite: true } or { byName: true, overwrite: true }.',
      ],
    ],
    [
      { byName: false },
      ['adopt.byName: must be true. To take nothing over, write adopt: "never", or leave adopt out.'],
    ],
    [
      { byName: "ops" },
      [
        'adopt.byName: must be true, but is a string. To take nothing over, write adopt: "never", or leave adopt out.',
      ],
    ],
    [
      { id: "x", overwrite: "true" },
      [
        "adopt.overwrite: must be true or false, but is a string. Read it with config.getBoolean(), or write it without quotes.",
      ],
    ],
  ])("refuses %p", (given, said) => {
    expect(normalised(given).said).toEqual(said);
  });
});

describe("adopt in a declaration", () => {
  const said = (adopt: unknown, given: Record<string, unknown>) => {
    const findings = new Findings();
    checkAdopt({ ...given, adopt }, findings, given);
    return [findings.issues, findings.advice].map((list) =>
      list.map(({ path, reason }) => `${path}: ${reason}`),
    );
  };
  const NEEDS_NAME = 'adopt: "byName" needs an explicit name: an automatic one is never found on the server.';
  const OVERWRITES =
    "adopt: says overwrite: whatever differs on the existing object is overwritten with what is declared, and cannot be brought back.";
  const BY_NAME = { byName: true, overwrite: true };

  test.each<[unknown, Record<string, unknown>, string[], string[]]>([
    ["byName", {}, [NEEDS_NAME], []],
    ["byName", { name: " " }, [NEEDS_NAME], []],
    ["byName", { name: "ops" }, [], []],
    [BY_NAME, {}, [NEEDS_NAME], [OVERWRITES]],
    [BY_NAME, { name: "ops" }, [], [OVERWRITES]],
    [{ id: "1" }, {}, [], []],
    [{ id: "1", overwrite: true }, {}, [], [OVERWRITES]],
    ["identical", {}, [], []],
    [UNKNOWN, {}, [], []],
    [undefined, {}, [], []],
  ])("%j with %j", (adopt, given, issues, advice) => {
    expect(said(adopt, given)).toEqual([issues, advice]);
  });
});

const fields = defineFields({
  name: { type: text(), change: "update" },
  on: { type: flag(), default: true, change: "update" },
  token: { type: text(), secret: true, change: "update" },
  phones: { type: text(), personal: true, change: "update" },
  fixed: { type: text(), change: "replace" },
});
const DECLARED = { name: "n", on: true, token: "t", phones: "+86", fixed: "f" };

describe("the object to adopt", () => {
  interface Thing {
    readonly id: string;
    readonly same?: boolean;
    readonly state?: object;
    readonly hidden?: readonly string[];
    readonly unfinished?: boolean;
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
      fields,
      inputs: DECLARED,
      stateOf: async ({ state }) => ({ ...DECLARED, ...state }),
      partlyShown: ({ hidden }) => hidden ?? [],
      isUnfinished: ({ unfinished }) => unfinished === true,
    };
  }

  const found = (adopt: Adopt, things: readonly Thing[], { ctx, warnings } = context()) =>
    findToAdopt(ctx, adopt, search(things)).then((adopted) => ({ id: adopted?.id, warnings }));
  const TAKES_IDENTICAL_1 =
    "Takes over the existing thing 1, which already is as declared: an earlier run that was cut off made it, or somebody else did. Destroying this resource will delete it.";
  const TAKES_1 = "Takes over the existing thing 1. Destroying this resource will delete it.";

  test.each<[string, Adopt, Thing[], string | undefined, string[]]>([
    ["never takes nothing", "never", [{ id: "1", same: true }], undefined, []],
    [
      "identical takes the one that is",
      "identical",
      [{ id: "2" }, { id: "1", same: true }],
      "1",
      [TAKES_IDENTICAL_1],
    ],
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

  const LIVE = { name: "other", on: false, token: undefined, phones: "+1" };
  const HEAD = "adopt: the thing 1 is not as declared, so it is not taken over. Nothing was changed.";
  const LINES = [
    'name: "other" on the server, "n" declared',
    "on: false on the server, true declared",
    "token: differs: it is not set on the server, or not shown",
    "phones: differs",
  ];
  const WAYS =
    "Correct the program so that it declares what is there. Or have it overwritten, which loses what is there: ";

  test.each<[Adopt, string]>([
    ["byName", '`adopt: { id: "1", overwrite: true }` or `adopt: { byName: true, overwrite: true }`.'],
    [{ id: "1" }, '`adopt: { id: "1", overwrite: true }`.'],
  ])(
    "that is not as declared is refused, with every difference and the ways out: %j",
    async (adopt, ways) => {
      const { ctx, ids, warnings } = context();
      await expect(found(adopt, [{ id: "1", state: LIVE }], { ctx, ids, warnings })).rejects.toMatchObject({
        name: "InputError",
        message: [HEAD, ...LINES, WAYS + ways].join("\n"),
      });
      expect(warnings).toEqual([]);
      expect(ids.take("1", "another")).toBe(true);
    },
  );

  test.each<Adopt>([
    { byName: true, overwrite: true },
    { id: "1", overwrite: true },
  ])(
    "that is not as declared is overwritten when the program says so, and each property is told: %j",
    async (adopt) => {
      const things = [{ id: "1", state: LIVE, hidden: ["token", "fixed"] }];
      const { ctx, warnings } = context();
      expect(await findToAdopt(ctx, adopt, search(things))).toEqual({ id: "1", isAsDeclared: false });
      expect(warnings).toEqual([
        TAKES_1,
        ...LINES.map((line) => `Overwrites the thing 1. ${line}.`),
        "Overwrites the thing 1. fixed: is not shown in full, and may differ.",
      ]);
    },
  );

  test("that would have to be replaced is not overwritten", async () => {
    const things = [{ id: "1", state: { fixed: "g" } }];
    await expect(found({ id: "1", overwrite: true }, things)).rejects.toMatchObject({
      message: [
        HEAD,
        'fixed: "g" on the server, "f" declared',
        "An existing thing cannot be given another fixed: correct the program, or leave `adopt` out to create a new one.",
      ].join("\n"),
    });
  });

  test("that its own create left unfinished is finished by its name, and by its name only", async () => {
    const things = [{ id: "1", state: { on: false }, unfinished: true }];
    expect(await found("byName", things)).toEqual({
      id: "1",
      warnings: [
        "Takes over the existing thing 1, which an earlier run that was cut off seems to have left unfinished. Destroying this resource will delete it.",
      ],
    });
    await expect(found({ id: "1" }, things)).rejects.toThrow(HEAD);
  });

  test("is told in part where a value is long, and without what has the form of a secret", async () => {
    const name = `access_token=abcdefgh ${"word ".repeat(30)}`;
    await expect(found("byName", [{ id: "1", state: { name } }])).rejects.toThrow(
      /^name: "access_token=\[redacted\] (word )+… on the server, "n" declared$/m,
    );
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
