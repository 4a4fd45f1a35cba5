import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { code, declare, idOf, Lab, shownOf, uuid, WEBHOOK } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** Objects that somebody else manages, and that the links of a program join. */
const [TOPIC, OTHER_TOPIC] = [uuid("1"), uuid("2")];
const [ENDPOINT, OTHER_ENDPOINT, THIRD_ENDPOINT] = [uuid("4"), uuid("5"), uuid("6")];
const [ALARM, OTHER_ALARM, THIRD_ALARM] = [uuid("7"), uuid("8"), uuid("9")];
const [EVENTS, OTHER_EVENTS, THIRD_EVENTS] = [uuid("a"), uuid("b"), uuid("c")];

const ATTACH = ["AddActionToAlarm", "AddActionToEventSubscription", "SubscribeSNSTopic"];
const DETACH = ["RemoveActionFromAlarm", "RemoveActionFromEventSubscription", "UnsubscribeSNSTopic"];
const EXPECT_CLEAN = ["--preview-only", "--expect-no-changes"];

const subscription = (topicUuid: string, endpointUuid: string, name: string) =>
  declare("TopicSubscription", name, { topicUuid, endpointUuid });
const alarmAction = (alarmUuid: string, topicUuid: string, name: string) =>
  declare("AlarmAction", name, { alarmUuid, topicUuid });
const eventAction = (subscriptionUuid: string, topicUuid: string, name: string) =>
  declare("EventSubscriptionAction", name, { subscriptionUuid, topicUuid });

/** Every link before and after a change, with the side that changes. */
const CHANGES = [
  ["told", subscription, "endpointUuid", [TOPIC, ENDPOINT], [TOPIC, OTHER_ENDPOINT]],
  ["toldToo", subscription, "topicUuid", [TOPIC, THIRD_ENDPOINT], [OTHER_TOPIC, THIRD_ENDPOINT]],
  ["cpu", alarmAction, "alarmUuid", [ALARM, TOPIC], [OTHER_ALARM, TOPIC]],
  ["cpuToo", alarmAction, "topicUuid", [THIRD_ALARM, TOPIC], [THIRD_ALARM, OTHER_TOPIC]],
  ["down", eventAction, "subscriptionUuid", [EVENTS, TOPIC], [OTHER_EVENTS, TOPIC]],
  ["downToo", eventAction, "topicUuid", [THIRD_EVENTS, TOPIC], [THIRD_EVENTS, OTHER_TOPIC]],
] as const;
const NAMES = CHANGES.map(([name]) => name);
const BEFORE = CHANGES.map(([name, link, , [from, to]]) => link(from, to, name));
const AFTER = CHANGES.map(([name, link, , , [from, to]]) => link(from, to, name));
const IDS_BEFORE = CHANGES.map(([, , , sides]) => sides.join("/"));
const IDS_AFTER = CHANGES.map(([, , , , sides]) => sides.join("/"));

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
  const { topics, endpoints, alarms, eventSubscriptions } = lab.zstack;
  for (const one of [TOPIC, OTHER_TOPIC]) {
    topics.add({ uuid: one });
  }
  for (const one of [ENDPOINT, OTHER_ENDPOINT, THIRD_ENDPOINT]) {
    endpoints.add({ uuid: one, type: "HTTP" });
  }
  for (const one of [ALARM, OTHER_ALARM, THIRD_ALARM]) {
    alarms.add({ uuid: one });
  }
  for (const one of [EVENTS, OTHER_EVENTS, THIRD_EVENTS]) {
    eventSubscriptions.add({ uuid: one });
  }
});
afterAll(() => lab.dispose());

function takeAllAway(): void {
  for (const id of lab.links) {
    for (const table of [
      lab.zstack.subscriptions,
      lab.zstack.alarmActions,
      lab.zstack.eventSubscriptionActions,
    ]) {
      table.remove(id);
    }
  }
}

const opsOf = (result: EngineResult) => [...new Set(NAMES.map((name) => result.step(name)?.op))];
const sorted = (names: readonly string[]) => [...names].sort();

describe("links", () => {
  test("are made once, shown by their two uuids, and left alone by the next up", async () => {
    const created = await lab.up(BEFORE);
    expect(NAMES.map((name) => idOf(created, name))).toEqual(IDS_BEFORE);
    expect(lab.links).toEqual(sorted(IDS_BEFORE));
    expect(sorted(lab.changes)).toEqual(sorted([...ATTACH, ...ATTACH]));
    expect(opsOf(await lab.up(BEFORE))).toEqual(["same"]);
    expect(lab.changes).toEqual([]);
  });

  test("that came into the stack as minimal imported entries are filled in by refresh and left alone by up", async () => {
    const exported = await lab.project.export();
    for (const one of exported.deployment.resources ?? []) {
      if (!NAMES.some((name) => one.urn.endsWith(`::${name}`))) {
        continue;
      }
      const { __provider } = one.inputs ?? {};
      Object.assign(one, { inputs: { __provider }, outputs: { __provider } });
    }
    await lab.project.import(exported);
    await lab.project.refresh();
    expect((await lab.project.resource("cpu")).inputs).toMatchObject({ alarmUuid: ALARM, topicUuid: TOPIC });
    expect(opsOf(await lab.up(BEFORE))).toEqual(["same"]);
    expect(lab.changes).toEqual([]);
  });

  test("are replaced by another side, shown under its path, the old link first", async () => {
    const changed = await lab.up(AFTER);
    for (const [name, , field] of CHANGES) {
      expect(changed.steps.filter((step) => step.name === name).map(({ op }) => op)).toEqual([
        "delete-replaced",
        "replace",
        "create-replacement",
      ]);
      expect(shownOf(changed, name)).toEqual({ [field]: "update" });
    }
    expect(sorted(lab.changes)).toEqual(sorted([...ATTACH, ...DETACH, ...ATTACH, ...DETACH]));
    expect(lab.links).toEqual(sorted(IDS_AFTER));
  });

  test("that somebody took away are seen by a refresh and made again", async () => {
    expect((await lab.project.refresh(EXPECT_CLEAN)).changes).toEqual({ same: NAMES.length + 1 });
    takeAllAway();
    const seen = await lab.project.refresh(EXPECT_CLEAN, { expectExit: 7 });
    for (const [index, name] of NAMES.entries()) {
      expect(seen.step(name)).toMatchObject({ old: { id: IDS_AFTER[index] }, new: undefined });
    }
    expect(opsOf(await lab.up(AFTER, ["--refresh"]))).toEqual(["create"]);
    expect(lab.links).toEqual(sorted(IDS_AFTER));
  });

  test("are made again by --replace, and destroyed", async () => {
    const urns = await lab.project.resources();
    const replaced = await lab.up(
      AFTER,
      urns.flatMap(({ urn }) => ["--replace", urn]),
    );
    expect(opsOf(replaced)).toEqual(["create-replacement"]);
    expect(lab.links).toEqual(sorted(IDS_AFTER));
    await lab.project.destroy();
    expect(lab.links).toEqual([]);
  });
});

test("a preview with sides that are not known yet is a preview of creates", async () => {
  lab.declare(
    declare("Topic", "fresh"),
    declare("DingTalkEndpoint", "duty", { webhookUrl: WEBHOOK }),
    declare("TopicSubscription", "told", { topicUuid: code("fresh.uuid"), endpointUuid: code("duty.uuid") }),
    declare("AlarmAction", "cpu", { alarmUuid: ALARM, topicUuid: code("fresh.uuid") }),
    declare("EventSubscriptionAction", "down", { subscriptionUuid: EVENTS, topicUuid: code("fresh.uuid") }),
  );
  expect((await lab.project.preview()).changes).toEqual({ create: 6 });
});
