import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { code, declare, errorOf, idOf, Lab, shownOf, uuid, WEBHOOK } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** Objects that somebody else manages, and that the links of a program join. */
const [TOPIC, OTHER_TOPIC, NOBODY] = [uuid("1"), uuid("2"), uuid("3")];
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
const FIRST_OF_KIND = ["told", "cpu", "down"] as const;

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
  reset();
});
afterAll(() => lab.dispose());

/** Nothing but the objects to be joined. */
function reset(): void {
  lab.emulator.reset();
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
}

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
      expect(shownOf(changed.step(name))).toEqual({ [field]: "update" });
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

  test("are made again by --replace, and named when a side of theirs is gone", async () => {
    const urns = await lab.project.resources();
    const replaced = await lab.up(
      AFTER,
      urns.flatMap(({ urn }) => ["--replace", urn]),
    );
    expect(opsOf(replaced)).toEqual(["create-replacement"]);
    expect(lab.links).toEqual(sorted(IDS_AFTER));

    lab.zstack.topics.remove(TOPIC);
    const refused = await lab.up(AFTER, ["--refresh", "--continue-on-error"], { expectExit: 1 });
    for (const [name, noun] of [
      ["told", "topic subscription"],
      ["cpu", "alarm action"],
      ["down", "event subscription action"],
    ] as const) {
      expect(errorOf(refused, name)).toContain(
        `The ${noun} cannot be made: there is no topic ${TOPIC}, or this account cannot see it.`,
      );
    }
  });

  test("are no work for destroy when they, or a side of theirs, are gone", async () => {
    takeAllAway();
    lab.zstack.alarms.remove(THIRD_ALARM);
    lab.emulator.journal.clear();
    await lab.project.destroy();
    expect(lab.changes).toEqual([]);
    expect(await lab.project.resources()).toEqual([]);
  });
});

test("what is there is taken over with a warning, read without being owned, and refused to a second resource", async () => {
  reset();
  const { subscriptions, alarmActions, eventSubscriptionActions } = lab.zstack;
  subscriptions.add({ topicUuid: TOPIC, endpointUuid: ENDPOINT });
  alarmActions.add({ alarmUuid: ALARM, actionUuid: TOPIC });
  eventSubscriptionActions.add({ subscriptionUuid: EVENTS, actionUuid: TOPIC });
  eventSubscriptionActions.add({ subscriptionUuid: OTHER_EVENTS, actionUuid: TOPIC });
  const theirs = `${OTHER_EVENTS}/${TOPIC}`;
  const up = await lab.up(
    [
      ...BEFORE.filter((_line, index) => index % 2 === 0),
      `const theirs = zstack.EventSubscriptionAction.get("theirs", "${theirs}");`,
      `if (!zstack.EventSubscriptionAction.isInstance(theirs) || zstack.AlarmAction.isInstance(theirs)) throw new Error("isInstance");`,
      declare(
        "TopicSubscription",
        "twin",
        { topicUuid: TOPIC, endpointUuid: ENDPOINT },
        "{ dependsOn: told }",
      ),
      `zstack.AlarmAction.get("missing", "${ALARM}/${NOBODY}");`,
    ],
    ["--continue-on-error"],
    { expectExit: 1 },
  );
  const ids = FIRST_OF_KIND.map((name) => idOf(up, name));
  expect(ids).toEqual(IDS_BEFORE.filter((_id, index) => index % 2 === 0));
  expect(up.step("theirs")).toMatchObject({ op: "read", new: { id: theirs, outputs: { topicUuid: TOPIC } } });
  expect(errorOf(up, "twin")).toContain(
    `The topic subscription ${TOPIC}/${ENDPOINT} already belongs to another resource of this program.`,
  );
  expect(up.text).toContain(`There is no alarm action with the id ${ALARM}/${NOBODY}.`);
  expect(lab.changes).toEqual([]);
  const warned = up.diagnostics
    .filter(({ severity }) => severity === "warning")
    .map(({ message }) => message);
  for (const id of ids) {
    expect(warned.join("\n")).toContain(`${id} is there already, and belongs to this resource from now on.`);
  }

  await lab.project.destroy();
  expect(lab.links).toEqual([theirs]);
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
