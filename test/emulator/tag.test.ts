import { start, type Emulator } from "../../emulator";
import { codeOf, DINGTALK, ENDPOINTS, TestClient } from "./client";

const UNKNOWN = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";

/** Section 8. */
describe("tags", () => {
  let emulator: Emulator;
  let client: TestClient;
  let endpointUuid: string;
  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    client = new TestClient(emulator);
    endpointUuid = emulator.zstack.endpoints.add({}).uuid;
  });

  test("CreateTag, QueryTag and DeleteTag handle patterns", async () => {
    const created = await client.post("/tags", { name: "red", value: "red", color: "#f00" });
    expect(created.json.inventory).toMatchObject({
      name: "red",
      value: "red",
      color: "#f00",
      type: "simple",
    });
    const { uuid } = created.json.inventory;
    expect((await client.get(`/tags/${uuid}`)).json.inventories).toHaveLength(1);
    await client.post(`/tags/${uuid}/resources`, { resourceUuids: [endpointUuid] });
    for (let i = 0; i < 2; i += 1) {
      expect((await client.delete(`/tags/${uuid}`)).status).toBe(200);
    }
    expect([emulator.zstack.tagPatterns.size, emulator.zstack.tags.size]).toEqual([0, 0]);
    expect(codeOf(await client.post("/tags", { name: "red" }))).toBe("SYS.1007");
  });

  test("AttachTagToResources answers per resource, and again is a no-op", async () => {
    const { uuid } = emulator.zstack.tagPatterns.add({ name: "red" });
    const attach = () => client.post(`/tags/${uuid}/resources`, { resourceUuids: [endpointUuid, UNKNOWN] });
    const { status, json } = await attach();
    expect(status).toBe(200);
    expect(json.results).toMatchObject([
      {
        success: true,
        inventory: { tag: "red", resourceUuid: endpointUuid, tagPatternUuid: uuid, type: "User" },
      },
      { success: false, error: { code: "SYS.1003" } },
    ]);
    await attach();
    expect(emulator.zstack.tags.size).toBe(1);
  });

  test("DetachTagFromResources takes a list in the query; an unknown pattern is SYS.1003", async () => {
    const { uuid } = emulator.zstack.tagPatterns.add({ name: "red" });
    const second = emulator.zstack.endpoints.add({});
    await client.post(`/tags/${uuid}/resources`, { resourceUuids: [endpointUuid, second.uuid] });
    const path = `resources?resourceUuids=${endpointUuid}&resourceUuids=${second.uuid}`;
    expect((await client.delete(`/tags/${uuid}/${path}`)).status).toBe(200);
    expect(emulator.zstack.tags.size).toBe(0);
    expect(codeOf(await client.delete(`/tags/${UNKNOWN}/${path}`))).toBe("SYS.1003");
    expect(codeOf(await client.delete(`/tags/${uuid}/resources`))).toBe("SYS.1007");
    expect(codeOf(await client.post(`/tags/${uuid}/resources`, { resourceUuids: [] }))).toBe("SYS.1007");
  });

  test("CreateUserTag refuses duplicates and resources that do not exist", async () => {
    const fields = { resourceType: "SNSApplicationEndpointVO", resourceUuid: endpointUuid, tag: "mine" };
    const { inventory } = (await client.post("/user-tags", fields)).json;
    expect(inventory).toMatchObject({ ...fields, type: "User" });
    expect(codeOf(await client.post("/user-tags", fields))).toBe("SYS.1006");
    expect(codeOf(await client.post("/user-tags", { ...fields, resourceUuid: UNKNOWN }))).toBe("SYS.1003");
    expect(codeOf(await client.post("/user-tags", { ...fields, resourceType: "VmInstanceVO" }))).toBe(
      "SYS.1007",
    );
    expect((await client.delete(`/tags/${inventory.uuid}`)).status).toBe(200);
    expect(emulator.zstack.tags.size).toBe(0);
  });

  test("QueryUserTag and QuerySystemTag read tags back; the endpoint itself never shows them", async () => {
    const { uuid } = emulator.zstack.tagPatterns.add({ name: "red" });
    emulator.zstack.tags.add({ tag: "red", resourceUuid: endpointUuid, tagPatternUuid: uuid });
    emulator.zstack.tags.add({ tag: "sys::1", kind: "System", resourceUuid: endpointUuid });
    const user = (await client.get(`/user-tags?q=resourceUuid=${endpointUuid}`)).json;
    expect(user.inventories).toMatchObject([
      { tag: "red", tagPatternUuid: uuid, tagPattern: { name: "red" } },
    ]);
    expect(user.schema).toEqual({
      "inventories[0]": "org.zstack.header.tag.UserTagInventory",
      "inventories[0].tagPattern": "org.zstack.header.tag.TagPatternInventory",
    });
    const system = (await client.get(`/system-tags?q=resourceUuid=${endpointUuid}`)).json;
    expect(system.inventories).toMatchObject([{ tag: "sys::1", type: "System", inherent: false }]);
    expect((await client.get(`${DINGTALK}/${endpointUuid}`)).text).not.toContain("red");
  });

  test.each([
    ["__userTag__=red", 1],
    ["__userTag__=blue", 0],
    ["__systemTag__~=sys::%25", 1],
    ["__tagUuid__?=PATTERN", 1],
  ])("endpoints are found by %s: %i", async (condition, count) => {
    const { uuid } = emulator.zstack.tagPatterns.add({ name: "red" });
    emulator.zstack.endpoints.add({});
    emulator.zstack.tags.add({ tag: "red", resourceUuid: endpointUuid, tagPatternUuid: uuid });
    emulator.zstack.tags.add({ tag: "sys::1", kind: "System", resourceUuid: endpointUuid });
    const found = await client.get(`${ENDPOINTS}?q=${condition.replace("PATTERN", uuid)}`);
    expect(found.json.inventories).toHaveLength(count);
  });
});
