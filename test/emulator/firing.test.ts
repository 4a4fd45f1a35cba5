import { start, type Emulator, type GroupHandle } from "../../emulator";
import { DINGTALK, TestClient } from "./client";

const SECRET = "SEC+/=1";
const PHONE = "+86-13900001111";

/** Sections 5.9, 6.1, 6.2, 6.5: from an alarm to the people in a group. */
describe("an alarm that fires", () => {
  let emulator: Emulator;
  let client: TestClient;
  let group: GroupHandle;
  let alarmUuid: string;
  let topicUuid: string;
  let endpointUuid: string;
  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator.close());

  /** The whole way, made by the API. */
  beforeEach(async () => {
    emulator.reset();
    emulator.clock.freeze("2026-03-01T04:05:06Z");
    client = new TestClient(emulator);
    group = emulator.dingtalk.addGroup({ secret: SECRET });
    const made = async (path: string, params: object): Promise<string> => {
      const { json } = await client.post(path, { ...params });
      return json.inventory.uuid as string;
    };
    topicUuid = await made("/sns/topics", { name: "ops", locale: "en_US" });
    endpointUuid = await made(DINGTALK, {
      name: "ops group",
      url: group.webhook,
      secret: SECRET,
      atPersonPhoneNumbers: [PHONE],
    });
    await client.call("POST", `/sns/topics/${topicUuid}/endpoints/${endpointUuid}`);
    alarmUuid = await made("/zwatch/alarms", {
      name: "cpu",
      namespace: "ZStack/VM",
      metricName: "CPUUsedUtilization",
      comparisonOperator: "GreaterThan",
      threshold: 80,
    });
    await client.post(`/zwatch/alarms/${alarmUuid}/actions`, { actionUuid: topicUuid, actionType: "sns" });
    emulator.journal.clear();
  });

  const fire = (...args: [Parameters<Emulator["zstack"]["fireAlarm"]>[1]?]) =>
    emulator.zstack.fireAlarm(alarmUuid, ...args);

  test("reaches the group of each endpoint of its topics, signed, with the persons", async () => {
    const report = await fire({ value: 93.5, resourceName: "vm-1" });
    expect(report).toEqual({
      deliveries: [
        {
          topicUuid,
          endpointUuid,
          endpointName: "ops group",
          outcome: "delivered",
          errcode: 0,
          errmsg: "ok",
        },
      ],
    });
    const [message] = group.messages;
    expect(message).toMatchObject({
      msgtype: "markdown",
      title: "Alarm cpu: Alarm",
      atMobiles: [PHONE],
      isAtAll: false,
      signed: true,
      atMs: emulator.clock.now(),
    });
    const text = message?.text ?? "";
    expect(text.startsWith("# Alarm cpu: Alarm\n")).toBe(true);
    expect(text.endsWith(`\n\n@${PHONE}`)).toBe(true);
    // The time is that of the management node's wall.
    for (const part of ["CPUUsedUtilization > 80", "93.5", "vm-1", alarmUuid, "Important", "03-01 12:05"]) {
      expect(text).toContain(part);
    }
    expect(emulator.zstack.alarms.get(alarmUuid)?.status).toBe("Alarm");
  });

  test("speaks the language of the topic, and the server's where the topic has none", async () => {
    emulator.zstack.topics.edit(topicUuid, { locale: "zh_CN" });
    await fire();
    emulator.zstack.topics.edit(topicUuid, { locale: undefined });
    await fire({ status: "OK" });
    emulator.zstack.switches.locale = "en_US";
    await fire();
    expect(group.messages.map(({ title }) => title)).toEqual([
      "报警器 cpu 状态: Alarm",
      "报警器 cpu 状态: OK",
      "Alarm cpu: Alarm",
    ]);
  });

  test("mentions everybody with atAll, and then no persons", async () => {
    emulator.zstack.endpoints.edit(endpointUuid, { atAll: true });
    await fire();
    expect(group.messages).toMatchObject([{ isAtAll: true, atMobiles: [] }]);
    expect(group.messages[0]?.text).not.toContain("@");
  });

  test("is lost without a trace where the secret is wrong: 310000, tried once, and the server is content", async () => {
    await client.act(`${DINGTALK}/${endpointUuid}/actions`, "updateSNSDingTalkEndpoint", {
      secret: "SECwrong",
    });
    expect((await fire()).deliveries).toMatchObject([
      { outcome: "refused", errcode: 310000, errmsg: "sign not match" },
    ]);
    expect([group.messages.length, group.refusals.length]).toEqual([0, 1]);
    emulator.zstack.endpoints.edit(endpointUuid, { secret: undefined });
    expect((await fire()).deliveries).toMatchObject([{ outcome: "refused", errcode: 310000 }]);
  });

  test("is refused by keyword, unknown token and too many messages", async () => {
    emulator.dingtalk.groups.edit(group.token, { keywords: ["Grafana"] });
    expect((await fire()).deliveries).toMatchObject([
      { outcome: "refused", errcode: 310000, errmsg: "keywords not in content" },
    ]);
    emulator.dingtalk.groups.edit(group.token, { keywords: ["Alarm"] });
    for (let i = 0; i < 20; i += 1) {
      expect((await fire()).deliveries[0]?.outcome).toBe("delivered");
    }
    expect((await fire()).deliveries).toMatchObject([{ outcome: "refused", errcode: 130101 }]);
    emulator.dingtalk.groups.remove(group.token);
    expect((await fire()).deliveries).toMatchObject([{ outcome: "refused", errcode: 300005 }]);
  });

  test("does not reach a disabled endpoint, nor any endpoint of a disabled topic, until they are enabled", async () => {
    const state = (event: string) =>
      client.act(`/sns/application-endpoints/${endpointUuid}/actions`, "changeSNSApplicationEndpointState", {
        stateEvent: event,
      });
    const topicState = (event: string) =>
      client.act(`/zwatch/topics/${topicUuid}/actions`, "changeSNSTopicState", { stateEvent: event });
    await state("disable");
    expect((await fire()).deliveries).toMatchObject([
      { outcome: "skipped", reason: "the endpoint is disabled" },
    ]);
    await state("enable");
    await topicState("disable");
    expect((await fire()).deliveries).toMatchObject([
      { outcome: "skipped", reason: "the topic is disabled" },
    ]);
    expect(group.messages).toEqual([]);
    await topicState("enable");
    expect((await fire()).deliveries).toMatchObject([{ outcome: "delivered" }]);
  });

  test("says so where nobody is subscribed, nothing is attached, or the alarm is disabled", async () => {
    emulator.zstack.alarms.edit(alarmUuid, { state: "Disabled" });
    expect(await fire()).toEqual({ deliveries: [], silent: "the alarm is disabled" });
    emulator.zstack.alarms.edit(alarmUuid, { state: "Enabled" });
    expect((await fire({ status: "OK" })).silent).toBe("an alarm that was never evaluated does not recover");
    await client.delete(`/sns/topics/${topicUuid}/endpoints/${endpointUuid}`);
    expect(await fire()).toEqual({ deliveries: [], silent: "no endpoint is subscribed" });
    await client.delete(`/zwatch/alarms/${alarmUuid}/actions/${topicUuid}`);
    expect(await fire()).toEqual({ deliveries: [], silent: "it has no actions" });
    await client.delete(`/zwatch/alarms/${alarmUuid}`);
    await expect(fire()).rejects.toThrow("There is no alarm");
    expect(group.messages).toEqual([]);
  });

  test("is silent after its topic was deleted, although the alarm stays", async () => {
    await client.delete(`/sns/topics/${topicUuid}`);
    expect((await fire()).silent).toBe("it has no actions");
  });

  test("reaches every topic and endpoint, each once per way, and only DingTalk's", async () => {
    const second = emulator.dingtalk.addGroup();
    const topic = emulator.zstack.topics.add({ name: "second", locale: "en_US" });
    emulator.zstack.alarmActions.add({ alarmUuid, actionUuid: topic.uuid });
    const add = (row: object): void => {
      const { uuid } = emulator.zstack.endpoints.add(row);
      emulator.zstack.subscriptions.add({ topicUuid: topic.uuid, endpointUuid: uuid });
    };
    add({ name: "second", url: second.localWebhook });
    add({ name: "http", type: "HTTP", url: `${emulator.dingtalk.url}/hook` });
    add({ name: "elsewhere", url: "https://192.0.2.1/robot/send?access_token=x" });
    emulator.zstack.subscriptions.add({ topicUuid: topic.uuid, endpointUuid });
    const { deliveries } = await fire();
    expect(deliveries.map(({ endpointName, outcome }) => `${endpointName} ${outcome}`)).toEqual([
      "ops group delivered",
      "second delivered",
      "http skipped",
      "elsewhere skipped",
      "ops group delivered",
    ]);
    expect([group.messages.length, second.messages.length]).toEqual([2, 1]);
  });

  test("is tried five times where nobody answers with success", async () => {
    emulator.dingtalk.faults.add({ times: 4, fault: { kind: "status", status: 502 } });
    expect((await fire()).deliveries).toMatchObject([{ outcome: "delivered" }]);
    emulator.dingtalk.faults.add({ times: 5, fault: { kind: "dropBeforeCommit" } });
    expect((await fire()).deliveries).toMatchObject([{ outcome: "failed" }]);
    expect([emulator.journal.count("SendRobotMessage"), group.messages.length]).toEqual([10, 1]);
  });

  test("is in the group twice where an answer is lost: the server sends again", async () => {
    emulator.dingtalk.faults.add({ fault: { kind: "dropAfterCommit" } });
    expect((await fire()).deliveries).toMatchObject([{ outcome: "delivered" }]);
    expect(group.messages).toHaveLength(2);
  });

  test("fires by the control address, and so does an event", async () => {
    const subscription = emulator.zstack.eventSubscriptions.add({ eventName: "HostDisconnected" });
    emulator.zstack.eventSubscriptionActions.add({
      subscriptionUuid: subscription.uuid,
      actionUuid: topicUuid,
    });
    const control = async (action: string, body: object) => {
      const response = await fetch(`${emulator.url}/_emulator/zstack/actions/${action}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      return { status: response.status, json: await response.json() };
    };
    expect(await control("fire-alarm", { uuid: alarmUuid, status: "Alarm", value: 99 })).toMatchObject({
      status: 200,
      json: { deliveries: [{ outcome: "delivered" }] },
    });
    expect(
      await control("fire-event", { uuid: subscription.uuid, error: "no route", resourceUuid: "h1" }),
    ).toMatchObject({ status: 200, json: { deliveries: [{ outcome: "delivered" }] } });
    expect(group.messages.map(({ title }) => title)).toEqual(["Alarm cpu: Alarm", "Event HostDisconnected"]);
    expect(group.messages[1]?.text).toContain("- Error: no route");
    expect(await control("fire-event", {})).toMatchObject({ status: 400 });
    expect(await control("fire-alarm", { uuid: alarmUuid, status: "Ringing" })).toMatchObject({
      status: 400,
      json: { error: 'status: takes "Alarm" | "OK" | "InsufficientData", not "Ringing".' },
    });
    expect(await control("fire-alarm", { uuid: "x" })).toMatchObject({
      status: 400,
      json: { error: "There is no alarm with the uuid x." },
    });
  });

  test("an event reaches nobody while its subscription is disabled", async () => {
    const { uuid } = emulator.zstack.eventSubscriptions.add({ state: "Disabled" });
    emulator.zstack.eventSubscriptionActions.add({ subscriptionUuid: uuid, actionUuid: topicUuid });
    expect((await emulator.zstack.fireEvent(uuid)).silent).toBe("the event subscription is disabled");
    emulator.zstack.eventSubscriptions.edit(uuid, { state: "Enabled" });
    expect((await emulator.zstack.fireEvent(uuid)).deliveries).toMatchObject([{ outcome: "delivered" }]);
  });
});
