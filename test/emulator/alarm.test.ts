import { start, type Emulator } from "../../emulator";
import { codeOf, TestClient } from "./client";

const UNKNOWN = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";
const SYSTEM_ALARM = "e7d6f5e23bb74e99a2777126078b551c";
const ALARM = {
  name: "cpu",
  namespace: "ZStack/VM",
  metricName: "CPUUsedUtilization",
  comparisonOperator: "GreaterThan",
  threshold: 82.5,
};

/** Section 6.5. */
describe("alarms", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    client = new TestClient(emulator);
  });

  const actionsPath = (uuid: string) => `/zwatch/alarms/${uuid}/actions`;
  const add = (uuid: string, actionUuid: string, actionType = "sns") =>
    client.post(actionsPath(uuid), { actionUuid, actionType });

  test("CreateAlarm answers 202, then the alarm with defaults, labels and actions", async () => {
    const params = {
      ...ALARM,
      labels: [{ key: "VMUuid", op: "Equal", value: UNKNOWN }],
      actions: [{ actionUuid: SYSTEM_ALARM, actionType: "sns" }],
    };
    const accepted = await client.send("POST", "/zwatch/alarms", { body: { params } });
    expect(accepted.status).toBe(202);
    const { inventory } = (await client.settle(accepted, { "X-JSON-Schema": "true" })).json;
    expect(inventory).toMatchObject({
      ...ALARM,
      state: "Enabled",
      emergencyLevel: "Important",
      repeatCount: -1,
      enableRecovery: false,
      createDate: expect.any(String),
      labels: [{ uuid: expect.any(String), key: "VMUuid", operator: "Equal", value: UNKNOWN }],
      actions: [
        {
          alarmUuid: inventory.uuid,
          actionUuid: SYSTEM_ALARM,
          actionType: "sns",
          createDate: expect.any(String),
          lastOpDate: expect.any(String),
        },
      ],
    });
    expect(inventory).not.toHaveProperty("accountUuid");
    expect(inventory.actions[0]).not.toHaveProperty("createdMs");
  });

  test.each([
    ["without a name", { name: undefined }],
    ["with an unknown operator", { comparisonOperator: ">" }],
    ["with a negative threshold", { threshold: -1 }],
    ["with an unknown level", { emergencyLevel: "High" }],
    ["with another type of action", { actions: [{ actionUuid: SYSTEM_ALARM, actionType: "email" }] }],
    ["with an unknown topic", { actions: [{ actionUuid: UNKNOWN, actionType: "sns" }] }],
  ])("CreateAlarm %s is SYS.1007 and leaves nothing", async (_what, change) => {
    expect(codeOf(await client.post("/zwatch/alarms", { ...ALARM, ...change }))).toBe("SYS.1007");
    expect([emulator.zstack.alarms.size, emulator.zstack.alarmActions.size]).toEqual([0, 0]);
  });

  test("CreateAlarm refuses containers of the wrong form and numbers that are none in the REST layer", async () => {
    const status = async (change: object) =>
      (await client.send("POST", "/zwatch/alarms", { body: { params: { ...ALARM, ...change } } })).status;
    expect(await status({ threshold: "many" })).toBe(400);
    expect(await status({ actions: { actionUuid: SYSTEM_ALARM } })).toBe(500);
    expect(await status({ actions: ["sns"] })).toBe(500);
    expect(await status({ threshold: "1e2" })).toBe(202);
  });

  test("AddActionToAlarm answers the alarm; the same topic again is SYS.1006", async () => {
    const alarm = emulator.zstack.alarms.add({ name: "cpu" });
    const topic = emulator.zstack.topics.add({});
    expect((await add(alarm.uuid, topic.uuid)).json.inventory).toMatchObject({
      uuid: alarm.uuid,
      actions: [{ actionUuid: topic.uuid, actionType: "sns" }],
    });
    expect(codeOf(await add(alarm.uuid, topic.uuid))).toBe("SYS.1006");
    expect(emulator.zstack.alarmActions.size).toBe(1);
  });

  test("AddActionToAlarm is SYS.1003 for an unknown alarm, SYS.1007 for an unknown topic, another type or none", async () => {
    const { uuid } = emulator.zstack.alarms.add({});
    expect(codeOf(await add(UNKNOWN, SYSTEM_ALARM))).toBe("SYS.1003");
    expect(codeOf(await add(uuid, UNKNOWN))).toBe("SYS.1007");
    expect(codeOf(await add(uuid, SYSTEM_ALARM, "email"))).toBe("SYS.1007");
    expect(codeOf(await client.post(actionsPath(uuid), { actionUuid: SYSTEM_ALARM }))).toBe("SYS.1007");
  });

  test("RemoveActionFromAlarm answers the alarm, also when the action was not there", async () => {
    const { uuid } = emulator.zstack.alarms.add({});
    emulator.zstack.alarmActions.add({ alarmUuid: uuid, actionUuid: SYSTEM_ALARM });
    for (let i = 0; i < 2; i += 1) {
      const answer = await client.delete(`${actionsPath(uuid)}/${SYSTEM_ALARM}`);
      expect(answer.json.inventory).toMatchObject({ uuid, actions: [] });
    }
    emulator.zstack.switches.removeMissingAction = "SYS.1003";
    expect(codeOf(await client.delete(`${actionsPath(uuid)}/${SYSTEM_ALARM}`))).toBe("SYS.1003");
  });

  test("RemoveActionFromAlarm of an unknown alarm is what the switch says", async () => {
    const path = `${actionsPath(UNKNOWN)}/${SYSTEM_ALARM}`;
    expect(codeOf(await client.delete(path))).toBe("SYS.1003");
    // Before anybody asks for the session (section 2.3).
    expect(codeOf(await client.delete(path, { session: "0".repeat(32) }))).toBe("SYS.1003");
    emulator.zstack.switches.removeActionUnknownOwner = "success";
    expect((await client.delete(path)).text).toBe("{}");
  });

  test("QueryAlarm finds alarms by name, by state and by the topic of an action", async () => {
    const alarm = emulator.zstack.alarms.add({ name: "cpu" });
    emulator.zstack.alarms.add({ name: "memory" });
    emulator.zstack.alarmActions.add({ alarmUuid: alarm.uuid, actionUuid: SYSTEM_ALARM });
    const names = async (query: string) => {
      const { json } = await client.get(`/zwatch/alarms?${query}`);
      return (json.inventories as { name: string }[]).map(({ name }) => name);
    };
    expect(await names("q=name=cpu")).toEqual(["cpu"]);
    expect(await names(`q=actions.actionUuid=${SYSTEM_ALARM}`)).toEqual(["cpu"]);
    expect(await names("q=state=Disabled")).toEqual([]);
    const one = await client.get(`/zwatch/alarms/${alarm.uuid}`);
    expect(one.json.schema).toMatchObject({
      "inventories[0]": "org.zstack.zwatch.alarm.AlarmInventory",
      "inventories[0].actions[0]": "org.zstack.zwatch.alarm.AlarmActionInventory",
    });
  });

  test("ChangeAlarmState shares its path with AddActionToAlarm and with an UpdateAlarm that is absent", async () => {
    const { uuid } = emulator.zstack.alarms.add({});
    const changed = await client.act(actionsPath(uuid), "changeAlarmState", { stateEvent: "disable" });
    expect(changed.json.inventory).toMatchObject({ uuid, state: "Disabled" });
    expect((await client.act(actionsPath(uuid), "updateAlarm", { name: "x" })).status).toBe(400);
    expect((await add(uuid, SYSTEM_ALARM)).status).toBe(200);
  });

  test("DeleteAlarm takes its actions along, leaves the topic, and can be repeated", async () => {
    const { uuid } = emulator.zstack.alarms.add({});
    emulator.zstack.alarmActions.add({ alarmUuid: uuid, actionUuid: SYSTEM_ALARM });
    for (let i = 0; i < 2; i += 1) {
      expect((await client.delete(`/zwatch/alarms/${uuid}`)).status).toBe(200);
    }
    expect([emulator.zstack.alarms.size, emulator.zstack.alarmActions.size]).toEqual([0, 0]);
    expect(emulator.zstack.topics.get(SYSTEM_ALARM)).toBeDefined();
  });

  test("deleting a topic removes it from alarms and event subscriptions without a word", async () => {
    const topic = emulator.zstack.topics.add({});
    const alarm = emulator.zstack.alarms.add({});
    const events = emulator.zstack.eventSubscriptions.add({});
    emulator.zstack.alarmActions.add({ alarmUuid: alarm.uuid, actionUuid: topic.uuid });
    emulator.zstack.alarmActions.add({ alarmUuid: alarm.uuid, actionUuid: SYSTEM_ALARM });
    emulator.zstack.eventSubscriptionActions.add({ subscriptionUuid: events.uuid, actionUuid: topic.uuid });
    expect((await client.delete(`/sns/topics/${topic.uuid}`)).status).toBe(200);
    expect(emulator.zstack.alarmActions.list().map((action) => action.actionUuid)).toEqual([SYSTEM_ALARM]);
    expect(emulator.zstack.eventSubscriptionActions.size).toBe(0);
  });

  test("without the zwatch module the paths are not mapped, while topics are", async () => {
    emulator.zstack.switches.zwatchAvailable = false;
    expect(await client.get("/zwatch/alarms")).toMatchObject({
      status: 404,
      text: "no api mapping to /v1/zwatch/alarms",
    });
    expect((await client.get("/sns/topics")).status).toBe(200);
  });

  test("another account sees and changes only its own alarms", async () => {
    emulator.zstack.switches.admin = false;
    const { uuid } = emulator.zstack.alarms.add({ accountUuid: UNKNOWN });
    expect((await client.get("/zwatch/alarms")).json.inventories).toEqual([]);
    expect(codeOf(await add(uuid, SYSTEM_ALARM))).toBe("ID.1002");
  });
});
