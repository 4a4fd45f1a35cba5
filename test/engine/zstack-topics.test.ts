import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { declare, errorOf, idOf, Lab, shownOf, uuid } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const TAG = uuid("a");
const SYSTEM_ALARM = "e7d6f5e23bb74e99a2777126078b551c";
const UPDATE = "UpdateSNSTopic";
const STATE = "ChangeSNSTopicState";

/** One topic: a change of its declaration, or what somebody else does to it (then `after` is `before`). */
interface Change {
  before: object;
  after?: object;
  drift?: ((lab: Lab, id: string) => void) | undefined;
  /** The exact path and kind that the engine must show. */
  shown: Record<string, "add" | "update" | "delete">;
  calls: string[];
}

const CHANGES: Record<string, Change> = {
  name: { before: { name: "before" }, after: { name: "after" }, shown: { name: "update" }, calls: [UPDATE] },
  described: { before: {}, after: { description: "x" }, shown: { description: "add" }, calls: [UPDATE] },
  undescribed: { before: { description: "x" }, after: {}, shown: { description: "delete" }, calls: [UPDATE] },
  localeAdded: { before: {}, after: { locale: "zh_CN" }, shown: { locale: "add" }, calls: [UPDATE] },
  localeChanged: {
    before: { locale: "zh_CN" },
    after: { locale: "en_US" },
    shown: { locale: "update" },
    calls: [UPDATE],
  },
  disabled: { before: {}, after: { enabled: false }, shown: { enabled: "update" }, calls: [STATE] },
  enabled: { before: { enabled: false }, after: {}, shown: { enabled: "update" }, calls: [STATE] },
  tagged: {
    before: {},
    after: { userTags: ["t"], tagUuids: [TAG] },
    shown: { userTags: "add", tagUuids: "add" },
    calls: ["AttachTagToResources", "CreateUserTag"],
  },
  untagged: {
    before: { userTags: ["t"], tagUuids: [TAG] },
    after: {},
    shown: { userTags: "delete", tagUuids: "delete" },
    calls: ["DeleteTag", "DetachTagFromResources"],
  },
  moved: {
    before: { name: "moved", resourceUuid: uuid("1") },
    after: { name: "moved", resourceUuid: uuid("2") },
    shown: { resourceUuid: "update" },
    calls: ["DeleteSNSTopic"],
  },
  same: {
    before: { name: "same", userTags: ["a", "b"] },
    after: { name: " same ", description: "", userTags: ["b", "a"] },
    shown: {},
    calls: [],
  },
};

const edit =
  (change: Parameters<Lab["zstack"]["topics"]["edit"]>[1]): Change["drift"] =>
  (lab, id) =>
    void lab.zstack.topics.edit(id, change);

const DRIFTS: Record<string, Change> = {
  name: { before: {}, drift: edit({ name: "drifted" }), shown: { name: "update" }, calls: [UPDATE] },
  description: {
    before: { description: "one" },
    drift: edit({ description: "two" }),
    shown: { description: "update" },
    calls: [UPDATE],
  },
  locale: {
    before: { locale: "zh_CN" },
    drift: edit({ locale: "en_US" }),
    shown: { locale: "update" },
    calls: [UPDATE],
  },
  localeNotDeclared: { before: {}, drift: edit({ locale: "en_US" }), shown: {}, calls: [] },
  state: { before: {}, drift: edit({ state: "Disabled" }), shown: { enabled: "update" }, calls: [STATE] },
  tags: {
    before: { userTags: ["t"], tagUuids: [TAG] },
    drift: (lab, id) => {
      for (const tag of lab.zstack.tags.list()) {
        if (tag.resourceUuid === id) {
          lab.zstack.tags.remove(tag.uuid);
        }
      }
    },
    shown: { userTags: "delete", tagUuids: "delete" },
    calls: ["AttachTagToResources", "CreateUserTag"],
  },
};

const declared = (changes: Record<string, Change>, when: "before" | "after"): string[] =>
  Object.entries(changes).map(([name, change]) => declare("Topic", name, change[when] ?? change.before));
const without = (changes: Record<string, Change>) =>
  Object.entries(changes).map(([name, one]) => ({ name, ...one }));

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
  lab.zstack.tagPatterns.add({ uuid: TAG, name: "t" });
});
afterAll(() => lab.dispose());

describe("a change of every field", () => {
  let created: EngineResult;
  let repeated: string[];
  let changed: EngineResult;
  const calls = new Map<string, string[]>();

  beforeAll(async () => {
    created = await lab.up(declared(CHANGES, "before"));
    const again = await lab.up(declared(CHANGES, "before"));
    repeated = [...lab.changes, ...again.steps.filter(({ op }) => op !== "same").map(({ name }) => name)];
    const owners = lab.tagOwners();
    changed = await lab.up(declared(CHANGES, "after"));
    for (const name of Object.keys(CHANGES)) {
      calls.set(name, lab.changesOf(idOf(created, name), owners).sort());
    }
  });

  test("begins with one topic each, and a second up that changes nothing", () => {
    expect(created.changes).toEqual({ create: Object.keys(CHANGES).length + 1 });
    expect(lab.topicUuids).toHaveLength(Object.keys(CHANGES).length);
    expect(repeated).toEqual([]);
  });

  test.each(without(CHANGES))(
    "$name: is shown under its exact path and takes the fewest calls",
    ({ name, ...one }) => {
      const op = name === "moved" ? "create-replacement" : one.calls.length === 0 ? "same" : "update";
      expect(changed.step(name)?.op).toBe(op);
      expect(shownOf(changed.step(name))).toEqual(one.shown);
      expect(calls.get(name)).toEqual(one.calls);
    },
  );

  test("ends with what is declared on the server", () => {
    const held = (name: string) => lab.zstack.topics.get(idOf(created, name));
    expect(held("name")?.name).toBe("after");
    expect(held("same")?.name).toBe("same");
    expect(idOf(changed, "moved")).toBe(uuid("2"));
    expect([held("described"), held("undescribed")].map((row) => row?.description)).toEqual(["x", ""]);
    expect([held("localeAdded"), held("localeChanged")].map((row) => row?.locale)).toEqual([
      "zh_CN",
      "en_US",
    ]);
    expect([held("disabled"), held("enabled")].map((row) => row?.state)).toEqual(["Disabled", "Enabled"]);
    const tags = lab.zstack.tags
      .list()
      .filter(({ resourceUuid }) => resourceUuid === idOf(created, "tagged"));
    expect(tags.map(({ resourceType }) => resourceType)).toEqual(["SNSTopicVO", "SNSTopicVO"]);
  });

  test("a locale cannot be taken back: refused before anything is done, and possible in a replacement", async () => {
    const program = [declare("Topic", "localeChanged", {})];
    const refused = await lab.up(program, ["--target", "**localeChanged"], { expectExit: 1 });
    expect(refused.text).toContain(
      "locale: cannot be taken back once it was given. Give a value, or make the object anew: run `pulumi up --replace` with the URN of this resource.",
    );
    expect(lab.changes).toEqual([]);
    const { urn } = await lab.project.resource("localeChanged");
    const replaced = await lab.up([declare("Topic", "localeChanged", {})], ["--replace", urn]);
    expect(replaced.step("localeChanged")?.op).toBe("create-replacement");
    expect(idOf(replaced, "localeChanged")).not.toBe(idOf(created, "localeChanged"));
    expect(lab.zstack.topics.get(idOf(replaced, "localeChanged"))?.locale).toBeUndefined();
    // The others were not declared any more.
    expect(lab.topicUuids).toEqual([idOf(replaced, "localeChanged")]);
  });
});

describe("drift of every field", () => {
  let seen: EngineResult;
  let ids: Map<string, string>;
  const repairs = new Map<string, string[]>();

  beforeAll(async () => {
    const up = await lab.up(declared(DRIFTS, "before"));
    ids = new Map(Object.keys(DRIFTS).map((name) => [name, idOf(up, name)]));
    await lab.project.refresh(["--preview-only", "--expect-no-changes"]);
    for (const [name, { drift }] of Object.entries(DRIFTS)) {
      drift?.(lab, ids.get(name) ?? "");
    }
    seen = await lab.project.refresh(["--preview-only", "--expect-no-changes"], { expectExit: 7 });
    const owners = lab.tagOwners();
    await lab.up(declared(DRIFTS, "before"), ["--refresh"]);
    for (const [name, id] of ids) {
      repairs.set(name, lab.changesOf(id, owners).sort());
    }
  });

  test.each(without(DRIFTS))(
    "$name: is seen under its exact path and repaired with the fewest calls",
    ({ name, ...one }) => {
      expect(shownOf(seen.step(name))).toEqual(one.shown);
      expect(repairs.get(name)).toEqual(one.calls);
    },
  );

  test("a deleted topic is dropped by refresh and made again by up; destroy tolerates one that is gone", async () => {
    for (const name of ["name", "tags"]) {
      lab.zstack.topics.remove(ids.get(name) ?? "");
    }
    const refused = await lab.up([declare("Topic", "name", { enabled: false })], [], { expectExit: 1 });
    expect(errorOf(refused, "name")).toContain(`The topic ${ids.get("name")} was deleted outside Pulumi.`);
    const again = await lab.up([declare("Topic", "name", { enabled: false })], ["--refresh"]);
    expect(again.step("name")?.op).toBe("create");
    expect(lab.topicUuids).toEqual([idOf(again, "name")]);
    lab.zstack.topics.remove(idOf(again, "name"));
    lab.emulator.journal.clear();
    await lab.project.destroy();
    expect(lab.changes).toEqual([]);
    expect(await lab.project.resources()).toEqual([]);
  });
});

describe("what is there", () => {
  test("is taken over by every way of adopt but for the built-in topics, or read, and only the taken ones are deleted", async () => {
    const add = (name: string, more = {}) => lab.zstack.topics.add({ name, ...more }).uuid;
    const there = {
      never: add("Never"),
      identical: add("Identical", { description: "d", locale: "en_US" }),
      byName: add("ByName", { description: "old", state: "Disabled" }),
      byId: add("ById"),
    };
    const up = await lab.up(
      [
        declare("Topic", "never", { name: "Never" }),
        declare("Topic", "identical", { name: "Identical", description: "d", adopt: "identical" }),
        declare("Topic", "byName", {
          name: "ByName",
          description: "new",
          adopt: { byName: true, overwrite: true },
        }),
        declare("Topic", "byId", { name: "Renamed", adopt: { id: there.byId, overwrite: true } }),
        declare("Topic", "absent", { adopt: { id: uuid("c") } }),
        declare("Topic", "builtIn", { name: "system-alarm", adopt: "byName" }),
        `const stock = zstack.Topic.get("stock", zstack.SYSTEM_ALARM_TOPIC_UUID);`,
        `exports.stock = { uuid: stock.uuid, name: stock.name, enabled: stock.enabled, is: zstack.Topic.isInstance(stock) };`,
      ],
      ["--continue-on-error"],
      { expectExit: 1 },
    );
    expect(idOf(up, "never")).not.toBe(there.never);
    for (const name of ["identical", "byName", "byId"] as const) {
      expect(idOf(up, name)).toBe(there[name]);
    }
    expect(lab.changesOf(there.identical)).toEqual([]);
    expect(lab.changesOf(there.byName)).toEqual([UPDATE, STATE]);
    expect(lab.changesOf(there.byId)).toEqual([UPDATE]);
    expect(errorOf(up, "absent")).toContain(`adopt: there is no topic ${uuid("c")}`);
    expect(errorOf(up, "builtIn")).toContain(`the topic ${SYSTEM_ALARM} of this name is built into ZStack`);
    const warned = up.diagnostics
      .filter(({ severity }) => severity === "warning")
      .map(({ message }) => message);
    expect(warned.join("\n")).toContain(`Takes over the existing topic ${there.byName}.`);
    expect(up.step("stock")?.new?.outputs).toMatchObject({
      uuid: SYSTEM_ALARM,
      name: "system-alarm",
      enabled: true,
    });

    lab.zstack.alarms.add({ uuid: uuid("d"), name: "cpu" });
    lab.zstack.alarmActions.add({ alarmUuid: uuid("d"), actionUuid: there.byId });
    lab.zstack.endpoints.add({ uuid: uuid("e"), name: "theirs" });
    lab.zstack.subscriptions.add({ topicUuid: there.byId, endpointUuid: uuid("e") });
    const destroyed = await lab.project.destroy();
    expect(destroyed.text).toContain(
      `Deleting topic ${there.byId} takes it away from what still sends to it: alarm "cpu" (${uuid("d")}). ZStack does not put it back.`,
    );
    expect(destroyed.text).toContain(
      `Deleting topic ${there.byId} unsubscribes what it still delivers to: endpoint "theirs" (${uuid("e")}). ZStack does not subscribe it again.`,
    );
    expect(lab.topicUuids).toEqual([there.never]);
    expect(lab.zstack.topics.get(SYSTEM_ALARM)).toBeDefined();
  });
});
