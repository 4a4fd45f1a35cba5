import { start, type Emulator } from "../../emulator";
import { codeOf, DINGTALK, TestClient } from "./client";

const PHONE = "+86-13900001111";
const OTHER = "+86-13900002222";
const UNKNOWN = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";

/** Section 5.7. */
describe("persons of a DingTalk endpoint", () => {
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

  const add = (params: Record<string, unknown>) =>
    client.post(`${DINGTALK}/at-persons`, { endpointUuid, ...params });
  const update = (uuid: string, fields: Record<string, unknown>) =>
    client.act(`${DINGTALK}/at-persons/${uuid}/actions`, "updateAtPersonOfAtDingTalkEndpoint", fields);

  test("AddSNSDingTalkAtPerson answers the person, dates included", async () => {
    const { inventory } = (await add({ phoneNumber: PHONE, remark: "jack" })).json;
    expect(inventory).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
      phoneNumber: PHONE,
      endpointUuid,
      remark: "jack",
      createDate: expect.any(String),
      lastOpDate: expect.any(String),
    });
    expect(
      (await client.get(`${DINGTALK}/${endpointUuid}`)).json.inventories[0].atPersonPhoneNumbers,
    ).toEqual([PHONE]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{}, "SYS.1007"],
    [{ phoneNumber: "13900001111" }, "SYS.1007"],
    [{ phoneNumber: PHONE, remark: "r".repeat(129) }, "SYS.1007"],
    [{ phoneNumber: "1".repeat(65) }, "SYS.1007"],
    [{ phoneNumber: PHONE, endpointUuid: UNKNOWN }, "SYS.1003"],
    [{ phoneNumber: PHONE, resourceUuid: "x" }, "SYS.1007"],
    [{ phoneNumber: PHONE, tagUuids: [UNKNOWN] }, "SYS.1003"],
  ])("AddSNSDingTalkAtPerson with %j is %s", async (params, expected) => {
    expect(codeOf(await add(params))).toBe(expected);
  });

  test("AddSNSDingTalkAtPerson refuses a number twice, and another kind of endpoint", async () => {
    await add({ phoneNumber: PHONE });
    expect(codeOf(await add({ phoneNumber: PHONE }))).toBe("SYS.1007");
    const http = emulator.zstack.endpoints.add({ type: "HTTP" });
    expect(codeOf(await add({ phoneNumber: PHONE, endpointUuid: http.uuid }))).toBe("SYS.1003");
    const second = emulator.zstack.endpoints.add({});
    expect(codeOf(await add({ phoneNumber: PHONE, endpointUuid: second.uuid }))).toBeUndefined();
  });

  test.each<[Record<string, unknown>, Record<string, unknown> | string]>([
    [{ remark: "new" }, { remark: "new", phoneNumber: PHONE }],
    [{ remark: "" }, { remark: "", phoneNumber: PHONE }],
    [{ phoneNumber: " " }, { remark: "old", phoneNumber: PHONE }],
    [{ phoneNumber: OTHER }, { remark: "old", phoneNumber: OTHER }],
    [{ phoneNumber: PHONE }, "SYS.1007"],
    [{ phoneNumber: "1" }, "SYS.1007"],
    [{ phoneNumber: "1".repeat(257) }, "SYS.1007"],
    [{ remark: "r".repeat(129) }, "SYS.1007"],
    [{ endpointUuid: undefined }, "SYS.1007"],
    [{ endpointUuid: UNKNOWN }, "SYS.1003"],
  ])("UpdateAtPersonOfAtDingTalkEndpoint with %j leads to %j", async (fields, expected) => {
    const { uuid } = emulator.zstack.persons.add({ endpointUuid, phoneNumber: PHONE, remark: "old" });
    const answer = await update(uuid, { endpointUuid, ...fields });
    if (typeof expected === "string") {
      expect(codeOf(answer)).toBe(expected);
    } else {
      expect(answer.json.inventory).toMatchObject(expected);
    }
  });

  test("UpdateAtPersonOfAtDingTalkEndpoint does not move the person, and takes any endpoint where the switch says so", async () => {
    const { uuid } = emulator.zstack.persons.add({ endpointUuid, phoneNumber: PHONE });
    const second = emulator.zstack.endpoints.add({});
    const moved = await update(uuid, { endpointUuid: second.uuid, phoneNumber: PHONE });
    expect(moved.json.inventory.endpointUuid).toBe(endpointUuid);
    emulator.zstack.switches.personUpdateUnknownEndpoint = "success";
    expect(codeOf(await update(uuid, { endpointUuid: UNKNOWN, remark: "x" }))).toBeUndefined();
    expect(codeOf(await update(UNKNOWN, { endpointUuid }))).toBe("SYS.1003");
  });

  test.each([PHONE, PHONE.replace("+", "%2B")])(
    "RemoveSNSDingTalkAtPerson takes the number as %s",
    async (phone) => {
      emulator.zstack.persons.add({ endpointUuid, phoneNumber: PHONE });
      expect((await client.delete(`${DINGTALK}/${endpointUuid}/at-persons/${phone}?deleteMode=x`)).text).toBe(
        "{}",
      );
      expect(emulator.zstack.persons.size).toBe(0);
    },
  );

  test("RemoveSNSDingTalkAtPerson of nobody is a success", async () => {
    expect((await client.delete(`${DINGTALK}/${endpointUuid}/at-persons/${PHONE}`)).status).toBe(200);
    expect((await client.delete(`${DINGTALK}/${UNKNOWN}/at-persons/${PHONE}`)).status).toBe(200);
  });

  test("QuerySNSDingTalkAtPerson needs the plus sign encoded, and finds DingTalk persons only", async () => {
    const { uuid } = emulator.zstack.persons.add({ endpointUuid, phoneNumber: PHONE });
    const weCom = emulator.zstack.endpoints.add({ type: "WeCom" });
    emulator.zstack.persons.add({ endpointUuid: weCom.uuid, phoneNumber: "user" });
    const find = async (query: string) =>
      (await client.get(`${DINGTALK}/at-persons${query}`)).json.inventories.length as number;
    expect(await find(`?q=phoneNumber=${PHONE}`)).toBe(0);
    expect(await find(`?q=phoneNumber=${encodeURIComponent(PHONE)}`)).toBe(1);
    expect(await find(`?q=endpointUuid=${endpointUuid}`)).toBe(1);
    expect(await find(`/${uuid}`)).toBe(1);
    expect(await find("")).toBe(1);
  });
});
