import { start, type Emulator } from "../../emulator";
import { DINGTALK, ENDPOINTS, TestClient, WEBHOOK } from "./client";

describe("emulator", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start();
    client = new TestClient(emulator);
  });
  afterAll(() => emulator.close());

  test("carries an endpoint through its whole life", async () => {
    const version = await client.call("PUT", "/management-nodes/actions", {
      session: null,
      body: { getVersion: {} },
    });
    expect(version.json).toMatchObject({ version: "5.2.1" });

    const created = await client.post(DINGTALK, {
      name: " ops ",
      url: WEBHOOK,
      atPersonList: { "+86-13900001111": "jack" },
    });
    expect(created).toMatchObject({ status: 200 });
    const { uuid } = created.json.inventory;
    expect(created.json.inventory).toMatchObject({
      name: "ops",
      url: WEBHOOK,
      type: "DingTalk",
      state: "Enabled",
    });

    await client.act(`${DINGTALK}/${uuid}/actions`, "updateSNSDingTalkEndpoint", {
      atAll: true,
      secret: "SEC1",
    });
    await client.act(`${ENDPOINTS}/${uuid}/actions`, "updateSNSApplicationEndpoint", { description: "d" });
    await client.act(`${ENDPOINTS}/${uuid}/actions`, "changeSNSApplicationEndpointState", {
      stateEvent: "disable",
    });
    await client.post(`${DINGTALK}/at-persons`, { endpointUuid: uuid, phoneNumber: "+86-13900002222" });
    const read = await client.get(`${DINGTALK}?q=uuid=${uuid}`);
    expect(read.json.inventories).toEqual([
      expect.objectContaining({ atAll: true, secret: "SEC1", description: "d", state: "Disabled" }),
    ]);
    expect(emulator.zstack.endpoints.list()).toHaveLength(1);
    expect(emulator.zstack.persons.list()).toHaveLength(2);

    expect((await client.delete(`${ENDPOINTS}/${uuid}`)).status).toBe(200);
    expect(emulator.zstack.endpoints.list()).toEqual([]);
    expect(emulator.journal.changing().map((entry) => entry.operation)).toEqual([
      "CreateSNSDingTalkEndpoint",
      "UpdateSNSDingTalkEndpoint",
      "UpdateSNSApplicationEndpoint",
      "ChangeSNSApplicationEndpointState",
      "AddSNSDingTalkAtPerson",
      "DeleteSNSApplicationEndpoint",
    ]);
  });
});
