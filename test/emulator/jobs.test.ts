import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { start, type Emulator } from "../../emulator";
import { DINGTALK, ENDPOINTS, TestClient, WEBHOOK } from "./client";

const JOB = "0123456789abcdef0123456789abcdef";
const CREATE = { params: { name: "n", url: WEBHOOK } };

/** Sections 3.1 to 3.3, 12.3, 12.6 and 12.7. */
describe("jobs", () => {
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

  const create = (headers: Record<string, string> = {}) =>
    client.send("POST", DINGTALK, { headers, body: CREATE });
  const poll = (id: string, headers: Record<string, string> = {}) =>
    client.get(`/api-jobs/${id}`, { session: null, headers });

  test("start with 202, a timeout and a location that nobody can reach", async () => {
    const accepted = await create({ "X-Job-UUID": JOB });
    expect([accepted.status, accepted.json]).toEqual([
      202,
      { apiTimeout: 1_800_000, location: `http://192.0.2.1:8080/zstack/v1/api-jobs/${JOB}` },
    ]);
    expect(emulator.journal.filter({ operation: "CreateSNSDingTalkEndpoint" })[0]?.jobId).toBe(JOB);
  });

  test.each([
    ["self", () => emulator.url],
    ["http://mn:1", () => "http://mn:1"],
  ])("locate themselves at %s", async (locationBase, expected) => {
    emulator.zstack.switches.locationBase = locationBase;
    expect((await create()).json.location).toMatch(`${expected()}/zstack/v1/api-jobs/`);
  });

  test.each([0, 1, 3])("are done after %i polls, and stay done", async (pollsBeforeDone) => {
    emulator.zstack.switches.pollsBeforeDone = pollsBeforeDone;
    await create({ "X-Job-UUID": JOB });
    for (let i = 0; i < pollsBeforeDone; i += 1) {
      const answer = await poll(JOB);
      expect([answer.status, answer.text]).toEqual([202, "{}"]);
    }
    for (let i = 0; i < 2; i += 1) {
      expect((await poll(JOB)).json.inventory.name).toBe("n");
    }
  });

  test("can take time on the clock besides polls", async () => {
    emulator.clock.freeze();
    emulator.zstack.switches.jobMs = 5000;
    await create({ "X-Job-UUID": JOB });
    emulator.clock.advance(4999);
    expect([(await poll(JOB)).status, (await poll(JOB)).status]).toEqual([202, 202]);
    emulator.clock.advance(1);
    expect((await poll(JOB)).status).toBe(200);
  });

  test("end with SYS.1001 after their timeout, although the work was done", async () => {
    emulator.clock.freeze();
    emulator.zstack.switches.jobMs = 60_000;
    const accepted = await create({ "X-Job-UUID": JOB, "X-API-Timeout": "10" });
    expect(accepted.json.apiTimeout).toBe(10_000);
    emulator.clock.advance(10_001);
    expect(await poll(JOB)).toMatchObject({ status: 503, json: { error: { code: "SYS.1001" } } });
    expect(emulator.zstack.endpoints.size).toBe(1);
  });

  test("that failed answer 503", async () => {
    const answer = await client.call("POST", DINGTALK, { body: {} });
    expect(answer).toMatchObject({ status: 503, json: { error: { code: "SYS.1007" } } });
  });

  test("are forgotten after their retention, and were never known for an id that never existed", async () => {
    emulator.clock.freeze();
    await create({ "X-Job-UUID": JOB });
    emulator.clock.advance(10_800_001);
    for (const id of [JOB, "never"]) {
      const answer = await poll(id);
      expect([answer.status, answer.text]).toEqual([404, "the job has been expired"]);
    }
    expect((await create({ "X-Job-UUID": JOB })).status).toBe(202);
  });

  test.each(["POST", "PUT", "DELETE", "HEAD", "PATCH"])("cannot be asked with %s", async (method) => {
    await create({ "X-Job-UUID": JOB });
    expect((await client.send(method, `/api-jobs/${JOB}`, { session: null })).status).toBe(405);
  });

  test.each([
    ["POST", DINGTALK, { body: CREATE }],
    ["PUT", `${ENDPOINTS}/x/actions`, { body: { updateSNSApplicationEndpoint: {} } }],
    ["DELETE", `${ENDPOINTS}/x`, {}],
    ["PUT", "/accounts/login", { session: null, body: { logInByAccount: {} } }],
    ["DELETE", "/accounts/sessions/x", { session: null }],
  ])("refuse a wrong length and a duplicate id of %s %s", async (method, path, options) => {
    const short = await client.send(method, path, { ...options, headers: { "X-Job-UUID": JOB.slice(1) } });
    expect(short.status).toBe(400);
    await create({ "X-Job-UUID": JOB });
    const twice = await client.send(method, path, { ...options, headers: { "X-Job-UUID": JOB } });
    expect([twice.status, twice.text]).toEqual([400, `Duplicate job uuid[${JOB}]`]);
  });

  test("do not care about the id of a query, and a login never occupies one (12.3)", async () => {
    expect((await client.get(DINGTALK, { headers: { "X-Job-UUID": "x" } })).status).toBe(200);
    const headers = { "X-Job-UUID": JOB };
    await client.send("PUT", "/management-nodes/actions", {
      session: null,
      headers,
      body: { getVersion: {} },
    });
    expect((await create(headers)).status).toBe(202);
  });

  test("show schema when the poll asks for it, with entries for present members only (12.6)", async () => {
    const persons = { name: "n", url: WEBHOOK, atPersonPhoneNumbers: ["+86-13900001111"] };
    const accepted = await client.send("POST", DINGTALK, { body: { params: persons } });
    const { json } = await client.settle(accepted, { "X-JSON-Schema": "anything" });
    expect(json.schema).toEqual({
      inventory: "org.zstack.sns.platform.dingtalk.SNSDingTalkEndpointInventory",
      "inventory.platform": "org.zstack.sns.SNSApplicationPlatformInventory",
      "inventory.atPersonList[0]": "org.zstack.sns.platform.dingtalk.SNSDingTalkAtPersonInventory",
    });
    const { uuid } = json.inventory;
    const generic = await client.act(
      `${ENDPOINTS}/${uuid}/actions`,
      "updateSNSApplicationEndpoint",
      { name: "x" },
      { headers: { "X-JSON-Schema": "true" } },
    );
    expect(generic.json.schema).toEqual({
      inventory: "org.zstack.sns.SNSApplicationEndpointInventory",
      "inventory.platform": "org.zstack.sns.SNSApplicationPlatformInventory",
    });
    const query = await client.get(`${DINGTALK}/${uuid}`);
    expect(Object.keys(query.json.schema as object)).toEqual([
      "inventories[0]",
      "inventories[0].atPersonList[0]",
      "inventories[0].platform",
    ]);
    emulator.zstack.persons.remove(String(json.inventory.atPersonList[0].uuid));
    expect((await client.get(`${DINGTALK}/${uuid}`)).json.schema).not.toHaveProperty([
      "inventories[0].atPersonList[0]",
    ]);
  });

  test("that failed show no schema", async () => {
    const answer = await client.call("POST", DINGTALK, { body: {}, headers: { "X-JSON-Schema": "true" } });
    expect(Object.keys(answer.json as object)).toEqual(["error"]);
  });

  test("show schema of a synchronous call too", async () => {
    const answer = await client.send("PUT", "/accounts/login", {
      session: null,
      headers: { "X-JSON-Schema": "true" },
      body: { logInByAccount: { accountName: "x", password: "y" } },
    });
    expect(answer.json.error).not.toHaveProperty("schema");
    const version = await client.send("PUT", "/management-nodes/actions", {
      session: null,
      headers: { "X-JSON-Schema": "true" },
      body: { getVersion: {} },
    });
    expect(version.json.schema).toEqual({});
  });

  describe("with a web hook", () => {
    const received: { headers: IncomingHttpHeaders; body: string }[] = [];
    let refusals = 0;
    let told: () => void = () => undefined;
    const receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        received.push({ headers: request.headers, body });
        refusals -= 1;
        response.writeHead(refusals >= 0 ? 500 : 204).end(() => {
          if (refusals < 0) {
            told();
          }
        });
      });
    });
    beforeAll(() => new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve)));
    afterAll(() => receiver.close());

    const create = async (params: object, headers: Record<string, string> = {}) => {
      received.length = 0;
      const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/hook`;
      const accepted = await client.send("POST", DINGTALK, {
        headers: { "X-Web-Hook": url, "X-Job-UUID": JOB, ...headers },
        body: { params },
      });
      expect(accepted.status).toBe(202);
      return accepted;
    };

    /** Creates an endpoint, and waits until the receiver took the post, which never overtakes the 202. */
    const createAndWait = async (params: object, headers: Record<string, string> = {}) => {
      const done = new Promise<void>((resolve) => (told = resolve));
      const accepted = await create(params, headers);
      expect(received).toEqual([]);
      await done;
      return accepted;
    };

    test.each([
      [{ name: "n", url: WEBHOOK }, "true"],
      [{ name: "n" }, "false"],
    ])("post the end of %j as success %s, and try again until it is taken", async (params, success) => {
      refusals = 2;
      emulator.zstack.switches.webHookRetryMs = 0;
      const accepted = await createAndWait(params);
      expect(received).toHaveLength(3);
      expect(received[2]?.headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "x-job-uuid": JOB,
        "x-job-success": success,
      });
      expect(JSON.parse(received[2]?.body ?? "")).toEqual((await client.settle(accepted)).json);
    });

    test.each(["jobStuck", "jobLost"] as const)("post nothing after the fault %s", async (kind) => {
      refusals = 0;
      emulator.zstack.faults.add({ operation: "CreateSNSDingTalkEndpoint", fault: { kind } });
      await create({ name: "n", url: WEBHOOK });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(received).toEqual([]);
    });

    test("post the classes of the answer, too, if the call asked for them", async () => {
      refusals = 0;
      const schema = { "X-JSON-Schema": "true" };
      const accepted = await createAndWait({ name: "n", url: WEBHOOK }, schema);
      const posted = JSON.parse(received[0]?.body ?? "") as { schema: unknown };
      expect(posted).toEqual((await client.settle(accepted, schema)).json);
      expect(posted.schema).toMatchObject({
        inventory: "org.zstack.sns.platform.dingtalk.SNSDingTalkEndpointInventory",
      });
    });
  });
});
