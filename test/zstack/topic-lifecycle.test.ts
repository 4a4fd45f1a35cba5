import { definitions } from "../../provider/zstack/definitions";
import type { TopicInputs } from "../../provider/program/zstack-resources";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";
import { failureOf, lifecycleOf, tagsOn, useEmulator } from "../support/zstack";

const OWN = uuidFromKey("0".repeat(64), 0);
const SECOND = uuidFromKey("0".repeat(64), 1);
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

const { create, read, update, changed } = lifecycleOf(definitions.Topic, () => lab.bench);

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

  test("is not believed in when a topic of another name has its uuid", async () => {
    lab.emulator.zstack.topics.add({ uuid: OWN, name: "theirs" });
    expect((await failureOf(create(inputsOf()))).message).toContain(
      `ZStack already has a topic ${OWN}, with another name than declared.\n`,
    );
    expect(lab.changes()).toEqual([]);
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
    ["no description", { description: undefined }, ["UpdateSNSTopic"]],
    ["name, description and locale", { name: "x", description: "y", locale: "en_US" }, ["UpdateSNSTopic"]],
    ["enabled", { enabled: false }, ["ChangeSNSTopicState"]],
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
});

test("a read tells what the topic has, and neither tags nor subscriptions of others", async () => {
  const { id, state } = await create(FULL);
  lab.emulator.zstack.topics.edit(id, { description: undefined, locale: undefined, state: "Disabled" });
  lab.emulator.zstack.tags.add({ resourceUuid: id, tag: "theirs" });
  lab.emulator.zstack.subscriptions.add({ topicUuid: id, endpointUuid: "x" });
  await lab.nextRun();
  const live = await read(id, state);
  expect(changed(live, FULL, id)).toEqual(["description", "locale", "enabled"]);
  expect(lab.changes()).toEqual([]);
});
