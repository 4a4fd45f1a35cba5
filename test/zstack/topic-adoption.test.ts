import { API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID } from "../../provider/zstack/lifecycle/built-in-topics";
import { definitions } from "../../provider/zstack/definitions";
import type { TopicInputs } from "../../provider/program/zstack-resources";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";
import { failureOf, lifecycleOf, useEmulator } from "../support/zstack";

/** What of an existing installation a topic may take over, and what its delete says to those who still send to it. */

const OWN = uuidFromKey("0".repeat(64), 0);
const STRANGER = uuidFromKey("stranger", 0);
const inputsOf = (given: Partial<TopicInputs> = {}): TopicInputs => ({
  name: "ops",
  enabled: true,
  adopt: "never",
  ...given,
});

const lab = useEmulator(6);

const { create, read, remove, update } = lifecycleOf(definitions.Topic, () => lab.bench);
const held = (uuid = OWN) => lab.emulator.zstack.topics.get(uuid);

describe("adopt", () => {
  const TAKES = `Takes over the existing topic ${STRANGER}. Destroying this resource will delete it.`;
  const TAKES_IDENTICAL = `Takes over the existing topic ${STRANGER}, which already is as declared: an earlier run that was cut off made it, or somebody else did. Destroying this resource will delete it.`;
  const add = (more: object = {}) => lab.emulator.zstack.topics.add({ uuid: STRANGER, name: "ops", ...more });

  test("never makes a twin beside a topic of the same name", async () => {
    add();
    expect((await create(inputsOf())).id).toBe(OWN);
    expect(lab.bench.warnings).toEqual([]);
  });

  test("identical takes what is as declared, whatever locale it has where none is declared", async () => {
    add({ locale: "en_US" });
    expect((await create(inputsOf({ adopt: "identical" }))).id).toBe(STRANGER);
    expect(lab.changes()).toEqual([]);
    expect(lab.bench.warnings).toEqual([TAKES_IDENTICAL]);
  });

  test.each<[string, object, Partial<TopicInputs>]>([
    ["description", { description: "other" }, {}],
    ["locale", { locale: "en_US" }, { locale: "zh_CN" }],
    ["locale, which is none,", {}, { locale: "zh_CN" }],
    ["name", { name: "OPS" }, {}],
    ["uuid", {}, { resourceUuid: OWN }],
  ])("identical does not take one with another %s", async (_what, there, given) => {
    add(there);
    expect((await create(inputsOf({ adopt: "identical", ...given }))).id).toBe(OWN);
  });

  test("identical does not compare state and tags, which the create call cannot set, but sets them", async () => {
    add({ state: "Disabled" });
    expect((await create(inputsOf({ adopt: "identical", userTags: ["a"] }))).id).toBe(STRANGER);
    expect(lab.changes()).toEqual(["ChangeSNSTopicState", "CreateUserTag"]);
  });

  test("byName takes the one of that name where it is as declared, and changes nothing", async () => {
    add({ description: "d", locale: "en_US" });
    expect((await create(inputsOf({ adopt: "byName", description: "d" }))).id).toBe(STRANGER);
    expect(lab.changes()).toEqual([]);
    expect(lab.bench.warnings).toEqual([TAKES]);
  });

  test.each<[string, TopicInputs["adopt"]]>([
    ["byName", "byName"],
    ["{ id }", { id: STRANGER }],
  ])(
    "%s changes nothing of one that is not as declared, and tells every difference",
    async (_what, adopt) => {
      add({ description: "other", locale: "en_US", state: "Disabled" });
      const refusal = await failureOf(create(inputsOf({ adopt, locale: "zh_CN", userTags: ["a"] })));
      expect(refusal.message).toBe(
        [
          `adopt: the topic ${STRANGER} is not as declared, so it is not taken over. Nothing was changed.`,
          'description: "other" on the server, nothing declared',
          'locale: "en_US" on the server, "zh_CN" declared',
          "enabled: false on the server, true declared",
          'userTags: nothing on the server, [ "a" ] declared',
          `Correct the program so that it declares what is there. Or have it overwritten, which loses what is there: \`adopt: { id: "${STRANGER}", overwrite: true }\`${adopt === "byName" ? " or `adopt: { byName: true, overwrite: true }`" : ""}.`,
        ].join("\n"),
      );
      expect(lab.changes()).toEqual([]);
    },
  );

  test("byName with overwrite takes the one of that name and changes the difference, which is said before", async () => {
    add({ description: "other", locale: "en_US", state: "Disabled" });
    const adopt = { byName: true, overwrite: true } as const;
    const { id, state } = await create(inputsOf({ adopt, locale: "zh_CN" }));
    expect(lab.bench.warnings).toEqual([
      TAKES,
      `Overwrites the topic ${STRANGER}. description: "other" on the server, nothing declared.`,
      `Overwrites the topic ${STRANGER}. locale: "en_US" on the server, "zh_CN" declared.`,
      `Overwrites the topic ${STRANGER}. enabled: false on the server, true declared.`,
    ]);
    expect(id).toBe(STRANGER);
    expect(held(STRANGER)).toMatchObject({ description: "", locale: "zh_CN", state: "Enabled" });
    expect(lab.changes()).toEqual(["UpdateSNSTopic", "ChangeSNSTopicState"]);
    expect(state).toMatchObject({ description: undefined, locale: "zh_CN" });
  });

  test("byName makes a new one where nobody has the name", async () => {
    add({ name: "other" });
    expect((await create(inputsOf({ adopt: "byName" }))).id).toBe(OWN);
  });

  test.each(["identical", "byName"] as const)("%s refuses to choose between two", async (adopt) => {
    add();
    const twin = lab.emulator.zstack.topics.add({ name: "ops" }).uuid;
    expect((await failureOf(create(inputsOf({ adopt })))).message).toBe(
      `adopt: 2 topics match: ${[STRANGER, twin].sort().join(", ")}.\n` +
        "Say which one with `adopt: { id }`, or remove the others.",
    );
    expect(lab.changes()).toEqual([]);
  });

  test("{ id } takes that one, in any spelling of its uuid", async () => {
    add();
    const id = STRANGER.toUpperCase().replace(/^(.{8})/, "$1-");
    expect((await create(inputsOf({ adopt: { id } }))).id).toBe(STRANGER);
    expect(lab.bench.warnings).toEqual([TAKES]);
  });

  test("{ id } with overwrite renames that one", async () => {
    add({ name: "other" });
    expect((await create(inputsOf({ adopt: { id: STRANGER, overwrite: true } }))).id).toBe(STRANGER);
    expect(held(STRANGER)?.name).toBe("ops");
  });

  test.each([
    ["nothing has", STRANGER],
    ["an endpoint has", uuidFromKey("endpoint", 0)],
  ])("{ id } that %s is an error", async (_what, id) => {
    lab.emulator.zstack.endpoints.add({ uuid: uuidFromKey("endpoint", 0) });
    expect((await failureOf(create(inputsOf({ adopt: { id } })))).message).toBe(
      `adopt: there is no topic ${id}, or this account cannot see it.\nCheck the id, or leave \`adopt\` out to create a new one.`,
    );
    expect(lab.changes()).toEqual([]);
  });

  test.each<[string, "byName" | "identical", string]>([
    ["system-alarm", "byName", SYSTEM_ALARM_TOPIC_UUID],
    ["system-alarm", "identical", SYSTEM_ALARM_TOPIC_UUID],
    ["api", "byName", API_TOPIC_UUID],
  ])("the built-in %s is refused %s", async (name, adopt, uuid) => {
    expect((await failureOf(create(inputsOf({ name, adopt })))).message).toBe(
      `adopt: the topic ${uuid} of this name is built into ZStack: it cannot be managed or deleted. ` +
        "Give its uuid as the topicUuid of a TopicSubscription, or read it with Topic.get.",
    );
    expect(lab.changes()).toEqual([]);
  });

  test("a server that does not take our uuids has the topic managed under the one that it got", async () => {
    lab.emulator.zstack.switches.clientUuids = "ignored";
    const { id } = await create(inputsOf({ description: "d" }));
    expect(id).not.toBe(OWN);
    expect(held(id)).toMatchObject({ name: "ops", description: "d" });
    expect(lab.bench.warnings.join()).toContain(`was asked to make the topic ${OWN}, and made it as ${id}.`);
    expect(await failureOf(create(inputsOf({ name: "two", resourceUuid: STRANGER })))).toMatchObject({
      name: "InputError",
      message: expect.stringContaining("which was deleted again") as string,
    });
    expect(held(STRANGER)).toBeUndefined();
    expect(lab.emulator.zstack.topics.list().filter(({ name }) => name === "two")).toEqual([]);
  });

  test("a topic of our own may be called like a built-in one", async () => {
    expect((await create(inputsOf({ name: "system-alarm" }))).id).toBe(OWN);
  });

  test("a built-in topic can be read", async () => {
    expect(await read(SYSTEM_ALARM_TOPIC_UUID)).toMatchObject({ name: "system-alarm", enabled: true });
  });
});

describe("a delete", () => {
  const ALARM = uuidFromKey("alarm", 0);
  const OTHER_ALARM = uuidFromKey("alarm", 1);
  const EVENTS = uuidFromKey("events", 0);
  const NAMELESS = uuidFromKey("events", 1);
  let state: object;

  beforeEach(async () => {
    const { alarms, eventSubscriptions, topics } = lab.emulator.zstack;
    ({ state } = await create(inputsOf()));
    topics.add({ uuid: STRANGER });
    alarms.add({ uuid: ALARM, name: "cpu" });
    alarms.add({ uuid: OTHER_ALARM, name: "disk" });
    eventSubscriptions.add({ uuid: EVENTS, name: "host down" });
    eventSubscriptions.add({ uuid: NAMELESS });
    lab.emulator.zstack.alarmActions.add({ alarmUuid: OTHER_ALARM, actionUuid: STRANGER });
    lab.emulator.journal.clear();
  });
  const sendToOurs = () => {
    lab.emulator.zstack.alarmActions.add({ alarmUuid: ALARM, actionUuid: OWN });
    for (const subscriptionUuid of [EVENTS, NAMELESS]) {
      lab.emulator.zstack.eventSubscriptionActions.add({ subscriptionUuid, actionUuid: OWN });
    }
  };

  test("says nothing when nothing sends to the topic", async () => {
    await remove(OWN, state);
    expect(held()).toBeUndefined();
    expect(lab.bench.warnings).toEqual([]);
    expect(lab.changes()).toEqual(["DeleteSNSTopic"]);
  });

  test("names the alarms and event subscriptions that still send to it, and no others", async () => {
    sendToOurs();
    await remove(OWN, state);
    expect(lab.bench.warnings).toHaveLength(1);
    const [warning] = lab.bench.warnings;
    expect(warning).toMatch(new RegExp(`^Deleting topic ${OWN} takes it away from what still sends to it: `));
    expect(warning).toMatch(/\. ZStack does not put it back\.$/);
    for (const named of [
      `alarm "cpu" (${ALARM})`,
      `event subscription "host down" (${EVENTS})`,
      `event subscription ${NAMELESS}`,
    ]) {
      expect(warning).toContain(named);
    }
    expect(warning).not.toContain(OTHER_ALARM);
    expect(lab.emulator.zstack.alarmActions.list().map(({ actionUuid }) => actionUuid)).toEqual([STRANGER]);
  });

  test.each<[string, () => void]>([
    ["they may not be seen", () => (lab.emulator.zstack.switches.deniedOperations = ["QueryAlarm"])],
    [
      "only event subscriptions may not be seen",
      () => (lab.emulator.zstack.switches.deniedOperations = ["QueryEventSubscription"]),
    ],
    ["the module is missing", () => (lab.emulator.zstack.switches.zwatchAvailable = false)],
    [
      "the answer is nonsense",
      () =>
        void lab.emulator.zstack.faults.add({
          operation: "QueryAlarm",
          times: "always",
          fault: { kind: "status", status: 200, body: "{}" },
        }),
    ],
  ])("goes on when alarms cannot be asked for: %s", async (_what, trouble) => {
    sendToOurs();
    trouble();
    await remove(OWN, state);
    expect(held()).toBeUndefined();
    expect(lab.changes()).toEqual(["DeleteSNSTopic"]);
    expect(lab.bench.progress.join("\n")).toContain(`Could not look for alarms that send to topic ${OWN}: `);
  });

  test("names the endpoints that lose their subscription", async () => {
    const { endpoints, subscriptions } = lab.emulator.zstack;
    const [duty, other] = [uuidFromKey("endpoint", 0), uuidFromKey("endpoint", 1)];
    endpoints.add({ uuid: duty, name: "duty" });
    endpoints.add({ uuid: other, name: "mail", type: "Email" });
    subscriptions.add({ topicUuid: OWN, endpointUuid: duty });
    subscriptions.add({ topicUuid: OWN, endpointUuid: other });
    subscriptions.add({ topicUuid: STRANGER, endpointUuid: duty });
    await remove(OWN, state);
    const [warning, ...more] = lab.bench.warnings;
    expect(more).toEqual([]);
    expect(warning).toMatch(
      new RegExp(`^Deleting topic ${OWN} unsubscribes what it still delivers to: endpoint `),
    );
    expect(warning).toMatch(/\. ZStack does not subscribe it again\.$/);
    for (const named of [`"duty" (${duty})`, `"mail" (${other})`]) {
      expect(warning).toContain(named);
    }
  });

  test("goes on when subscriptions cannot be asked for", async () => {
    lab.emulator.zstack.switches.deniedOperations = ["QuerySNSTopicSubscriber"];
    sendToOurs();
    await remove(OWN, state);
    expect(held()).toBeUndefined();
    expect(lab.bench.warnings).toHaveLength(1);
    expect(lab.bench.progress.join("\n")).toContain(
      `Could not look for endpoints that are subscribed to topic ${OWN}: `,
    );
  });

  test("of many topics asks once for what loses them", async () => {
    const uuids = Array.from({ length: 20 }, (_, n) => uuidFromKey("many", n));
    for (const uuid of uuids) {
      lab.emulator.zstack.topics.add({ uuid });
      lab.emulator.zstack.alarmActions.add({ alarmUuid: ALARM, actionUuid: uuid });
    }
    await Promise.all(uuids.map((uuid) => remove(uuid, {})));
    expect(lab.bench.warnings).toHaveLength(20);
    for (const query of ["QueryAlarm", "QueryEventSubscription", "QuerySNSTopicSubscriber"]) {
      expect([query, lab.emulator.journal.count(query)]).toEqual([query, 1]);
    }
  });

  test("of a topic that is gone sends nothing and warns of nothing, the second time neither", async () => {
    await remove(OWN, state);
    lab.emulator.journal.clear();
    await remove(OWN, state);
    expect(lab.changes()).toEqual([]);
    expect(lab.bench.warnings).toEqual([]);
  });

  test("fails when the server refuses it", async () => {
    lab.emulator.zstack.switches.deniedOperations = ["DeleteSNSTopic"];
    expect(await failureOf(remove(OWN, state))).toMatchObject({ apiCode: "ID.1002" });
    expect(held()).toBeDefined();
  });

  test("that is out of time before it begins changes nothing", async () => {
    await failureOf(remove(OWN, state, { signal: AbortSignal.abort(new Error("out of time")) }));
    expect(lab.changes()).toEqual([]);
  });
});

describe("another place", () => {
  const elsewhere = { recordedTenancy: { site: "http://10.0.0.9:8080/zstack" } };

  test("is fine while the topic is found there, and refused by read, update and delete when it is not", async () => {
    const { id, state } = await create(inputsOf());
    lab.emulator.journal.clear();
    expect(await read(id, state, elsewhere)).toMatchObject({ name: "ops" });
    for (const work of [
      () => read(STRANGER, state, elsewhere),
      () => update(STRANGER, state, inputsOf(), elsewhere),
      () => remove(STRANGER, state, elsewhere),
    ]) {
      expect(await failureOf(work())).toMatchObject({
        name: "WrongTenancyError",
        message: expect.stringContaining(
          `topic ${STRANGER} was not found, but this connection is not the one it was made with.`,
        ) as string,
      });
    }
    expect(lab.changes()).toEqual([]);
  });
});
