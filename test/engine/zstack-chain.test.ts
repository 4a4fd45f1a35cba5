import type { Emulator } from "../../emulator";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { code, declare, errorOf, idOf, Lab, phone, startEmulator, uuid } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** The whole way from an alarm to a group, through every order of events that Pulumi can produce. */

const [ALARM, EVENTS] = [uuid("a"), uuid("b")];
const SYSTEM_ALARM = "e7d6f5e23bb74e99a2777126078b551c";
const SECRET = "SEC-of-the-group";
const MAX_MESSAGES_PER_MINUTE = 20;

/** What a test changes of the chain. */
interface Chain {
  topic?: object;
  duty?: object;
}

let lab: Lab;
let group: ReturnType<Emulator["dingtalk"]["addGroup"]>;
let others: typeof group;
beforeAll(async () => {
  lab = await Lab.create();
  reset();
});
afterAll(() => lab.dispose());

/** An alarm and an event subscription that somebody else manages, and two groups. */
function reset(): void {
  lab.emulator.reset();
  lab.zstack.alarms.add({ uuid: ALARM, name: "cpu" });
  lab.zstack.eventSubscriptions.add({ uuid: EVENTS, name: "host down" });
  group = lab.emulator.dingtalk.addGroup({ secret: SECRET });
  others = lab.emulator.dingtalk.addGroup({});
}

function chain({ topic = {}, duty = {} }: Chain = {}): string[] {
  return [
    declare("Topic", "topic", { name: "on duty", ...topic }),
    declare("DingTalkEndpoint", "duty", {
      name: "duty",
      webhookUrl: group.webhook,
      secret: SECRET,
      atPersons: [phone(1)],
      ...duty,
    }),
    declare("TopicSubscription", "told", { topicUuid: code("topic.uuid"), endpointUuid: code("duty.uuid") }),
    declare("TopicSubscription", "stock", {
      topicUuid: code("zstack.SYSTEM_ALARM_TOPIC_UUID"),
      endpointUuid: code("duty.uuid"),
    }),
    declare("AlarmAction", "cpu", { alarmUuid: ALARM, topicUuid: code("topic.uuid") }),
    declare("EventSubscriptionAction", "down", { subscriptionUuid: EVENTS, topicUuid: code("topic.uuid") }),
  ];
}

const LINKS = ["told", "stock", "cpu", "down"];
const opsOf = (result: EngineResult) =>
  Object.fromEntries(["topic", "duty", ...LINKS].map((name) => [name, result.step(name)?.op]));
const expectedLinks = (result: EngineResult) => LINKS.map((name) => idOf(result, name)).sort();
const outcomes = async () =>
  (await lab.zstack.fireAlarm(ALARM, { value: 97 })).deliveries.map(
    ({ outcome, errcode }) => errcode ?? outcome,
  );

test("what a program declares is made in one up, and an alarm and an event reach the right group with its persons", async () => {
  const up = await lab.up(chain());
  const [topic, duty] = [idOf(up, "topic"), idOf(up, "duty")];
  expect(lab.links).toEqual(
    [`${topic}/${duty}`, `${SYSTEM_ALARM}/${duty}`, `${ALARM}/${topic}`, `${EVENTS}/${topic}`].sort(),
  );
  expect(lab.links).toEqual(expectedLinks(up));
  expect(await outcomes()).toEqual([0]);
  await lab.zstack.fireEvent(EVENTS);
  expect(group.messages).toHaveLength(2);
  for (const message of group.messages) {
    expect(message).toMatchObject({ atMobiles: [phone(1)], signed: true });
  }
  expect(others.messages).toEqual([]);
});

test("a renamed topic and a changed, disabled endpoint leave the links alone, in the preview too; and the alarm stops", async () => {
  const program = chain({ topic: { name: "renamed" }, duty: { description: "x", enabled: false } });
  lab.declare(...program);
  expect((await lab.project.preview()).changes).toEqual({ update: 2, same: 5 });
  const up = await lab.up(program);
  expect(opsOf(up)).toEqual({
    topic: "update",
    duty: "update",
    told: "same",
    stock: "same",
    cpu: "same",
    down: "same",
  });
  expect(lab.changes.sort()).toEqual([
    "ChangeSNSApplicationEndpointState",
    "UpdateSNSDingTalkEndpoint",
    "UpdateSNSTopic",
  ]);
  expect(await outcomes()).toEqual(["skipped"]);
});

test("an endpoint that is replaced, and enabled again, is followed by its subscriptions in the same up", async () => {
  const before = lab.links;
  const webhookUrl = `${group.webhook}&${"long".repeat(60)}`;
  const up = await lab.up(chain({ duty: { webhookUrl } }));
  expect(opsOf(up)).toEqual({
    topic: "update",
    duty: "create-replacement",
    told: "create-replacement",
    stock: "create-replacement",
    cpu: "same",
    down: "same",
  });
  expect(lab.links).toEqual(expectedLinks(up));
  expect(lab.links.filter((link) => before.includes(link))).toHaveLength(2);
  expect(await outcomes()).toEqual([0]);
});

test("a topic that is replaced is followed by everything that has it, without a word about what sends to it", async () => {
  const { urn, id } = await lab.project.resource("topic");
  const duty = { webhookUrl: `${group.webhook}&${"long".repeat(60)}` };
  const up = await lab.up(chain({ duty }), ["--replace", urn]);
  expect(idOf(up, "topic")).not.toBe(id);
  expect(opsOf(up)).toMatchObject({ duty: "same", stock: "same", told: "create-replacement" });
  expect(lab.links).toEqual(expectedLinks(up));
  expect(up.text).not.toContain("still sends to it");
  const shown = [];
  for (let fired = 0; fired < MAX_MESSAGES_PER_MINUTE + 1; fired++) {
    shown.push(...(await outcomes()));
  }
  expect(shown[0]).toBe(0);
  expect(shown.at(-1)).not.toBe(0);
  expect(group.refusals.length).toBeGreaterThan(0);
});

test("a wrong signing secret is what the group answers with 310000, while ZStack says nothing", async () => {
  lab.emulator.clock.advance(120_000);
  const duty = { webhookUrl: `${group.webhook}&${"long".repeat(60)}`, secret: "SEC-of-another" };
  await lab.up(chain({ duty }));
  expect(lab.changes).toEqual(["UpdateSNSDingTalkEndpoint"]);
  expect(await outcomes()).toEqual([310000]);
});

test("everything is destroyed together, the links first; alarms and built-in topics stay", async () => {
  lab.emulator.journal.clear();
  const destroyed = await lab.project.destroy();
  expect(lab.changes.slice(0, LINKS.length).sort()).toEqual([
    "RemoveActionFromAlarm",
    "RemoveActionFromEventSubscription",
    "UnsubscribeSNSTopic",
    "UnsubscribeSNSTopic",
  ]);
  expect(lab.changes.slice(LINKS.length).sort()).toEqual(["DeleteSNSApplicationEndpoint", "DeleteSNSTopic"]);
  expect([...lab.links, ...lab.topicUuids, ...lab.uuids]).toEqual([]);
  expect([lab.zstack.alarms.size, lab.zstack.eventSubscriptions.size]).toEqual([1, 1]);
  expect(destroyed.text).not.toContain("still sends to it");
});

test("an installation that is as declared is adopted without a call, and what cannot be joined is said", async () => {
  reset();
  const { topics, endpoints, persons, subscriptions, alarmActions, eventSubscriptionActions } = lab.zstack;
  const topicUuid = topics.add({ name: "on duty" }).uuid;
  const endpointUuid = endpoints.add({ name: "duty", url: group.webhook, secret: SECRET }).uuid;
  persons.add({ endpointUuid, phoneNumber: phone(1) });
  for (const one of [topicUuid, SYSTEM_ALARM]) {
    subscriptions.add({ topicUuid: one, endpointUuid });
  }
  alarmActions.add({ alarmUuid: ALARM, actionUuid: topicUuid });
  eventSubscriptionActions.add({ subscriptionUuid: EVENTS, actionUuid: topicUuid });
  const there = lab.links;

  const wrong = declare("TopicSubscription", "wrong", {
    topicUuid: code("zstack.API_TOPIC_UUID"),
    endpointUuid: code("duty.uuid"),
  });
  const program = chain({ topic: { adopt: "identical" }, duty: { adopt: "byName" } });
  const up = await lab.up([...program, wrong], ["--continue-on-error"], { expectExit: 1 });
  expect([idOf(up, "topic"), idOf(up, "duty")]).toEqual([topicUuid, endpointUuid]);
  expect(expectedLinks(up)).toEqual(there);
  expect(lab.links).toEqual(there);
  expect(lab.changes).toEqual(["SubscribeSNSTopic"]);
  expect(errorOf(up, "wrong")).toContain(
    `The topic of API calls takes HTTP endpoints only, and ${endpointUuid} is none.`,
  );
  await lab.project.destroy();
});

test("channels are made whole, of new and of existing things, here and in another installation, and taken down", async () => {
  reset();
  const other = await startEmulator();
  try {
    other.zstack.alarms.add({ uuid: ALARM, name: "cpu" });
    const oncall = lab.emulator.dingtalk.addGroup({});
    const connection = {
      endpoint: other.url,
      accountName: other.zstack.accountName,
      accountPassword: other.zstack.accountPassword,
    };
    const webhook = (one: typeof group) => ({ webhookUrl: one.webhook });
    const program = [
      `const dc2 = new Provider("dc2", { zstack: ${JSON.stringify(connection)} });`,
      declare(
        "NotificationChannel",
        "there",
        { endpoints: { duty: webhook(others) }, alarms: { cpu: ALARM } },
        "{ providers: [dc2] }",
      ),
      declare("DingTalkEndpoint", "mine", { ...webhook(group), secret: SECRET }),
      declare("NotificationChannel", "ops", {
        topic: { locale: "zh_CN" },
        endpoints: { mine: code("mine"), oncall: webhook(oncall) },
        alarms: { cpu: ALARM },
        eventSubscriptions: { down: EVENTS },
      }),
      declare("NotificationChannel", "stock", {
        topic: code("zstack.SYSTEM_ALARM_TOPIC_UUID"),
        endpoints: { mine: code("mine.uuid") },
      }),
      `exports.ops = { topic: ops.topicUuid, endpoints: ops.endpointUuids };`,
    ];
    const up = await lab.up(program);
    const names = up.steps
      .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"))
      .map(({ name }) => name);
    expect(names.sort()).toEqual(
      ["cpu-to-ops", "cpu-to-there", "down-to-ops", "mine", "ops", "ops-oncall", "ops-to-mine"]
        .concat(["ops-to-oncall", "stock-to-mine", "there", "there-duty", "there-to-duty"])
        .sort(),
    );
    expect([
      other.zstack.topics.size,
      other.zstack.subscriptions.size,
      other.zstack.alarmActions.size,
    ]).toEqual([3, 1, 1]);
    expect(lab.topicUuids).toHaveLength(1);
    expect((await outcomes()).sort()).toEqual([0, 0]);
    expect([group.messages.length, oncall.messages.length, others.messages.length]).toEqual([1, 1, 0]);

    const again = await lab.up(program);
    expect(again.steps.filter(({ op }) => op !== "same")).toEqual([]);
    expect(lab.changes).toEqual([]);
    await lab.project.destroy();
    expect([lab.links, lab.uuids, lab.topicUuids, other.zstack.subscriptions.list()]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  } finally {
    await other.close();
  }
});
