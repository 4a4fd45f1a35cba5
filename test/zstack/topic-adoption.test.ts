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

const { create, read, remove } = lifecycleOf(definitions.Topic, () => lab.bench);
const held = (uuid = OWN) => lab.emulator.zstack.topics.get(uuid);

describe("adopt", () => {
  const TAKES_IDENTICAL = `Takes over the existing topic ${STRANGER}, which already is as declared: an earlier run that was cut off made it, or somebody else did. Destroying this resource will delete it.`;
  const add = (more: object = {}) => lab.emulator.zstack.topics.add({ uuid: STRANGER, name: "ops", ...more });

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

  test("{ id } changes nothing of one that is not as declared, and tells every difference", async () => {
    add({ description: "other", locale: "en_US", state: "Disabled" });
    const given = inputsOf({ adopt: { id: STRANGER }, locale: "zh_CN", userTags: ["a"] });
    expect((await failureOf(create(given))).message.split("\n").slice(1, -1)).toEqual([
      'description: "other" on the server, nothing declared',
      'locale: "en_US" on the server, "zh_CN" declared',
      "enabled: false on the server, true declared",
      'userTags: nothing on the server, [ "a" ] declared',
    ]);
    expect(lab.changes()).toEqual([]);
  });

  test("byName with overwrite takes the one of that name and changes the difference", async () => {
    add({ description: "other", locale: "en_US", state: "Disabled" });
    const adopt = { byName: true, overwrite: true } as const;
    const { id, state } = await create(inputsOf({ adopt, locale: "zh_CN" }));
    expect(id).toBe(STRANGER);
    expect(held(STRANGER)).toMatchObject({ description: "", locale: "zh_CN", state: "Enabled" });
    expect(lab.changes()).toEqual(["UpdateSNSTopic", "ChangeSNSTopicState"]);
    expect(state).toMatchObject({ description: undefined, locale: "zh_CN" });
  });

  test("{ id } that an endpoint has is an error", async () => {
    lab.emulator.zstack.endpoints.add({ uuid: STRANGER });
    expect((await failureOf(create(inputsOf({ adopt: { id: STRANGER } })))).message).toContain(
      `adopt: there is no topic ${STRANGER}, or this account cannot see it.`,
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
});
