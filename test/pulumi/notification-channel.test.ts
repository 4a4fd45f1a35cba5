import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { Provider, zstack } from "../../provider";

/** What a channel hands to the engine, which a mocked monitor stands for. */

const TYPE = "pulumi-dingtalk:zstack:NotificationChannel";
const ALARM = "5".repeat(32);
const WEBHOOK = { webhookUrl: "https://oapi.dingtalk.com/robot/send?access_token=t" };

const register = jest.spyOn(MockMonitor.prototype, "registerResource");
const registerOutputs = jest.spyOn(MockMonitor.prototype, "registerResourceOutputs");
let warned: jest.SpyInstance;

beforeEach(async () => {
  jest.clearAllMocks();
  warned = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, id, inputs }) => ({
      id: id === "" || id === undefined ? `id-of-${name}` : id,
      state: inputs as object,
    }),
  });
});
afterEach(() => warned.mockRestore());

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

interface Made {
  readonly type: string;
  readonly parent: string;
  readonly provider: string;
  readonly args: Record<string, unknown>;
}

/** What was registered once a channel is complete, by `name (kind)`. */
async function madeBy(channel: {
  topicUuid: pulumi.Output<unknown>;
  endpointUuids: pulumi.Output<unknown>;
}): Promise<Record<string, Made>> {
  await Promise.all([valueOf(channel.endpointUuids), valueOf(channel.topicUuid)]);
  await new Promise(setImmediate);
  const requests = register.mock.calls.map(([request]) => request as RegisterResourceRequest);
  return Object.fromEntries(
    requests.map((request) => [
      `${request.getName()} (${request.getType().split(":").at(-1)})`,
      {
        type: request.getType(),
        parent: request.getParent().split("::").at(-1) ?? "",
        provider: request.getProvider(),
        args: request.getObject()?.toJavaScript() as Record<string, unknown>,
      },
    ]),
  );
}

test("a channel makes a topic, endpoints, subscriptions and actions, named like a sentence and as its children", async () => {
  const channel = new zstack.NotificationChannel("ops", {
    topic: { description: "d" },
    endpoints: { oncall: WEBHOOK, boss: { ...WEBHOOK, atAll: true } },
    alarms: { cpu: ALARM },
    eventSubscriptions: { down: pulumi.output("6".repeat(32)) },
  });
  const made = await madeBy(channel);
  expect(Object.keys(made).sort()).toEqual([
    "cpu-to-ops (AlarmAction)",
    "down-to-ops (EventSubscriptionAction)",
    "ops (NotificationChannel)",
    "ops (Topic)",
    "ops-boss (DingTalkEndpoint)",
    "ops-oncall (DingTalkEndpoint)",
    "ops-to-boss (TopicSubscription)",
    "ops-to-oncall (TopicSubscription)",
  ]);
  const { "ops (NotificationChannel)": itself, ...children } = made;
  expect(itself?.type).toBe(TYPE);
  for (const { parent } of Object.values(children)) {
    expect(parent).toBe("ops");
  }
  expect(made["ops (Topic)"]?.args).toMatchObject({ description: "d" });
  expect(made["ops-boss (DingTalkEndpoint)"]?.args).toMatchObject({ atAll: true });
  expect(made["ops-to-boss (TopicSubscription)"]?.args).toMatchObject({
    topicUuid: "id-of-ops",
    endpointUuid: "id-of-ops-boss",
  });
  expect(made["cpu-to-ops (AlarmAction)"]?.args).toMatchObject({ alarmUuid: ALARM, topicUuid: "id-of-ops" });
  expect(made["down-to-ops (EventSubscriptionAction)"]?.args).toMatchObject({
    subscriptionUuid: "6".repeat(32),
    topicUuid: "id-of-ops",
  });
  expect(warned).not.toHaveBeenCalled();
});

test("its outputs are registered, and name what it made or was given", async () => {
  const theirs = new zstack.DingTalkEndpoint("theirs", WEBHOOK);
  const channel = new zstack.NotificationChannel("ops", {
    endpoints: { oncall: WEBHOOK, theirs, third: "3".repeat(32) },
  });
  const uuids = { oncall: "id-of-ops-oncall", theirs: "id-of-theirs", third: "3".repeat(32) };
  expect(await valueOf(channel.endpointUuids)).toEqual(uuids);
  expect(await valueOf(channel.topicUuid)).toBe("id-of-ops");
  expect(zstack.Topic.isInstance(channel.topic)).toBe(true);
  expect(Object.keys(channel.endpoints)).toEqual(["oncall", "theirs"]);
  expect(channel.endpoints).toMatchObject({ theirs: expect.objectContaining({}) as object });
  expect((channel.endpoints as Record<string, unknown>)["theirs"]).toBe(theirs);
  await new Promise(setImmediate);
  const outputs = registerOutputs.mock.calls.map(([request]) => request as RegisterResourceOutputsRequest);
  expect(outputs.map((request) => request.getOutputs()?.toJavaScript())).toEqual([
    { topicUuid: "id-of-ops", endpointUuids: uuids },
  ]);
});

test.each<[string, () => pulumi.Input<string> | zstack.Topic, string, boolean]>([
  ["a uuid", () => zstack.SYSTEM_ALARM_TOPIC_UUID, "e7d6f5e23bb74e99a2777126078b551c", false],
  ["a uuid that comes later", () => Promise.resolve("1".repeat(32)), "1".repeat(32), false],
  ["an output", () => pulumi.output("2".repeat(32)), "2".repeat(32), false],
  ["a resource", () => new zstack.Topic("shared"), "id-of-shared", true],
])(
  "an existing topic, given as %s, is used and does not become a child",
  async (_what, topic, topicUuid, isKnown) => {
    const channel = new zstack.NotificationChannel("ops", { topic: topic(), endpoints: { oncall: WEBHOOK } });
    const made = await madeBy(channel);
    expect(made).not.toHaveProperty("ops (Topic)");
    expect(made["ops-to-oncall (TopicSubscription)"]?.args).toMatchObject({ topicUuid });
    expect(await valueOf(channel.topicUuid)).toBe(topicUuid);
    expect(channel.topic !== undefined).toBe(isKnown);
    if (isKnown) {
      expect(made["shared (Topic)"]?.parent).not.toBe("ops");
    }
  },
);

test("an explicit provider reaches the children, given alone or in a list", async () => {
  const settings = { endpoint: "http://10.0.0.9:8080", accountName: "admin", accountPassword: "p" };
  const dc2 = new Provider("dc2", { zstack: settings });
  const args = { endpoints: { oncall: WEBHOOK }, alarms: { cpu: ALARM } };
  await madeBy(new zstack.NotificationChannel("alone", args, { provider: dc2 }));
  const made = await madeBy(new zstack.NotificationChannel("listed", args, { providers: [dc2] }));
  const children = Object.values(made).filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
  expect(children).toHaveLength(8);
  for (const { provider } of children) {
    expect(provider).toMatch(/::dc2::/);
  }
});

test.each<[string, () => unknown, string]>([
  [
    "an endpoint as topic",
    () =>
      new zstack.NotificationChannel("ops", {
        topic: new zstack.DingTalkEndpoint("e", WEBHOOK) as unknown as zstack.Topic,
        endpoints: {},
      }),
    "ops: topic is a resource of another kind.",
  ],
  [
    "a topic among the endpoints",
    () =>
      new zstack.NotificationChannel("ops", {
        endpoints: { oncall: new zstack.Topic("t") as unknown as zstack.DingTalkEndpoint },
      }),
    "ops: endpoints.oncall is a resource of another kind.",
  ],
  [
    "no arguments, as only JavaScript allows",
    () => new zstack.NotificationChannel("ops", undefined as never),
    "ops: endpoints must be a map of names of your choosing. Only its values may come later.",
  ],
  [
    "an argument that there is none of",
    () => new zstack.NotificationChannel("ops", { endpoints: {}, alarm: { cpu: ALARM } } as never),
    'ops: alarm is not an argument of a channel. Did you mean "alarms"?',
  ],
  [
    "a Map of alarms",
    () =>
      new zstack.NotificationChannel("ops", { endpoints: {}, alarms: new Map([["cpu", ALARM]]) as never }),
    "ops: alarms cannot be a Map. Make an object of it with Object.fromEntries().",
  ],
  [
    "alarms that come later",
    () =>
      new zstack.NotificationChannel("ops", {
        endpoints: {},
        alarms: pulumi.output({ cpu: ALARM }) as never,
      }),
    "ops: alarms must be a map of names of your choosing. Only its values may come later.",
  ],
  [
    "a list of endpoints",
    () => new zstack.NotificationChannel("ops", { endpoints: [WEBHOOK] as never }),
    "ops: endpoints must be a map of names of your choosing. Only its values may come later.",
  ],
  [
    "an endpoint that is none",
    () => new zstack.NotificationChannel("ops", { endpoints: { oncall: undefined as never } }),
    "ops: endpoints.oncall is missing: give arguments, a resource or a uuid.",
  ],
])("%s is refused with one sentence", (_what, make, sentence) => {
  expect(make).toThrow(pulumi.RunError);
  expect(make).toThrow(sentence);
});

test("a channel without endpoints is said to tell nobody", async () => {
  const channel = new zstack.NotificationChannel("ops", { endpoints: {} });
  await madeBy(channel);
  expect(warned).toHaveBeenCalledWith("The channel ops has no endpoints: it tells nobody.", channel);
});
