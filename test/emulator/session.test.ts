import { start, type Emulator } from "../../emulator";
import { DINGTALK, ENDPOINTS, sha512, TestClient, WEBHOOK } from "./client";

/** Sections 2.1 to 2.3. */
describe("sessions", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start({ zstack: { accountName: "ops", accountPassword: "pa ss" } });
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    client = new TestClient(emulator);
  });

  const login = (fields: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
    client.send("PUT", "/accounts/login", {
      session: null,
      body: { logInByAccount: { accountName: "ops", password: sha512("pa ss"), ...fields }, ...more },
    });

  test("LogInByAccount takes the SHA-512 of the password and answers a session of two hours", async () => {
    emulator.clock.freeze("2022-10-17T12:43:53Z");
    const { json, status } = await login();
    expect(status).toBe(200);
    expect(json.inventory).toMatchObject({
      uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
      createDate: "Oct 17, 2022 8:43:53 PM",
      expiredDate: "Oct 17, 2022 10:43:53 PM",
      noSessionEvaluation: false,
    });
    expect(json.schema).toBeUndefined();
  });

  test.each([
    [{ password: "pa ss" }, "ID.1000"],
    [{ password: sha512("pa ss").toUpperCase() }, "ID.1000"],
    [{ accountName: "nobody" }, "ID.1000"],
    [{ accountName: undefined }, "SYS.1007"],
    [{ password: undefined }, "SYS.1007"],
  ])("LogInByAccount with %j is %s", async (fields, code) => {
    expect(await login(fields)).toMatchObject({ status: 503, json: { error: { code } } });
  });

  test("LogInByAccount without its wrapper misses its fields, and runs whatever the method (1.1)", async () => {
    const answer = await client.send("POST", "/accounts/login", { session: null, body: { login: {} } });
    expect(answer.json.error.code).toBe("SYS.1007");
  });

  test.each([
    ["disabled", "ID.1005"],
    ["secondFactor", "ID.2001"],
    ["passwordExpired", "LOGIN_CONTROL.1000"],
    ["locked", "LOGIN_CONTROL.1002"],
    ["captchaWrong", "LOGIN_CONTROL.1003"],
    ["addressRefused", "LOGIN_CONTROL.1004"],
    ["captchaMissing", "LOGIN_CONTROL.1005"],
  ] as const)("login control %s is %s", async (loginControl, code) => {
    emulator.zstack.switches.loginControl = loginControl;
    expect(await login()).toMatchObject({ status: 503, json: { error: { code } } });
  });

  test("a second factor beside the wrapper lets a login pass", async () => {
    emulator.zstack.switches.loginControl = "secondFactor";
    expect((await login({}, { systemTags: ["twofatoken::123456"] })).status).toBe(200);
  });

  test("a captcha lets a login pass", async () => {
    emulator.zstack.switches.loginControl = "captchaMissing";
    expect((await login({ captchaUuid: "c", verifyCode: "v" })).status).toBe(200);
  });

  test("repeated wrong logins lock the account, right ones start the count anew", async () => {
    emulator.zstack.switches.lockAfterFailures = 2;
    await login({ password: "x" });
    expect((await login()).status).toBe(200);
    await login({ password: "x" });
    await login({ password: "x" });
    expect((await login()).json.error.code).toBe("LOGIN_CONTROL.1002");
  });

  test("a session lives two hours after its last use", async () => {
    emulator.clock.freeze();
    const session = await client.login();
    for (const [wait, status] of [
      [7_199_000, 200],
      [7_199_000, 200],
      [7_200_000, 503],
    ] as const) {
      emulator.clock.advance(wait);
      expect((await client.get(DINGTALK, { session })).status).toBe(status);
    }
  });

  test("too many sessions are ID.1006, dead ones do not count", async () => {
    emulator.clock.freeze();
    emulator.zstack.switches.maxSessions = 2;
    await login();
    await login();
    expect((await login()).json.error.code).toBe("ID.1006");
    emulator.clock.advance(7_200_000);
    expect((await login()).status).toBe(200);
  });

  test("a unique session ends the older ones", async () => {
    emulator.zstack.switches.uniqueSession = true;
    const first = await client.login();
    const second = await client.login();
    expect((await client.get(DINGTALK, { session: first })).json.error.code).toBe("ID.1001");
    expect((await client.get(DINGTALK, { session: second })).status).toBe(200);
  });

  test("LogOut and ValidateSession need no Authorization, and an unknown session is no error", async () => {
    const session = await client.login();
    const valid = async () =>
      (await client.get(`/accounts/sessions/${session}/valid`, { session: null })).json.valid as boolean;
    expect(await valid()).toBe(true);
    for (let i = 0; i < 2; i += 1) {
      const answer = await client.send("DELETE", `/accounts/sessions/${session}`, { session: null });
      expect([answer.status, answer.text]).toEqual([200, "{}"]);
    }
    expect(await valid()).toBe(false);
    expect(emulator.journal.operations()).toEqual([
      "LogInByAccount",
      "ValidateSession",
      "LogOut",
      "LogOut",
      "ValidateSession",
    ]);
  });

  test("RenewSession is asynchronous and checks its range", async () => {
    emulator.clock.freeze();
    const session = await client.login();
    const renew = (duration: unknown) =>
      client.act(`/accounts/sessions/${session}/renew`, "renewSession", { duration }, { session });
    expect((await renew(59)).json.error.code).toBe("SYS.1007");
    expect((await renew(31_536_001)).json.error.code).toBe("SYS.1007");
    expect((await renew(86_400)).status).toBe(200);
    emulator.clock.advance(86_000_000);
    expect((await client.get(DINGTALK, { session })).status).toBe(200);
  });

  test.each([
    ["LogInByUser", "/accounts/users/login", "logInByUser", { userName: "u", password: "p" }],
    ["LogIn", "/login", "logIn", { username: "u", password: "p", loginType: "x" }],
    ["LogInByLdap", "/ldap/login", "logInByLdap", { uid: "u", password: "p" }],
    ["LoginIAM2VirtualID", "/iam2/virtual-ids/login", "loginIAM2VirtualID", { name: "u", password: "p" }],
    [
      "LoginIAM2VirtualIDWithLdap",
      "/iam2/login/virtual-ids/ldap",
      "loginIAM2VirtualIDWithLdap",
      { uid: "u", password: "p" },
    ],
    ["LoginIAM2Project", "/iam2/projects/login", "loginIAM2Project", { projectName: "p" }],
    ["LoginByCas", "/cas/login/", "loginByCas", { name: "u", password: "p", type: "x" }],
  ])("%s says what to use instead", async (operation, path, wrapper, fields) => {
    const session = operation === "LoginIAM2Project" ? undefined : null;
    const options = session === null ? { session } : {};
    emulator.zstack.switches.locale = "en_US";
    const answer = await client.send("PUT", path, { ...options, body: { [wrapper]: fields } });
    expect(answer.json.error).toMatchObject({
      code: "ID.1000",
      details: expect.stringContaining("accounts/login"),
    });
    expect(emulator.journal.count(operation)).toBe(1);
  });

  test.each([
    [{}, "missing header 'Authorization'"],
    [{ Authorization: "Bearer x" }, "must be 'OAuth'"],
    [{ Authorization: "OAuth" }, "must be 'OAuth'"],
    [{ Authorization: "oauth x" }, "must be 'OAuth'"],
  ])("the Authorization %j is 400 text", async (headers, text) => {
    for (const method of ["GET", "POST"]) {
      const answer = await client.send(method, DINGTALK, { session: null, headers: headers });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(text)]);
    }
  });

  test("an unknown session fails at once in a query and in the job of everything else (2.3)", async () => {
    const session = "0".repeat(32);
    const query = await client.get(DINGTALK, { session });
    expect(query).toMatchObject({ status: 503, json: { error: { code: "ID.1001", details: "会话已过期" } } });
    const create = await client.send("POST", DINGTALK, {
      session,
      body: { params: { name: "n", url: WEBHOOK } },
    });
    expect(create.status).toBe(202);
    expect((await client.settle(create)).json.error.code).toBe("ID.1001");
    expect(emulator.zstack.endpoints.size).toBe(0);
  });

  test("a missing permission fails at once in a query and in the job of everything else (2.3)", async () => {
    emulator.zstack.switches.deniedOperations = ["QuerySNSDingTalkEndpoint", "CreateSNSDingTalkEndpoint"];
    expect((await client.get(DINGTALK)).json.error.code).toBe("ID.1002");
    const create = await client.send("POST", DINGTALK, { body: { params: { name: "n", url: WEBHOOK } } });
    expect(create.status).toBe(202);
    expect((await client.settle(create)).json.error.code).toBe("ID.1002");
    emulator.zstack.switches.deniedOperations = ["*"];
    expect((await client.get("/tags")).json.error.code).toBe("ID.1002");
  });

  test("generic checks run before anybody looks at the session (2.3)", async () => {
    const session = "0".repeat(32);
    const noName = await client.post(DINGTALK, { url: WEBHOOK }, { session });
    const gone = await client.delete(`${ENDPOINTS}/${"a".repeat(12)}4${"a".repeat(19)}`, { session });
    const badUrl = await client.post(DINGTALK, { name: "n", url: "x" }, { session });
    expect([noName.json.error.code, gone.status, badUrl.json.error.code]).toEqual([
      "SYS.1007",
      200,
      "ID.1001",
    ]);
  });

  test("sessions can be ended from outside, by a fault and by editing", async () => {
    const session = await client.login();
    emulator.zstack.faults.add({ operation: "QuerySNSDingTalkEndpoint", fault: { kind: "expireSessions" } });
    expect((await client.get(DINGTALK, { session })).json.error.code).toBe("ID.1001");
    const next = await client.login();
    emulator.zstack.expireSessions();
    expect((await client.get(DINGTALK, { session: next })).json.error.code).toBe("ID.1001");
  });

  test("the journal shows neither password nor session", async () => {
    const session = await client.login();
    await client.get(DINGTALK, { session });
    await client.send("DELETE", `/accounts/sessions/${session}`, { session });
    const shown = JSON.stringify(emulator.journal.entries);
    expect(shown).not.toContain(session);
    expect(shown).not.toContain(sha512("pa ss"));
    expect(emulator.journal.entries.map(({ auth }) => auth)).toEqual(["none", "session", "session"]);
    expect(emulator.journal.changing()).toEqual([]);
  });
});
