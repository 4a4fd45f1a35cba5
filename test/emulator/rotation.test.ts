import { start, type Emulator } from "../../emulator";
import { sign } from "../../emulator/zstack/rest/auth";
import { codeOf, DINGTALK, sha512, TestClient } from "./client";
import { SecurityCenterClient } from "./securitycenter-client";

/** Credentials that are changed while it runs. */
describe("a rotation", () => {
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

  const login = (accountName: string, password: string) =>
    client.send("PUT", "/accounts/login", {
      session: null,
      body: { logInByAccount: { accountName, password: sha512(password) } },
    });
  const signed = (id: string, secret: string) => {
    emulator.zstack.switches.timezone = "UTC";
    const Date = new globalThis.Date(emulator.clock.now()).toUTCString();
    const signature = sign(secret, "GET", Date, `/v1${DINGTALK}`);
    return client.get(DINGTALK, { headers: { Authorization: `ZStack ${id}:${signature}`, Date } });
  };
  const byControl = async (site: string, action: string, body: object = {}) => {
    const response = await fetch(`${emulator.url}/_emulator/${site}/actions/${action}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return response.status;
  };

  test("of the account's password refuses the old one and ends its sessions", async () => {
    const { zstack } = emulator;
    const old = zstack.accountPassword;
    const session = await client.login();
    zstack.changeCredentials({ accountPassword: "Emulator-2" });
    expect(codeOf(await client.get(DINGTALK, { session }))).toBe("ID.1001");
    expect(codeOf(await login("admin", old))).toBe("ID.1000");
    expect((await login("admin", "Emulator-2")).status).toBe(200);
    expect(zstack.accountPassword).toBe("Emulator-2");
  });

  test("of the account's password leaves its sessions alone if the switch says so", async () => {
    const session = await client.login();
    emulator.zstack.switches.passwordChangeEndsSessions = false;
    emulator.zstack.changeCredentials({ accountPassword: "Emulator-2" });
    expect((await client.get(DINGTALK, { session })).status).toBe(200);
  });

  test("to the password that is there already ends nothing", async () => {
    const session = await client.login();
    emulator.zstack.changeCredentials({ accountPassword: emulator.zstack.accountPassword });
    expect((await client.get(DINGTALK, { session })).status).toBe(200);
  });

  test("of the account's name and of an access key refuses the old ones", async () => {
    const { accessKeyId, accessKeySecret, accountPassword } = emulator.zstack;
    expect((await signed(accessKeyId, accessKeySecret)).status).toBe(200);
    expect(
      await byControl("zstack", "change-credentials", {
        accountName: "robot",
        accessKeySecret: "another-secret",
      }),
    ).toBe(200);
    expect((await signed(accessKeyId, accessKeySecret)).status).toBe(403);
    expect((await signed(accessKeyId, "another-secret")).status).toBe(200);
    expect(codeOf(await login("admin", accountPassword))).toBe("ID.1000");
    expect((await login("robot", accountPassword)).status).toBe(200);
    emulator.zstack.changeCredentials({ accessKeyId: "another-id" });
    expect((await signed(accessKeyId, "another-secret")).status).toBe(403);
    expect((await signed("another-id", "another-secret")).status).toBe(200);
  });

  test("shows in the overview, and a reset takes it back", async () => {
    const first = { ...emulator.zstack };
    const environment = async () => {
      const overview = (await (await fetch(`${emulator.url}/_emulator/`)).json()) as {
        sites: { environment: Record<string, string> }[];
      };
      const [zstack, china] = overview.sites;
      return [
        zstack?.environment.ZSTACK_ACCOUNT_PASSWORD,
        zstack?.environment.ZSTACK_ACCESS_KEY_SECRET,
        china?.environment.ALIBABA_CLOUD_ACCESS_KEY_ID,
      ];
    };
    const before = await environment();
    await byControl("zstack", "change-credentials", {
      accountPassword: "Emulator-2",
      accessKeySecret: "another",
    });
    await byControl("securitycenter-china", "change-credentials", { accessKeyId: "LTAIanother" });
    expect(await environment()).toEqual(["Emulator-2", "another", "LTAIanother"]);
    emulator.reset();
    expect(await environment()).toEqual(before);
    expect((await signed(first.accessKeyId, first.accessKeySecret)).status).toBe(200);
    expect((await login("admin", first.accountPassword)).status).toBe(200);
  });

  test("of the access key of Security Center refuses the old one at both sites", async () => {
    const { securitycenter } = emulator;
    const { accessKeyId, accessKeySecret } = securitycenter;
    const old = { accessKeyId, accessKeySecret };
    securitycenter.changeCredentials({ accessKeyId: "LTAIsecond", accessKeySecret: "second" });
    for (const site of ["china", "international"] as const) {
      const at = new SecurityCenterClient(emulator, site);
      expect((await at.call("DescribeDingTalk", {}, { credentials: old })).json.Code).toBe(
        "InvalidAccessKeyId.NotFound",
      );
      expect((await at.call("DescribeDingTalk", {})).status).toBe(200);
    }
    securitycenter.changeCredentials({ accessKeySecret: "third" });
    const credentials = { accessKeyId: "LTAIsecond", accessKeySecret: "second" };
    const answer = await new SecurityCenterClient(emulator).call("DescribeDingTalk", {}, { credentials });
    expect(answer.json.Code).toBe("SignatureDoesNotMatch");
  });

  test("of STS tokens refuses the old ones, while new ones are accepted", async () => {
    const at = new SecurityCenterClient(emulator);
    const old = emulator.securitycenter.issueStsToken();
    const codeWith = async (credentials: typeof old) =>
      (await at.call("DescribeDingTalk", {}, { credentials })).json.Code as string | undefined;
    emulator.securitycenter.changeCredentials({ accessKeySecret: "second" });
    expect(await codeWith(old)).toBeUndefined();
    expect(await byControl("securitycenter-china", "end-sts-sessions")).toBe(200);
    expect(await codeWith(old)).toBe("InvalidSecurityToken.Expired");
    expect(await codeWith(emulator.securitycenter.issueStsToken())).toBeUndefined();
  });

  test("to a key that another one has is refused", () => {
    const { securitycenter } = emulator;
    const { accessKeyId } = securitycenter.accessKeys.add({});
    expect(() => {
      securitycenter.changeCredentials({ accessKeyId });
    }).toThrow("accessKeyId: There is another key of this id already.");
    expect(() => {
      emulator.zstack.changeCredentials({ pasword: "x" } as never);
    }).toThrow("pasword: There is no such member.");
  });
});
