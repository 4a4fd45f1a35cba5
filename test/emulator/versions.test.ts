import { start, type Emulator } from "../../emulator";
import { compareVersions } from "../../emulator/zstack/rest/version";
import { DINGTALK, ENDPOINTS, TestClient, WEBHOOK } from "./client";

const PHONE = "+86-13900001111";

/** Section 0.1. */
describe("server versions", () => {
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

  test.each([
    ["5.0.0", "5.0.0", 0],
    ["5.10.0", "5.9.9", 1],
    ["4.8.0", "5.0.0", -1],
    ["5.1", "5.1.0", 0],
  ])("compare %s with %s", (a, b, expected) => {
    expect(Math.sign(compareVersions(a, b))).toBe(expected);
  });

  test.each([
    ["PUT", `${DINGTALK}/x/actions`, { updateSNSDingTalkEndpoint: {} }],
    ["PUT", `${DINGTALK}/at-persons/x/actions`, { updateAtPersonOfAtDingTalkEndpoint: {} }],
  ])("below 5.0.0 do not know %s %s", async (method, path, body) => {
    emulator.zstack.switches.serverVersion = "4.8.0";
    const answer = await client.send(method, path, { body });
    expect([answer.status, answer.text]).toEqual([404, `no api mapping to /v1${path}`]);
  });

  test("below 5.0.0 ignore secret and remarks, and show three members of a person", async () => {
    emulator.zstack.switches.serverVersion = "4.8.0";
    const params = { name: "n", url: WEBHOOK, secret: "s", atPersonList: { [PHONE]: "x" } };
    const { inventory } = (await client.post(DINGTALK, params)).json;
    expect(inventory).toMatchObject({ atPersonPhoneNumbers: [], platform: {} });
    for (const name of ["secret", "atPersonList"]) {
      expect(inventory).not.toHaveProperty(name);
    }
    expect(emulator.zstack.endpoints.list()[0]?.secret).toBeUndefined();
    const fields = { endpointUuid: inventory.uuid, phoneNumber: PHONE, remark: "x" };
    const person = (await client.post(`${DINGTALK}/at-persons`, fields)).json.inventory;
    expect(Object.keys(person as object).sort()).toEqual(["endpointUuid", "phoneNumber", "uuid"]);
  });

  test("below 5.0.0 take a test connection for a query by uuid, for nothing else is on that path (1.1)", async () => {
    emulator.zstack.switches.serverVersion = "4.8.0";
    const answer = await client.send("POST", `${DINGTALK}/test-connection`, { body: { params: {} } });
    expect([answer.status, answer.json]).toEqual([200, { inventories: [], schema: {} }]);
  });

  test("below 5.0.0 run the add of a person whatever the method, for nothing else is on its path (1.1)", async () => {
    emulator.zstack.switches.serverVersion = "4.8.0";
    expect((await client.get(`${DINGTALK}/at-persons`)).status).toBe(202);
  });

  test.each([
    ["5.1.7", false],
    ["5.1.8", true],
  ])("%s shows connectionStatus and takes platformUuid in updates: %s", async (serverVersion, known) => {
    Object.assign(emulator.zstack.switches, { serverVersion, connectionStatus: "UP" });
    const { uuid } = emulator.zstack.endpoints.add({});
    const platform = emulator.zstack.platforms.add({});
    const path = `${ENDPOINTS}/${uuid}/actions`;
    const answer = await client.act(path, "updateSNSApplicationEndpoint", { platformUuid: platform.uuid });
    expect("connectionStatus" in answer.json.inventory).toBe(known);
    expect(answer.json.inventory.platformUuid === platform.uuid).toBe(known);
  });

  test.each([
    ["5.1.9", 503],
    ["5.2.0", 200],
  ])("%s answers the event hide with %i", async (serverVersion, status) => {
    emulator.zstack.switches.serverVersion = serverVersion;
    const { uuid } = emulator.zstack.endpoints.add({});
    const path = `${ENDPOINTS}/${uuid}/actions`;
    const answer = await client.act(path, "changeSNSApplicationEndpointState", { stateEvent: "hide" });
    expect(answer.status).toBe(status);
  });

  test("before 4.7.21 show no platform, before 4.6.21 no locale, before 3.4.0 take no tagUuids", async () => {
    emulator.zstack.switches.serverVersion = "3.3.0";
    const params = { name: "n", url: WEBHOOK, tagUuids: ["unknown"] };
    expect((await client.post(DINGTALK, params)).json.inventory).not.toHaveProperty("platform");
    const topic = await client.post("/sns/topics", { name: "t", locale: "nonsense" });
    expect(topic.json.inventory).not.toHaveProperty("locale");
  });
});
