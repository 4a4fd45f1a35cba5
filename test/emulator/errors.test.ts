import { start, type Emulator } from "../../emulator";
import { offsetMinutes, offsetText, renderDate } from "../../emulator/zstack/rest/dates";
import { DINGTALK, ENDPOINTS, TestClient } from "./client";

const UNKNOWN = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";

/** Sections 4.1 and 9. */
describe("errors", () => {
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

  const error = async () =>
    (await client.act(`${ENDPOINTS}/${UNKNOWN}/actions`, "updateSNSApplicationEndpoint", {})).json
      .error as Record<string, unknown>;

  test("carry a code, a fixed description and details in Chinese by default", async () => {
    expect(await error()).toEqual({
      code: "SYS.1003",
      description: "Unable to find requested resource",
      details: expect.stringMatching(/找不到资源/),
      elaboration: expect.any(String),
      cost: "2ms",
    });
  });

  test("speak English where the switch says so, but SYS.1000 is never translated", async () => {
    const unknownField = async () => (await client.get(`${DINGTALK}?q=x=y`)).json.error.details as string;
    const chinese = await unknownField();
    emulator.zstack.switches.locale = "en_US";
    expect((await error()).details).toContain(
      `invalid field[uuid], resource[uuid:${UNKNOWN}, type:SNSApplicationEndpointVO]`,
    );
    expect(await unknownField()).toBe(chinese);
  });

  test("come without elaboration, with causes or with a global code where the switches say so", async () => {
    Object.assign(emulator.zstack.switches, { elaboration: false, locale: "en_US" });
    expect(await error()).not.toHaveProperty("elaboration");
    emulator.zstack.switches.causes = "cause";
    expect(await error()).toMatchObject({
      code: "SYS.1003",
      details: "operation failed, see the cause",
      cause: { code: "SYS.1003", details: expect.stringContaining("not found") },
    });
    Object.assign(emulator.zstack.switches, { causes: "causes", globalErrorCode: true });
    expect(await error()).toMatchObject({
      causes: [{ details: expect.stringContaining("not found") }],
      globalErrorCode: "ORG_ZSTACK_SYS_1003",
    });
  });

  test("cut details at 4096 characters", async () => {
    emulator.zstack.switches.locale = "en_US";
    const phone = "1".repeat(5000);
    const answer = await client.post(DINGTALK, {
      name: "n",
      url: "https://h",
      atPersonPhoneNumbers: [phone],
    });
    expect(answer.json.error.details).toHaveLength(4096);
  });
});

describe("dates", () => {
  const afternoon = Date.UTC(2023, 11, 25, 6, 5, 12, 345);
  const shanghai = { timezone: "Asia/Shanghai" };

  test.each([
    ["java8", "Dec 25, 2023 2:05:12 PM"],
    ["java9", "Dec 25, 2023, 2:05:12 PM"],
    ["java20", "Dec 25, 2023, 2:05:12\u202fPM"],
    ["epoch", Date.UTC(2023, 11, 25, 6, 5, 12)],
  ] as const)("of %s read %s", (dateFormat, expected) => {
    expect(renderDate(afternoon, { ...shanghai, dateFormat })).toBe(expected);
  });

  test.each([
    ["2018-02-28T01:47:32Z", "Feb 28, 2018 9:47:32 AM"],
    ["2018-02-28T16:00:00Z", "Mar 1, 2018 12:00:00 AM"],
    ["2018-02-28T04:00:09Z", "Feb 28, 2018 12:00:09 PM"],
  ])("pad neither day nor hour: %s is %s", (iso, expected) => {
    expect(renderDate(Date.parse(iso), { ...shanghai, dateFormat: "java8" })).toBe(expected);
  });

  test.each([
    ["Asia/Shanghai", "+08:00"],
    ["America/New_York", "-05:00"],
    ["Asia/Kolkata", "+05:30"],
    ["Etc/UTC", "+00:00"],
  ])("know the offset of %s", (zone, expected) => {
    expect(offsetText(offsetMinutes(afternoon, zone))).toBe(expected);
  });
});
