import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import {
  endpoint,
  idOf,
  Lab,
  LONG_WEBHOOK,
  phone,
  shownOf,
  uuid,
  WEBHOOK,
  type ServerView,
} from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const UPDATE = "UpdateSNSDingTalkEndpoint";
const CHANGE_STATE = "ChangeSNSApplicationEndpointState";

/**
 * One endpoint whose declaration changes once. Without `calls` the engine must not even call it a change. That every field travels is
 * proved in `test/trust/every-field`; here it is what the engine makes of each form of a change.
 */
interface Change {
  what: string;
  before: object;
  after: object;
  /** The exact path and kind that the engine must show. */
  shown: Record<string, "add" | "update" | "delete">;
  calls: string[];
  server: Partial<ServerView>;
}

const SAME = { shown: {}, calls: [], server: {} } satisfies Partial<Change>;
const [ANN, BOB, CAT] = [phone(1), phone(2), phone(3)];

const CHANGES: Record<string, Change> = {
  secretCleared: {
    what: "no signing secret any more",
    before: { secret: "SEC-canary-one" },
    after: {},
    shown: { secret: "delete" },
    calls: [UPDATE],
    server: { secret: undefined },
  },
  descriptionCleared: {
    what: "no description any more",
    before: { description: "one" },
    after: {},
    shown: { description: "delete" },
    calls: ["UpdateSNSApplicationEndpoint"],
    server: { description: undefined },
  },
  atAllDefault: {
    what: "atAll left out again",
    before: { atAll: true },
    after: {},
    shown: { atAll: "update" },
    calls: [UPDATE],
    server: { atAll: false },
  },
  disabled: {
    what: "enabled: false",
    before: {},
    after: { enabled: false },
    shown: { enabled: "update" },
    calls: [CHANGE_STATE],
    server: { enabled: false },
  },
  personsAllThree: {
    what: "one person added, one removed and one remark changed",
    before: { atPersons: { [ANN]: "Ann", [BOB]: "Bob" } },
    after: { atPersons: { [BOB]: "Robert", [CAT]: "Cat" } },
    shown: {
      [`atPersons["${ANN}"]`]: "delete",
      [`atPersons["${BOB}"]`]: "update",
      [`atPersons["${CAT}"]`]: "add",
    },
    calls: ["AddSNSDingTalkAtPerson", "RemoveSNSDingTalkAtPerson", "UpdateAtPersonOfAtDingTalkEndpoint"],
    server: { atPersons: { [BOB]: "Robert", [CAT]: "Cat" } },
  },
  personsReordered: {
    what: "persons in another order",
    before: { atPersons: { [ANN]: "Ann", [BOB]: "Bob" } },
    after: { atPersons: { [BOB]: "Bob", [ANN]: "Ann" } },
    ...SAME,
  },
  phonesReordered: {
    what: "phone numbers in another order, bare and twice",
    before: { atPersons: [ANN, BOB] },
    after: { atPersons: [BOB, "13800000001", ANN] },
    ...SAME,
  },
  textTrimmed: {
    what: "white space around texts",
    before: { name: "plain", description: "plain" },
    after: { name: " plain ", description: "plain\n" },
    ...SAME,
  },
  emptyIsAbsent: {
    what: "empty values in the place of absent ones",
    before: {},
    after: { description: "", secret: "", atPersons: {}, userTags: [], tagUuids: [] },
    ...SAME,
  },
  userTagAdded: {
    what: "one more user tag",
    before: { userTags: ["one"] },
    after: { userTags: ["one", "two"] },
    shown: { "userTags[1]": "add" },
    calls: ["CreateUserTag"],
    server: { userTags: ["one", "two"] },
  },
  userTagsReordered: {
    what: "user tags in another order",
    before: { userTags: ["one", "two"] },
    after: { userTags: ["two", "one"] },
    ...SAME,
  },
};

const declared = (when: "before" | "after"): string[] =>
  Object.entries(CHANGES).map(([name, change]) => endpoint(name, change[when]));

describe("the life of endpoints", () => {
  let lab: Lab;
  let created: EngineResult;
  let repeated: { result: EngineResult; changes: string[] };
  let changed: EngineResult;
  let settled: { result: EngineResult; changes: string[] };
  const before = new Map<string, ServerView>();
  const changes = new Map<string, string[]>();

  beforeAll(async () => {
    lab = await Lab.create();
    created = await lab.up(declared("before"));
    for (const name of Object.keys(CHANGES)) {
      before.set(name, lab.view(idOf(created, name)));
    }
    repeated = { result: await lab.up(declared("before")), changes: lab.changes };
    const tagOwners = lab.tagOwners();
    changed = await lab.up(declared("after"));
    for (const name of Object.keys(CHANGES)) {
      changes.set(name, lab.changesOf(idOf(created, name), tagOwners).sort());
    }
    settled = { result: await lab.up(declared("after")), changes: lab.changes };
  });
  afterAll(() => lab.dispose());

  test("up creates every endpoint once, as declared", () => {
    const count = Object.keys(CHANGES).length;
    expect(created.changes).toEqual({ create: count + 1 });
    expect(lab.uuids).toHaveLength(count);
    expect(before.get("personsAllThree")).toEqual({
      name: expect.stringMatching(/^personsAllThree-[0-9a-f]{7}$/) as string,
      webhookUrl: WEBHOOK,
      secret: undefined,
      description: undefined,
      atAll: false,
      enabled: true,
      atPersons: { [ANN]: "Ann", [BOB]: "Bob" },
      userTags: [],
      tagUuids: [],
    });
    expect(before.get("userTagAdded")).toMatchObject({ userTags: ["one"] });
    expect(before.get("secretCleared")).toMatchObject({ secret: "SEC-canary-one" });
  });

  test.each([
    ["a second up", () => repeated],
    ["an up after the updates", () => settled],
  ])("%s changes nothing and writes nothing", (_name, run) => {
    expect(run().result.changes).toEqual({ same: Object.keys(CHANGES).length + 1 });
    expect(run().changes).toEqual([]);
  });

  test.each(Object.entries(CHANGES).map(([name, change]) => ({ name, ...change })))(
    "$what ($name) is one minimal change",
    ({ name, shown, calls, server }) => {
      expect(changed.step(name)?.op).toBe(calls.length === 0 ? "same" : "update");
      expect(shownOf(changed, name)).toEqual(shown);
      expect(changes.get(name)).toEqual([...calls].sort());
      expect(lab.view(idOf(created, name))).toEqual({ ...before.get(name), ...server });
    },
  );

  test("destroy empties the server, and a second destroy has nothing to do", async () => {
    await lab.project.destroy();
    expect([lab.uuids, lab.zstack.persons.size]).toEqual([[], 0]);
    lab.emulator.journal.clear();
    const again = await lab.project.destroy();
    expect(again.steps).toEqual([]);
    expect(lab.changes).toEqual([]);
    expect(await lab.project.resources()).toEqual([]);
  });
});

describe("replacements", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.create();
  });
  afterAll(() => lab.dispose());

  const OWN_UUID = uuid("1");
  const OTHER_UUID = uuid("2");
  const ops = (result: EngineResult, name: string): string[] =>
    result.steps.filter((step) => step.name === name).map(({ op }) => op);

  test("a webhook of more than 256 characters and another resourceUuid replace: delete, then create", async () => {
    const first = await lab.up([
      endpoint("long", { name: "long" }),
      endpoint("chosen", { name: "chosen", resourceUuid: OWN_UUID }),
    ]);
    expect(idOf(first, "chosen")).toBe(OWN_UUID);
    const second = await lab.up([
      endpoint("long", { name: "long", webhookUrl: LONG_WEBHOOK }),
      endpoint("chosen", { name: "chosen", resourceUuid: OTHER_UUID }),
    ]);
    for (const [name, path] of [
      ["long", "webhookUrl"],
      ["chosen", "resourceUuid"],
    ] as const) {
      expect(ops(second, name)).toEqual(["delete-replaced", "replace", "create-replacement"]);
      // The engine works the paths out itself here, and calls the kind of this change "update".
      expect(second.step(name)?.detailedDiff).toEqual({ [path]: { kind: "update", inputDiff: true } });
    }
    expect(lab.changesOf(idOf(second, "chosen"))).toEqual(["CreateSNSDingTalkEndpoint"]);
    expect(lab.uuids).toHaveLength(2);
    expect(idOf(second, "chosen")).toBe(OTHER_UUID);
    expect(lab.view(idOf(second, "long"))).toMatchObject({ webhookUrl: LONG_WEBHOOK });
    expect(lab.view(OTHER_UUID)).toMatchObject({ name: "chosen" });
  });

  test("--replace with unchanged and with changed inputs keeps exactly one object each", async () => {
    const unchanged = [
      endpoint("long", { name: "long", webhookUrl: LONG_WEBHOOK }),
      endpoint("chosen", { name: "chosen", resourceUuid: OTHER_UUID }),
    ];
    const urnOf = async (name: string): Promise<string> => (await lab.project.resource(name)).urn;
    const [long, chosen] = [await urnOf("long"), await urnOf("chosen")];
    const old = lab.uuids;
    const same = await lab.up(unchanged, ["--replace", long, "--replace", chosen]);
    expect(same.changes).toMatchObject({ replace: 2 });
    expect(lab.uuids).toHaveLength(2);
    expect(idOf(same, "long")).not.toBe(old[0]);
    expect(lab.view(idOf(same, "long"))).toMatchObject({ name: "long", webhookUrl: LONG_WEBHOOK });
    expect(idOf(same, "chosen")).toBe(OTHER_UUID);

    // UNVERIFIED on a real server, so both ways must work: the uuid of a deleted endpoint can never be used again.
    lab.zstack.switches.uuidReuse = false;
    const edited = await lab.up(
      [endpoint("long", { name: "long", description: "edited" })],
      ["--replace", long],
    );
    expect(ops(edited, "long")).toContain("create-replacement");
    expect(lab.theOnly()).toMatchObject({ name: "long", description: "edited", webhookUrl: WEBHOOK });
    await lab.project.destroy();
    expect(lab.uuids).toEqual([]);
  });
});
