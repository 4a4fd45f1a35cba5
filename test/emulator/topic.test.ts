import { start, type Emulator } from "../../emulator";
import { codeOf, ENDPOINTS, TestClient } from "./client";

const UNKNOWN = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";
const SYSTEM_ALARM = "e7d6f5e23bb74e99a2777126078b551c";
const API = "7bfa0eb8555b3528ace936edfd1d74f1";

/** Sections 6.1 and 6.2. */
describe("topics", () => {
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

  test("CreateSNSTopic, UpdateSNSTopic and ChangeSNSTopicState answer the topic", async () => {
    const created = await client.post("/sns/topics", { name: "t", description: "d", locale: "en_US" });
    const { uuid } = created.json.inventory;
    expect(created.json.inventory).toMatchObject({
      name: "t",
      description: "d",
      locale: "en_US",
      state: "Enabled",
    });
    const updated = await client.act(`/sns/topics/${uuid}/actions`, "updateSNSTopic", { description: "" });
    expect(updated.json.inventory).toMatchObject({ name: "t", description: "", locale: "en_US" });
    const disabled = await client.act(`/zwatch/topics/${uuid}/actions`, "changeSNSTopicState", {
      stateEvent: "disable",
    });
    expect(disabled.json.inventory.state).toBe("Disabled");
    expect(codeOf(await client.post("/sns/topics", { name: "t", locale: "de_DE" }))).toBe("SYS.1007");
    expect(codeOf(await client.act(`/sns/topics/${UNKNOWN}/actions`, "updateSNSTopic", {}))).toBe("SYS.1003");
  });

  test("DeleteSNSTopic takes subscriptions along, can be repeated, and refuses built-in topics", async () => {
    const { uuid } = emulator.zstack.topics.add({});
    const endpoint = emulator.zstack.endpoints.add({});
    emulator.zstack.subscriptions.add({ topicUuid: uuid, endpointUuid: endpoint.uuid });
    for (let i = 0; i < 2; i += 1) {
      expect((await client.delete(`/sns/topics/${uuid}`)).status).toBe(200);
    }
    expect([emulator.zstack.subscriptions.size, emulator.zstack.endpoints.size]).toEqual([0, 1]);
    for (const builtIn of [SYSTEM_ALARM, API]) {
      expect(codeOf(await client.delete(`/sns/topics/${builtIn}`))).toBe("SYS.1006");
    }
    expect(codeOf(await client.delete("/sns/topics/x"))).toBe("SYS.1003");
  });

  test("SubscribeSNSTopic works once, without params too; UnsubscribeSNSTopic always, if both sides exist", async () => {
    const { uuid } = emulator.zstack.endpoints.add({});
    const link = `/sns/topics/${SYSTEM_ALARM}/endpoints/${uuid}`;
    expect((await client.call("POST", link)).text).toBe("{}");
    expect(codeOf(await client.call("POST", link, { body: { params: {} } }))).toBe("SYS.1000");
    const subscribers = await client.get(
      `/sns/topics/subscribers?q=topicUuid=${SYSTEM_ALARM}&q=endpointUuid=${uuid}`,
    );
    expect(subscribers.json.inventories).toEqual([
      {
        topicUuid: SYSTEM_ALARM,
        endpointUuid: uuid,
        createDate: expect.any(String),
        lastOpDate: expect.any(String),
      },
    ]);
    expect(emulator.journal.count("QuerySNSTopicSubscriber")).toBe(1);
    for (let i = 0; i < 2; i += 1) {
      expect((await client.delete(link)).text).toBe("{}");
    }
    expect(codeOf(await client.call("POST", `/sns/topics/${UNKNOWN}/endpoints/${uuid}`))).toBe("SYS.1003");
    expect(codeOf(await client.delete(`/sns/topics/${SYSTEM_ALARM}/endpoints/${UNKNOWN}`))).toBe("SYS.1003");
  });

  test("the api topic accepts HTTP endpoints only", async () => {
    const ding = emulator.zstack.endpoints.add({});
    const http = emulator.zstack.endpoints.add({ type: "HTTP" });
    expect(codeOf(await client.call("POST", `/sns/topics/${API}/endpoints/${ding.uuid}`))).toBe("SYS.1006");
    expect((await client.call("POST", `/sns/topics/${API}/endpoints/${http.uuid}`)).status).toBe(200);
  });

  test("QuerySNSTopic finds topics by member, and endpoints by topic", async () => {
    const { uuid } = emulator.zstack.endpoints.add({});
    emulator.zstack.endpoints.add({});
    emulator.zstack.subscriptions.add({ topicUuid: SYSTEM_ALARM, endpointUuid: uuid });
    const topics = await client.get(`/sns/topics?q=endpoints.uuid=${uuid}`);
    expect(topics.json.inventories).toMatchObject([{ uuid: SYSTEM_ALARM, name: "system-alarm" }]);
    const endpoints = await client.get(`${ENDPOINTS}?q=topics.uuid=${SYSTEM_ALARM}`);
    expect(endpoints.json.inventories).toMatchObject([{ uuid }]);
  });
});
