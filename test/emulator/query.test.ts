import { start, type Emulator } from "../../emulator";
import { parseCondition } from "../../emulator/zstack/rest/condition";
import { DINGTALK, ENDPOINTS, TestClient, type Answer } from "./client";

const namesIn = (answer: Answer): string[] | undefined =>
  (answer.json.inventories as { name: string }[] | undefined)?.map((row) => row.name);

/** Sections 7 and 12.5. */
describe("queries", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    client = new TestClient(emulator);
    const { endpoints } = emulator.zstack;
    endpoints.add({
      uuid: "a".repeat(32),
      name: "Alpha",
      description: "first",
      url: "https://x/?a=b",
      atAll: true,
    });
    endpoints.add({ uuid: "b".repeat(32), name: "beta_1", description: undefined });
    endpoints.add({ uuid: "c".repeat(32), name: "gamma ", description: "100%" });
  });

  const names = async (query: string) => {
    const answer = await client.get(`${DINGTALK}?sort=name&${query}`);
    if (answer.status !== 200) {
      return `${String(answer.status)} ${answer.json?.error?.code ?? ""}`.trim();
    }
    return namesIn(answer)
      ?.map((name) => name.trim().charAt(0).toLowerCase())
      .join("");
  };

  test.each([
    ["name=Alpha", "a"],
    ["name=ALPHA", "a"],
    ["name=alpha  ", "a"],
    ["name= alpha", ""],
    [" name =alpha", "a"],
    ["name=gamma", "g"],
    ["name!=alpha", "bg"],
    ["name?=alpha,GAMMA,x", "ag"],
    ["name?=alpha, gamma", "a"],
    ["name!?=alpha,gamma", "b"],
    ["name~=al%", "a"],
    ["name~=al", ""],
    ["name~=_lph_", "a"],
    ["name~=%A%", "abg"],
    ["name~=%", "abg"],
    ["name~=%%%", "abg"],
    ["name~=_____", "a"],
    ["name~=gamma", ""],
    ["name~=gamma ", "g"],
    ["name~=%a%a%h%", ""],
    ["name~=%\u00e0l%h\u00e1", "a"],
    ["name=\u00e1lph\u00e0", "a"],
    ["name~=a.*", ""],
    ["name!~=%a%", ""],
    ["description~=%!%", ""],
    ["name>b", "bg"],
    ["name>=beta_1", "bg"],
    ["name<beta_1", "a"],
    ["name<=beta_1", "ab"],
    ["description is null", "b"],
    ["description not null", "ag"],
    ["url=https://x/?a=b", "a"],
    ["url=https://x/?=b", "503 SYS.1000"],
    ["url~=https://x/%", "a"],
    ["name==alpha", "a"],
    ["name=", ""],
    ["atAll=true", "a"],
    ["platform.type=system", "abg"],
    ["platform.type=Email", ""],
    ["topics.uuid=x", ""],
    ["atPersonPhoneNumbers=x", ""],
    ["=x", "400"],
    ["name", "400"],
    ["name like x", "400"],
    ["nonsense=x", "503 SYS.1000"],
    ["platform.nonsense=x", "503 SYS.1000"],
    ["name=o'neil", "503 SYS.1000"],
  ])("find by %j: %s", async (condition, expected) => {
    expect(await names(`q=${encodeURIComponent(condition)}`)).toBe(expected);
  });

  test.each([
    ["name=a=b", "name", "=", "a=b"],
    ["name==x", "name", "=", "x"],
    ["name=", "name", "=", ""],
    ["name=a!=b", "name=a", "!=", "b"],
    ["url=http://x?a=b", "url", "=", "http://x?a=b"],
    ["url=http://x?=b", "url=http://x", "?=", "b"],
    ["name!?=a,b", "name", "!?=", "a,b"],
    ["name!~=a", "name", "!~=", "a"],
    ["name = a ", "name", "=", " a "],
    ["x>1<2", "x", ">", "1<2"],
  ])("split %j into %s %s %s", (text, field, operator, value) => {
    expect(parseCondition(text)).toEqual({ field, operator, value });
  });

  test("match a pattern in one walk along the text, however many wildcards it has", async () => {
    emulator.zstack.endpoints.add({ name: "a".repeat(200_000) });
    expect(await names(`q=${encodeURIComponent(`name~=${"%a".repeat(500)}%b`)}`)).toBe("");
    expect(await names(`q=${encodeURIComponent(`name~=${"%a".repeat(500)}%a`)}`)).toBe("a");
    expect(await names(`q=${encodeURIComponent(`name~=${"%_a".repeat(300)}%b`)}`)).toBe("");
  });

  test("compare trailing spaces in one walk, too", async () => {
    emulator.zstack.endpoints.add({ name: `${" ".repeat(200_000)}x` });
    expect(await names("q=name=x")).toBe("");
  });

  test("take one character for _, even where it has two units", async () => {
    emulator.zstack.endpoints.add({ name: "😀" });
    const answer = await client.get(`${DINGTALK}?q=name~=_`);
    expect(namesIn(answer)).toEqual(["😀"]);
  });

  test("take several conditions together, equal ones once", async () => {
    expect(await names("q=name~=%25a%25&q=description%20not%20null&q=name~=%25a%25")).toBe("ag");
  });

  test.each([
    ["sort=name", ["Alpha", "beta_1", "gamma "]],
    ["sort=+name", ["Alpha", "beta_1", "gamma "]],
    ["sort=%2Bname", ["Alpha", "beta_1", "gamma "]],
    ["sort=-name", ["gamma ", "beta_1", "Alpha"]],
    ["sort=-name&limit=1", ["gamma "]],
    ["sort=name&start=1", ["beta_1", "gamma "]],
    ["sort=name&start=1&limit=1", ["beta_1"]],
    ["sort=name&limit=0", []],
    ["sort=name&start=9", []],
    ["q=unknown parameter=1&sort=name", undefined],
    ["whatever=1&sort=name&limit=1", ["Alpha"]],
  ])("page with %s", async (query, expected) => {
    const answer = await client.get(`${DINGTALK}?${query}`);
    expect(namesIn(answer)).toEqual(expected);
  });

  test.each(["limit=x", "start=1.5", "limit=2147483648", "start=1e3"])(
    "refuse %s with 400 text",
    async (query) => {
      expect(await client.get(`${DINGTALK}?${query}`)).toMatchObject({ status: 400, json: undefined });
    },
  );

  test.each(["sort=nonsense", "fields=nonsense"])("refuse %s with SYS.1000", async (query) => {
    expect((await client.get(`${DINGTALK}?${query}`)).json.error.code).toBe("SYS.1000");
  });

  test("give no more rows than the switch says, whatever limit is asked for, and count all of them", async () => {
    emulator.zstack.switches.maxPageRows = 2;
    const page = async (query: string) =>
      (await client.get(`${DINGTALK}?sort=name&${query}`)).json as { inventories: object[]; total?: number };
    expect((await page("limit=9&replyWithCount=true")).inventories).toHaveLength(2);
    expect((await page("limit=9&replyWithCount=true")).total).toBe(3);
    expect((await page("limit=9&start=2")).inventories).toHaveLength(1);
    expect((await page("limit=1")).inventories).toHaveLength(1);
    emulator.zstack.switches.replyWithCount = false;
    expect(await page("limit=9&replyWithCount=true")).not.toHaveProperty("total");
  });

  test("stop at 1000 rows unless a limit is given", async () => {
    for (let i = 0; i < 1000; i += 1) {
      emulator.zstack.endpoints.add({});
    }
    expect((await client.get(DINGTALK)).json.inventories).toHaveLength(1000);
    expect((await client.get(`${DINGTALK}?limit=2000`)).json.inventories).toHaveLength(1003);
  });

  test("count instead of listing, or besides", async () => {
    expect((await client.get(`${DINGTALK}?count=true`)).json).toEqual({ total: 3, schema: {} });
    const both = (await client.get(`${DINGTALK}?replyWithCount=true&limit=1`)).json;
    expect([both.total, both.inventories.length]).toEqual([3, 1]);
    expect((await client.get(DINGTALK)).json).not.toHaveProperty("total");
  });

  test("show defaults of primitives that were not selected", async () => {
    const { inventories, schema } = (await client.get(`${DINGTALK}?fields=name,uuid&q=atAll=true`)).json;
    expect(inventories).toEqual([{ name: "Alpha", uuid: "a".repeat(32), atAll: false }]);
    expect(Object.keys(schema as object)).toEqual(["inventories[0]"]);
  });

  test("by a uuid in the path ignore everything else", async () => {
    const answer = await client.get(
      `${DINGTALK}/${"a".repeat(32)}?q=name=beta_1&limit=0&count=true&fields=x`,
    );
    expect(answer.json.inventories).toMatchObject([{ name: "Alpha" }]);
  });

  test("of the generic kind do not know the members of a kind", async () => {
    expect((await client.get(`${ENDPOINTS}?q=atAll=true`)).json.error.code).toBe("SYS.1000");
    expect((await client.get(`${ENDPOINTS}?q=type=dingtalk`)).json.inventories).toHaveLength(3);
  });

  test("come in the order of the switch when no sort is given", async () => {
    emulator.zstack.endpoints.add({ uuid: "0".repeat(32), name: "zero" });
    const order = async () =>
      namesIn(await client.get(DINGTALK))
        ?.map((name) => name.charAt(0))
        .join("");
    expect(await order()).toBe("zAbg");
    emulator.zstack.switches.queryOrder = "insertion";
    expect(await order()).toBe("Abgz");
    emulator.zstack.switches.queryOrder = "shuffled";
    const seen = new Set(await Promise.all(Array.from({ length: 12 }, order)));
    expect(seen.size).toBeGreaterThan(1);
  });

  test("compare dates by instant", async () => {
    emulator.zstack.endpoints.edit("b".repeat(32), { createdMs: 1 });
    expect(await names("q=createDate<5")).toBe("b");
  });
});
