import type { TransportFault, ZStackFault } from "../../emulator";
import { definitions } from "../../provider/zstack/definitions";
import { API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID } from "../../provider/zstack/lifecycle/built-in-topics";
import type { TopicInputs, TopicState } from "../../provider/program/zstack-resources";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";
import { failureOf, lifecycleOf, tagsOn, useEmulator } from "../support/zstack";

const OWN = uuidFromKey("0".repeat(64), 0);
const SECOND = uuidFromKey("0".repeat(64), 1);
const STRANGER = uuidFromKey("stranger", 0);
const PATTERN = uuidFromKey("pattern", 0);

const inputsOf = (given: Partial<TopicInputs> = {}): TopicInputs => ({
  name: "ops",
  enabled: true,
  adopt: "never",
  ...given,
});
const FULL = inputsOf({ description: "text", locale: "zh_CN", userTags: ["a", "b"], tagUuids: [PATTERN] });
const HELD_FULL = {
  name: "ops",
  description: "text",
  locale: "zh_CN",
  enabled: true,
  userTags: ["a", "b"],
  tagUuids: [PATTERN],
};

const lab = useEmulator(5);
beforeEach(() => {
  lab.emulator.zstack.tagPatterns.add({ uuid: PATTERN, name: "t" });
});

const { create, read, update, remove, changed } = lifecycleOf(definitions.Topic, () => lab.bench);
/** The topics that are not built in. */
const topics = () =>
  lab.emulator.zstack.topics
    .list()
    .filter(({ uuid }) => ![SYSTEM_ALARM_TOPIC_UUID, API_TOPIC_UUID].includes(uuid));

/** What the server holds of one topic, in the words of the resource. */
function held(uuid = OWN) {
  const row = lab.emulator.zstack.topics.get(uuid);
  const { name, description, locale, state } = row ?? {};
  return { name, description, locale, enabled: state === "Enabled", ...tagsOn(lab.emulator, uuid) };
}

describe("create", () => {
  test("makes one topic, with everything, under the uuid of its key", async () => {
    const { id, state } = await create(FULL);
    expect(id).toBe(OWN);
    expect(held()).toEqual(HELD_FULL);
    expect(lab.changes()).toEqual([
      "CreateSNSTopic",
      "CreateUserTag",
      "CreateUserTag",
      "AttachTagToResources",
    ]);
    expect(new Set(lab.emulator.zstack.tags.list().map(({ resourceType }) => resourceType))).toEqual(
      new Set(["SNSTopicVO"]),
    );
    expect(state).toEqual({ ...FULL, uuid: OWN, createdAt: expect.any(String), resourceUuid: undefined });
    expect(changed(state, FULL, OWN)).toEqual([]);
    expect(lab.bench.warnings).toEqual([]);
  });

  test("makes a disabled one in two calls", async () => {
    const { state } = await create(inputsOf({ enabled: false }));
    expect([state.enabled, held().enabled]).toEqual([false, false]);
    expect(lab.changes()).toEqual(["CreateSNSTopic", "ChangeSNSTopicState"]);
  });

  test("uses the uuid that the program gave", async () => {
    const inputs = inputsOf({ resourceUuid: STRANGER });
    const { id, state } = await create(inputs);
    expect(id).toBe(STRANGER);
    expect(changed(state, inputs, id)).toEqual([]);
  });

  test("makes a second one after a replacement: the uuid of the deleted one is not touched", async () => {
    const { id, state } = await create(FULL);
    lab.bench.ids.release(id, "0".repeat(64));
    await remove(id, state);
    expect((await create(FULL)).id).toBe(SECOND);
    expect(topics()).toHaveLength(1);
  });

  test("finds a uuid even when none of the derived ones can be used again", async () => {
    lab.emulator.zstack.switches.uuidReuse = false;
    const used = new Set<string>();
    for (let life = 0; life < 6; life++) {
      const { id, state } = await create(inputsOf());
      used.add(id);
      await remove(id, state);
      await lab.nextRun();
    }
    expect(used.size).toBe(6);
    expect(topics()).toEqual([]);
  });

  test("passes over a uuid that another kind of object has", async () => {
    lab.emulator.zstack.endpoints.add({ uuid: OWN });
    expect((await create(inputsOf())).id).toBe(SECOND);
  });
});

describe("a create that was cut off", () => {
  test.each([OWN, SECOND])("is continued with by the next run: %s", async (uuid) => {
    lab.emulator.zstack.topics.add({ uuid, name: "ops", description: "x", state: "Disabled" });
    expect((await create(FULL)).id).toBe(uuid);
    expect(held(uuid)).toEqual(HELD_FULL);
    expect(lab.changes()).not.toContain("CreateSNSTopic");
    expect(lab.bench.warnings).toEqual([
      `Continues with the topic ${uuid}, which an earlier run of this resource left behind.`,
    ]);
  });

  test.each<[string, Partial<TopicInputs>, string, string]>([
    [
      "a derived uuid",
      {},
      OWN,
      `Two stacks of the same organization, project and names share derived uuids. If it is meant, declare it as it is and take it over with \`adopt: { id: "${OWN}" }\`, or have it changed with \`adopt: { id: "${OWN}", overwrite: true }\`; else rename the resource or give a resourceUuid.`,
    ],
    [
      "a uuid that the program gave",
      { resourceUuid: STRANGER },
      STRANGER,
      `Declare it as it is and take it over with \`adopt: { id: "${STRANGER}" }\`, have it changed with \`adopt: { id: "${STRANGER}", overwrite: true }\`, or give another resourceUuid.`,
    ],
  ])("is not believed in when a topic of another name has %s", async (_what, given, uuid, hint) => {
    lab.emulator.zstack.topics.add({ uuid, name: "theirs" });
    expect((await failureOf(create(inputsOf(given)))).message).toBe(
      `ZStack already has a topic ${uuid}, with another name than declared.\n${hint}`,
    );
    expect(lab.changes()).toEqual([]);
  });

  type Fault = TransportFault | ZStackFault;
  test.each<[string, Fault]>([
    ["a job that never ends", { kind: "jobStuck" }],
    ["the server's own timeout", { kind: "jobFails", code: "SYS.1001", committed: true }],
    ["an internal error after the work", { kind: "jobFails", code: "SYS.1000", committed: true }],
  ])("within one run is resolved by asking for the uuid: %s", async (_what, fault) => {
    lab.emulator.zstack.faults.add({ operation: "CreateSNSTopic", fault });
    expect((await create(FULL)).id).toBe(OWN);
    expect(held()).toEqual(HELD_FULL);
    expect(topics()).toHaveLength(1);
  });

  test("is kept as unfinished with what the server has, and finished by the next update", async () => {
    lab.emulator.zstack.switches.deniedOperations = ["ChangeSNSTopicState", "CreateUserTag"];
    const inputs = { ...FULL, enabled: false };
    const error = await failureOf(create(inputs));
    expect(error).toMatchObject({ name: "IncompleteError", id: OWN });
    const state = error["state"] as TopicState;
    expect(changed(state, inputs, OWN)).toEqual(["enabled", "userTags", "tagUuids"]);

    lab.emulator.zstack.switches.deniedOperations = [];
    expect(changed(await update(OWN, state, inputs), inputs, OWN)).toEqual([]);
    expect(held()).toEqual({ ...HELD_FULL, enabled: false });
  });
});

describe("a locale that is not declared", () => {
  test.each([undefined, "en_US"])("is not looked at, whatever the server has: %s", async (locale) => {
    const { state } = await create(inputsOf());
    lab.emulator.zstack.topics.edit(OWN, { locale });
    const live = await read(OWN, state);
    expect(changed(live, inputsOf(), OWN)).toEqual([]);
    await update(OWN, live ?? {}, inputsOf({ name: "new" }));
    expect(held()).toMatchObject({ name: "new", locale });
    const body = JSON.stringify(lab.emulator.journal.changing().map((entry) => entry.body));
    expect(body).not.toContain("locale");
  });

  test("and is declared later is sent only where the server has another", async () => {
    const { state } = await create(inputsOf());
    lab.emulator.zstack.topics.edit(OWN, { locale: "en_US" });
    lab.emulator.journal.clear();
    const same = inputsOf({ locale: "en_US" });
    expect(changed(state, same, OWN)).toEqual(["locale"]);
    expect(changed(await update(OWN, state, same), same, OWN)).toEqual([]);
    expect(lab.changes()).toEqual([]);
    await update(OWN, state, inputsOf({ locale: "zh_CN" }));
    expect(lab.changes()).toEqual(["UpdateSNSTopic"]);
    expect(held().locale).toBe("zh_CN");
  });
});

describe("an update", () => {
  test.each<[string, Partial<TopicInputs>, string[]]>([
    ["nothing", {}, []],
    ["name", { name: "x" }, ["UpdateSNSTopic"]],
    ["description", { description: "x" }, ["UpdateSNSTopic"]],
    ["no description", { description: undefined }, ["UpdateSNSTopic"]],
    ["locale", { locale: "en_US" }, ["UpdateSNSTopic"]],
    ["name, description and locale", { name: "x", description: "y", locale: "en_US" }, ["UpdateSNSTopic"]],
    ["enabled", { enabled: false }, ["ChangeSNSTopicState"]],
    ["a tag less", { userTags: ["a"] }, ["DeleteTag"]],
    ["no pattern", { tagUuids: undefined }, ["DetachTagFromResources"]],
  ])("of %s makes just the call it needs", async (_what, change, calls) => {
    const { id, state } = await create(FULL);
    lab.emulator.journal.clear();
    const inputs = { ...FULL, ...change };
    expect(changed(await update(id, state, inputs), inputs, id)).toEqual([]);
    expect(lab.changes()).toEqual(calls);
    const { adopt: _, ...declared } = inputs;
    expect(held()).toEqual({
      ...declared,
      description: declared.description ?? "",
      tagUuids: declared.tagUuids ?? [],
    });
  });

  test("compares with the live topic, not with the recorded one", async () => {
    const { id, state } = await create(FULL);
    lab.emulator.zstack.topics.edit(id, { name: "drifted" });
    lab.emulator.journal.clear();
    await update(id, state, { ...FULL, description: "new" });
    expect(held()).toEqual({ ...HELD_FULL, description: "new" });
    expect(lab.changes()).toEqual(["UpdateSNSTopic"]);
  });
});

describe("drift", () => {
  const edit = (change: object) => () => void lab.emulator.zstack.topics.edit(OWN, change);
  const untag = (text: string) => () => {
    for (const { uuid, tag } of lab.emulator.zstack.tags.list()) {
      if (tag === text) {
        lab.emulator.zstack.tags.remove(uuid);
      }
    }
  };
  const somebodyElses = () => {
    lab.emulator.zstack.tags.add({ resourceUuid: OWN, tag: "theirs" });
    lab.emulator.zstack.subscriptions.add({ topicUuid: OWN, endpointUuid: "x" });
  };
  test.each<[string, () => void, string[]]>([
    ["name", edit({ name: "x" }), ["name"]],
    ["description", edit({ description: "x" }), ["description"]],
    ["no description", edit({ description: undefined }), ["description"]],
    ["locale", edit({ locale: "en_US" }), ["locale"]],
    ["no locale", edit({ locale: undefined }), ["locale"]],
    ["state", edit({ state: "Disabled" }), ["enabled"]],
    ["a tag less", untag("a"), ["userTags"]],
    ["a pattern less", untag("t"), ["tagUuids"]],
    ["a tag and a subscription of somebody else", somebodyElses, []],
  ])("of %s is seen by property, and repaired", async (_what, drift, properties) => {
    const { id, state } = await create(FULL);
    drift();
    await lab.nextRun();
    const live = await read(id, state);
    expect(changed(live, FULL, id)).toEqual(properties);
    expect(lab.changes()).toEqual([]);
    if (live === undefined || properties.length === 0) {
      return;
    }
    expect(changed(await update(id, live, FULL), FULL, id)).toEqual([]);
    expect(held()).toEqual(HELD_FULL);
  });

  test("of a topic that was deleted is seen, and its delete has nothing to do", async () => {
    const { id, state } = await create(FULL);
    lab.emulator.zstack.topics.remove(id);
    lab.emulator.journal.clear();
    expect(await read(id, state)).toBeUndefined();
    expect((await failureOf(update(id, state, inputsOf()))).message).toBe(
      `The topic ${id} was deleted outside Pulumi.\n` +
        "Run `pulumi refresh`, then `pulumi up` to create it again; or `pulumi up --refresh`, which does both.",
    );
    await remove(id, state);
    expect(lab.changes()).toEqual([]);
  });
});
