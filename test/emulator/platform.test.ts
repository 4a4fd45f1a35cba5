import { start, type Emulator } from "../../emulator";
import { codeOf, ENDPOINTS, TestClient, WEBHOOK } from "./client";

const SYSTEM_PLATFORM = "02d24b9b0a7f4ee1846f15cda248ceb7";
const PLATFORMS = "/sns/application-platforms";
const UNKNOWN = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";

/** Sections 6.3 and 6.4. */
describe("platforms and other endpoints", () => {
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

  test("CreateSNSEmailPlatform, UpdateSNSApplicationPlatform and ChangeSNSApplicationPlatformState answer the platform", async () => {
    const params = {
      name: "mail",
      smtpServer: "s",
      smtpPort: 25,
      username: "u",
      password: "p",
      encryptType: "NONE",
    };
    const created = await client.post(`${PLATFORMS}/email`, params);
    const { uuid } = created.json.inventory;
    expect(created.json.inventory).toMatchObject({ type: "Email", smtpPort: 25, encryptType: "NONE" });
    expect(created.json.inventory).not.toHaveProperty("password");
    const path = `${PLATFORMS}/${uuid}/actions`;
    const updated = await client.act(path, "updateSNSApplicationPlatform", { description: "d" });
    expect(updated.json.inventory).toMatchObject({ name: "mail", description: "d" });
    const disabled = await client.act(path, "changeSNSApplicationPlatformState", { stateEvent: "disable" });
    expect(disabled.json.inventory.state).toBe("Disabled");
    expect(codeOf(await client.post(`${PLATFORMS}/email`, { ...params, smtpPort: 70000 }))).toBe("SYS.1007");
    expect(
      (await client.send("POST", `${PLATFORMS}/email`, { body: { params: { ...params, smtpPort: "x" } } }))
        .status,
    ).toBe(400);
    expect(codeOf(await client.post(`${PLATFORMS}/email`, { ...params, encryptType: "ssl" }))).toBe(
      "SYS.1007",
    );
  });

  test("DeleteSNSApplicationPlatform takes endpoints along", async () => {
    const { uuid } = emulator.zstack.platforms.add({ type: "Email" });
    emulator.zstack.endpoints.add({ type: "Email", platformUuid: uuid });
    for (const gone of [uuid, uuid, UNKNOWN]) {
      expect((await client.delete(`${PLATFORMS}/${gone}`)).status).toBe(200);
    }
    expect(emulator.zstack.endpoints.size).toBe(0);
  });

  test("the system platform refuses state changes and deletes", async () => {
    const path = `${PLATFORMS}/${SYSTEM_PLATFORM}`;
    const disable = await client.act(`${path}/actions`, "changeSNSApplicationPlatformState", {
      stateEvent: "disable",
    });
    expect([codeOf(disable), codeOf(await client.delete(path))]).toEqual(["SYS.1006", "SYS.1006"]);
  });

  test("QuerySNSApplicationPlatform shows the system platform to everybody", async () => {
    emulator.zstack.switches.admin = false;
    emulator.zstack.platforms.add({ accountUuid: "somebody" });
    const { inventories, schema } = (await client.get(PLATFORMS)).json;
    expect(inventories).toMatchObject([{ uuid: SYSTEM_PLATFORM, name: "system", type: "system" }]);
    expect(schema).toEqual({ "inventories[0]": "org.zstack.sns.SNSApplicationPlatformInventory" });
  });

  test("CreateSNSHttpEndpoint takes both of user name and password or none, and shows no password", async () => {
    const path = `${ENDPOINTS}/http`;
    const created = await client.post(path, { name: "h", url: WEBHOOK, username: "u", password: "p" });
    expect(created.json.inventory).toMatchObject({
      type: "HTTP",
      username: "u",
      platformUuid: SYSTEM_PLATFORM,
    });
    expect(created.text).not.toContain("password");
    expect(codeOf(await client.post(path, { name: "h", url: WEBHOOK, username: "u" }))).toBe("SYS.1007");
    expect((await client.get(`${path}?q=username=u`)).json.inventories).toHaveLength(1);
    expect(emulator.journal.count("QuerySNSHttpEndpoint")).toBe(1);
  });

  test.each([
    [{ atPersonUserIds: ["a", "b"] }, ["a", "b"]],
    [{ atPersonList: { c: "x" }, atPersonUserIds: ["a"] }, ["c"]],
    [{}, []],
  ])("CreateSNSWeComEndpoint with %j mentions %j", async (persons, expected) => {
    const created = await client.post(`${ENDPOINTS}/we-com`, {
      name: "w",
      url: WEBHOOK,
      atAll: true,
      ...persons,
    });
    expect(created.json.inventory).toMatchObject({ type: "WeCom", atAll: true });
    expect([...created.json.inventory.atPersonUserIds].sort()).toEqual(expected);
    expect((await client.get(`${ENDPOINTS}/we-com`)).json.inventories).toHaveLength(1);
    expect(emulator.journal.count("QuerySNSWeComEndpoint")).toBe(1);
  });
});
