import { start, type Emulator } from "../../emulator";
import { codeOf, TestClient } from "./client";

const UNKNOWN = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";
const SYSTEM_ALARM = "e7d6f5e23bb74e99a2777126078b551c";
const BASE = "/zwatch/events/subscriptions";
const EVENT = { namespace: "ZStack/VM", eventName: "VMStateChangedOnHost" };

/** Section 6.5. */
describe("event subscriptions", () => {
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

  test("SubscribeEvent answers the subscription with its actions and labels", async () => {
    const created = await client.post(BASE, {
      ...EVENT,
      name: "vm state",
      emergencyLevel: "Emergent",
      labels: [{ key: "NewState", value: "Stopped" }],
      actions: [{ actionUuid: SYSTEM_ALARM, actionType: "sns" }],
    });
    const { inventory } = created.json;
    expect(inventory).toMatchObject({
      ...EVENT,
      name: "vm state",
      emergencyLevel: "Emergent",
      state: "Enabled",
      labels: [{ key: "NewState", operator: "Equal", value: "Stopped" }],
      actions: [
        {
          subscriptionUuid: inventory.uuid,
          actionUuid: SYSTEM_ALARM,
          actionType: "sns",
          createDate: expect.any(String),
          lastOpDate: expect.any(String),
        },
      ],
    });
  });

  test("SubscribeEvent needs namespace and event; an unknown topic is what the switch says", async () => {
    expect(codeOf(await client.post(BASE, { namespace: "ZStack/VM" }))).toBe("SYS.1007");
    const actions = [{ actionUuid: UNKNOWN, actionType: "sns" }];
    expect(codeOf(await client.post(BASE, { ...EVENT, actions }))).toBe("SYS.1007");
    emulator.zstack.switches.subscribeEventUnknownTopic = "accepted";
    expect((await client.post(BASE, { ...EVENT, actions })).status).toBe(200);
  });

  test("AddActionToEventSubscription answers the subscription; the same topic again is SYS.1007", async () => {
    const { uuid } = emulator.zstack.eventSubscriptions.add(EVENT);
    const add = (to: string, actionUuid: string) =>
      client.post(`${BASE}/${to}/actions`, { actionUuid, actionType: "sns" });
    expect((await add(uuid, SYSTEM_ALARM)).json.inventory).toMatchObject({
      uuid,
      actions: [{ actionUuid: SYSTEM_ALARM }],
    });
    expect(codeOf(await add(uuid, SYSTEM_ALARM))).toBe("SYS.1007");
    expect(codeOf(await add(uuid, UNKNOWN))).toBe("SYS.1007");
    expect(codeOf(await add(UNKNOWN, SYSTEM_ALARM))).toBe("SYS.1003");
    expect(emulator.zstack.eventSubscriptionActions.size).toBe(1);
  });

  test("RemoveActionFromEventSubscription answers nothing, also when the action was not there", async () => {
    const { uuid } = emulator.zstack.eventSubscriptions.add(EVENT);
    emulator.zstack.eventSubscriptionActions.add({ subscriptionUuid: uuid, actionUuid: SYSTEM_ALARM });
    const path = `${BASE}/${uuid}/actions/${SYSTEM_ALARM}`;
    for (let i = 0; i < 2; i += 1) {
      expect((await client.delete(path)).text).toBe("{}");
    }
    expect(emulator.zstack.eventSubscriptionActions.size).toBe(0);
    expect(codeOf(await client.delete(`${BASE}/${UNKNOWN}/actions/${SYSTEM_ALARM}`))).toBe("SYS.1003");
  });

  test("ChangeEventSubscriptionState takes the name of the state, not an event", async () => {
    const { uuid } = emulator.zstack.eventSubscriptions.add(EVENT);
    const change = (state: string) =>
      client.act(`/zwatch/change/eventSubscription/${uuid}/state`, "changeEventSubscriptionState", { state });
    expect((await change("Disabled")).json.inventory).toMatchObject({ uuid, state: "Disabled" });
    expect(codeOf(await change("enable"))).toBe("SYS.1007");
  });

  test("QueryEventSubscription finds by event and by the topic of an action", async () => {
    const { uuid } = emulator.zstack.eventSubscriptions.add(EVENT);
    emulator.zstack.eventSubscriptions.add({ eventName: "HostDisconnected" });
    emulator.zstack.eventSubscriptionActions.add({ subscriptionUuid: uuid, actionUuid: SYSTEM_ALARM });
    for (const query of [`q=eventName=${EVENT.eventName}`, `q=actions.actionUuid=${SYSTEM_ALARM}`]) {
      expect((await client.get(`${BASE}?${query}`)).json.inventories).toMatchObject([{ uuid }]);
    }
  });

  test("UnsubscribeEvent takes the actions along and can be repeated", async () => {
    const { uuid } = emulator.zstack.eventSubscriptions.add(EVENT);
    emulator.zstack.eventSubscriptionActions.add({ subscriptionUuid: uuid, actionUuid: SYSTEM_ALARM });
    for (let i = 0; i < 2; i += 1) {
      expect((await client.delete(`${BASE}/${uuid}`)).text).toBe("{}");
    }
    expect(emulator.zstack.eventSubscriptionActions.size).toBe(0);
  });

  test("can be put in by the control address, with their actions", async () => {
    const add = async (kind: string, row: object) => {
      const answer = await fetch(`${emulator.url}/_emulator/zstack/objects/${kind}`, {
        method: "POST",
        body: JSON.stringify(row),
      });
      return (await answer.json()) as { uuid: string };
    };
    const { uuid } = await add("eventSubscriptions", EVENT);
    await add("eventSubscriptionActions", { subscriptionUuid: uuid, actionUuid: SYSTEM_ALARM });
    const alarm = await add("alarms", { name: "cpu" });
    await add("alarmActions", { alarmUuid: alarm.uuid, actionUuid: SYSTEM_ALARM });
    expect((await client.get(`${BASE}/${uuid}`)).json.inventories[0].actions).toHaveLength(1);
    expect((await client.get(`/zwatch/alarms/${alarm.uuid}`)).json.inventories[0].actions).toHaveLength(1);
  });
});
