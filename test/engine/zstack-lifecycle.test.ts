import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import {
  endpoint,
  idOf,
  Lab,
  LONG_WEBHOOK,
  OTHER_WEBHOOK,
  phone,
  uuid,
  WEBHOOK,
  type ServerView,
} from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const TAG_A = uuid("a");
const TAG_B = uuid("b");
const UPDATE = "UpdateSNSDingTalkEndpoint";
const CHANGE_STATE = "ChangeSNSApplicationEndpointState";

/** One endpoint whose declaration changes once. Without `calls` the engine must not even call it a change. */
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
  name: {
    what: "a new name",
    before: { name: "before" },
    after: { name: "after" },
    shown: { name: "update" },
    calls: [UPDATE],
    server: { name: "after" },
  },
  webhook: {
    what: "a new webhook",
    before: {},
    after: { webhookUrl: OTHER_WEBHOOK },
    shown: { webhookUrl: "update" },
    calls: [UPDATE],
    server: { webhookUrl: OTHER_WEBHOOK },
  },
  secretSet: {
    what: "a signing secret",
    before: {},
    after: { secret: "SEC-canary-one" },
    shown: { secret: "add" },
    calls: [UPDATE],
    server: { secret: "SEC-canary-one" },
  },
  secretChanged: {
    what: "another signing secret",
    before: { secret: "SEC-canary-one" },
    after: { secret: "SEC-canary-two" },
    shown: { secret: "update" },
    calls: [UPDATE],
    server: { secret: "SEC-canary-two" },
  },
  secretCleared: {
    what: "no signing secret any more",
    before: { secret: "SEC-canary-one" },
    after: {},
    shown: { secret: "delete" },
    calls: [UPDATE],
    server: { secret: undefined },
  },
  descriptionSet: {
    what: "a description",
    before: {},
    after: { description: "now told" },
    shown: { description: "add" },
    calls: [UPDATE],
    server: { description: "now told" },
  },
  descriptionChanged: {
    what: "another description",
    before: { description: "one" },
    after: { description: "two" },
    shown: { description: "update" },
    calls: [UPDATE],
    server: { description: "two" },
  },
  descriptionCleared: {
    what: "no description any more",
    before: { description: "one" },
    after: {},
    shown: { description: "delete" },
    calls: ["UpdateSNSApplicationEndpoint"],
    server: { description: undefined },
  },
  atAllSet: {
    what: "atAll",
    before: {},
    after: { atAll: true },
    shown: { atAll: "update" },
    calls: [UPDATE],
    server: { atAll: true },
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
  enabledDefault: {
    what: "enabled left out again",
    before: { enabled: false },
    after: {},
    shown: { enabled: "update" },
    calls: [CHANGE_STATE],
    server: { enabled: true },
  },
  personFirst: {
    what: "a first person",
    before: {},
    after: { atPersons: { [ANN]: "Ann" } },
    shown: { atPersons: "add" },
    calls: ["AddSNSDingTalkAtPerson"],
    server: { atPersons: { [ANN]: "Ann" } },
  },
  personAdded: {
    what: "one more person",
    before: { atPersons: { [ANN]: "Ann" } },
    after: { atPersons: { [ANN]: "Ann", [BOB]: "Bob" } },
    shown: { [`atPersons["${BOB}"]`]: "add" },
    calls: ["AddSNSDingTalkAtPerson"],
    server: { atPersons: { [ANN]: "Ann", [BOB]: "Bob" } },
  },
  personRemoved: {
    what: "one person less",
    before: { atPersons: { [ANN]: "Ann", [BOB]: "Bob" } },
    after: { atPersons: { [BOB]: "Bob" } },
    shown: { [`atPersons["${ANN}"]`]: "delete" },
    calls: ["RemoveSNSDingTalkAtPerson"],
    server: { atPersons: { [BOB]: "Bob" } },
  },
  remarkChanged: {
    what: "another remark",
    before: { atPersons: { [ANN]: "Ann", [BOB]: "Bob" } },
    after: { atPersons: { [ANN]: "Ann", [BOB]: "Robert" } },
    shown: { [`atPersons["${BOB}"]`]: "update" },
    calls: ["UpdateAtPersonOfAtDingTalkEndpoint"],
    server: { atPersons: { [ANN]: "Ann", [BOB]: "Robert" } },
  },
  remarkCleared: {
    what: "no remark any more",
    before: { atPersons: { [ANN]: "Ann" } },
    after: { atPersons: [ANN] },
    shown: { [`atPersons["${ANN}"]`]: "update" },
    calls: ["UpdateAtPersonOfAtDingTalkEndpoint"],
    server: { atPersons: { [ANN]: "" } },
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
  personsCleared: {
    what: "no persons any more",
    before: { atPersons: { [ANN]: "Ann", [BOB]: "Bob" } },
    after: {},
    shown: { atPersons: "delete" },
    calls: ["RemoveSNSDingTalkAtPerson", "RemoveSNSDingTalkAtPerson"],
    server: { atPersons: {} },
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
  userTagsCleared: {
    what: "no user tags any more",
    before: { userTags: ["one", "two"] },
    after: {},
    shown: { userTags: "delete" },
    calls: ["DeleteTag", "DeleteTag"],
    server: { userTags: [] },
  },
  userTagsReordered: {
    what: "user tags in another order",
    before: { userTags: ["one", "two"] },
    after: { userTags: ["two", "one"] },
    ...SAME,
  },
  tagAttached: {
    what: "a tag",
    before: {},
    after: { tagUuids: [TAG_A] },
    shown: { tagUuids: "add" },
    calls: ["AttachTagToResources"],
    server: { tagUuids: [TAG_A] },
  },
  tagsCleared: {
    what: "no tags any more",
    before: { tagUuids: [TAG_A, TAG_B] },
    after: {},
    shown: { tagUuids: "delete" },
    calls: ["DetachTagFromResources", "DetachTagFromResources"],
    server: { tagUuids: [] },
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
  let destroyed: { left: number; again: EngineResult; changes: string[] };

  beforeAll(async () => {
    lab = await Lab.create();
    for (const uuid of [TAG_A, TAG_B]) {
      lab.zstack.tagPatterns.add({ uuid, name: uuid.slice(0, 1) });
    }
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
    expect(before.get("enabledDefault")).toMatchObject({ enabled: false });
    expect(before.get("tagsCleared")).toMatchObject({ tagUuids: [TAG_A, TAG_B] });
    expect(before.get("userTagsCleared")).toMatchObject({ userTags: ["one", "two"] });
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
      const step = changed.step(name);
      expect(step?.op).toBe(calls.length === 0 ? "same" : "update");
      const detailed = Object.entries(step?.detailedDiff ?? {}).map(([path, { kind }]) => [path, kind]);
      expect(Object.fromEntries(detailed)).toEqual(shown);
      expect(changes.get(name)).toEqual([...calls].sort());
      expect(lab.view(idOf(created, name))).toEqual({ ...before.get(name), ...server });
    },
  );

  test("no call of an update is about anything but the endpoints", () => {
    const told = [...changes.values()].flat();
    const expected = Object.values(CHANGES).flatMap(({ calls }) => calls);
    expect(told.sort()).toEqual(expected.sort());
  });

  test("destroy empties the server, and a second destroy has nothing to do", async () => {
    await lab.project.destroy();
    const left = lab.uuids.length;
    lab.emulator.journal.clear();
    destroyed = { left, again: await lab.project.destroy(), changes: lab.changes };
    expect(destroyed.left).toBe(0);
    expect(lab.zstack.persons.size).toBe(0);
    expect(destroyed.again.steps).toEqual([]);
    expect(destroyed.changes).toEqual([]);
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

  test("a create that is declared disabled is created, then disabled", async () => {
    await lab.up([endpoint("off", { enabled: false })]);
    expect(lab.changes).toEqual(["CreateSNSDingTalkEndpoint", CHANGE_STATE]);
    expect(lab.theOnly()).toMatchObject({ enabled: false });
    await lab.up([]);
    expect(lab.uuids).toEqual([]);
  });

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
