import fc from "fast-check";
import { start, type Emulator } from "../../emulator";
import { RULES, WEBHOOK } from "./securitycenter-client";

// No test may look for credentials at the metadata address of a cloud machine.
process.env.ALIBABA_CLOUD_ECS_METADATA_DISABLED = "true";

type Parameters = Record<string, string>;
type Reply = Record<string, unknown>;

interface Target {
  url: URL;
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
}

/** One way of one official client to make a call; throws what the client throws. */
interface Official {
  name: string;
  signatureVersion: "V3" | "V1";
  call(target: Target, action: string, parameters: Parameters): Promise<Reply>;
}

interface TeaModule {
  default: new (config: object) => {
    callApi(params: object, request: object, runtime: object): Promise<{ body: Reply }>;
  };
}
interface TeaTypes {
  Config: new (values: object) => object;
  Params: new (values: object) => object;
  OpenApiRequest: new (values: object) => object;
}

const VERSION = "2018-12-03";
const TIMEOUTS = { connectTimeout: 10_000, readTimeout: 10_000 };

/** A client of the generation that signs with V3; both have one shape. */
function tea(name: string, load: () => [TeaModule, TeaTypes], method: string, form = false): Official {
  return {
    name,
    signatureVersion: "V3",
    call: async ({ url, ...credentials }, action, parameters) => {
      const [{ default: Client }, { Config, Params, OpenApiRequest }] = load();
      const client = new Client(
        new Config({
          ...credentials,
          type: credentials.securityToken === undefined ? "access_key" : "sts",
          endpoint: url.host,
          protocol: "http",
          regionId: "cn-shanghai",
        }),
      );
      const params = new Params({
        action,
        version: VERSION,
        protocol: "HTTP",
        pathname: "/",
        method,
        authType: "AK",
        style: "RPC",
        reqBodyType: "formData",
        bodyType: "json",
      });
      const request = new OpenApiRequest(form ? { body: parameters } : { query: parameters });
      return (await client.callApi(params, request, TIMEOUTS)).body;
    },
  };
}

/** openapi-core: what the SDKs of today are made of. */
function core(): [TeaModule, TeaTypes] {
  const loaded = require("@alicloud/openapi-core") as TeaModule & { $OpenApiUtil: TeaTypes };
  return [loaded, loaded.$OpenApiUtil];
}

/** openapi-client: the generation before. */
function openapiClient(): [TeaModule, TeaTypes] {
  const loaded = require("@alicloud/openapi-client") as TeaModule & TeaTypes;
  return [loaded, loaded];
}

/** pop-core signs with V1. */
function pop(method: string): Official {
  return {
    name: `pop-core ${method}`,
    signatureVersion: "V1",
    call: async ({ url, ...credentials }, action, parameters) => {
      const { RPCClient } = require("@alicloud/pop-core") as {
        RPCClient: new (config: object) => {
          request(action: string, parameters: Parameters, options: object): Promise<Reply>;
        };
      };
      const client = new RPCClient({ ...credentials, endpoint: url.origin, apiVersion: VERSION });
      return client.request(action, parameters, { method, timeout: 10_000 });
    },
  };
}

const OFFICIAL: readonly Official[] = [
  tea("openapi-core POST query", core, "POST"),
  tea("openapi-core GET", core, "GET"),
  tea("openapi-core POST form", core, "POST", true),
  tea("openapi-client POST query", openapiClient, "POST"),
  tea("openapi-client GET", openapiClient, "GET"),
  tea("openapi-client POST form", openapiClient, "POST", true),
  pop("GET"),
  pop("POST"),
];

const NAME = "sec alerts (prod)!*'~ + 告警😀";

describe.each(OFFICIAL)("$name", ({ call, signatureVersion }) => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await start({ seed: 1 });
  });
  afterEach(() => emulator.close());

  const target = (): Target => ({
    url: new URL(emulator.securitycenter.international.url),
    accessKeyId: emulator.securitycenter.accessKeyId,
    accessKeySecret: emulator.securitycenter.accessKeySecret,
  });

  test("makes every call there is", async () => {
    const wanted = {
      RuleActionName: NAME,
      SendUrl: WEBHOOK,
      IntervalTime: "60",
      ConfigList: JSON.stringify(RULES),
      GroupIdList: '["10417151"]',
      DingTalkLang: "en",
    };
    expect(await call(target(), "CreateOrUpdateDingTalk", wanted)).toEqual({ RequestId: expect.any(String) });
    const listed = await call(target(), "DescribeDingTalk", {
      RuleActionName: NAME,
      CurrentPage: "1",
      PageSize: "50",
    });
    expect(listed).toMatchObject({
      PageInfo: { CurrentPage: 1, PageSize: 50, TotalCount: 1 },
      ActionList: [
        {
          Id: 1001,
          ActionName: NAME,
          Url: WEBHOOK,
          IntervalTime: 60,
          ConfigList: JSON.stringify(RULES),
          GroupIdList: '["10417151"]',
          DingTalkLang: "en",
          Status: 1,
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(listed))).toMatchObject({
      // pop-core makes a BigNumber, which turns into text, of integers of more than 15 digits (16.6).
      ActionList: [
        { AliUid: signatureVersion === "V1" ? expect.anything() : Number(emulator.securitycenter.accountId) },
      ],
    });
    await call(target(), "CreateOrUpdateDingTalk", { ...wanted, Id: "1001", RuleActionName: "renamed" });
    await call(target(), "ModifyDingTalkStatus", { Ids: "1001", Status: "0" });
    expect(emulator.securitycenter.international.robots.list()).toMatchObject([
      { id: 1001, actionName: "renamed", status: 0 },
    ]);
    await call(target(), "DingTalkOnlineTest", { Id: "1001" });
    expect(await call(target(), "DescribeDataSource", { ConfigType: "DingTalk", Lang: "en" })).toMatchObject({
      MetaDatas: expect.arrayContaining([expect.objectContaining({ DataSourceId: 1 })]),
    });
    expect(await call(target(), "DescribeAllGroups", {})).toMatchObject({ Count: 2 });
    expect(await call(target(), "DescribeGroupStruct", {})).toMatchObject({ GroupId: 10417151 });
    expect(await call(target(), "DescribeVersionConfig", {})).toMatchObject({ Version: 7 });
    await call(target(), "DeleteDingTalk", { Ids: "1001" });
    expect(emulator.securitycenter.international.robots.list()).toEqual([]);

    const entries = emulator.journal.filter({ site: "securitycenter-international" });
    expect(new Set(entries.map(({ details }) => details?.signatureVersion))).toEqual(
      new Set([signatureVersion]),
    );
    expect(entries.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(entries.map(({ details }) => details?.nonce)).size).toBe(entries.length);
  });

  test("comes to the same signature for any text", async () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, text, async (RuleActionName, SourceIp) => {
        await call(target(), "DescribeDingTalk", { RuleActionName, SourceIp });
      }),
      { numRuns: 40 },
    );
    // Forty calls of the vendor's client take longer than Jest's five seconds on a busy machine.
  }, 30_000);

  test("works with an STS session", async () => {
    const { accessKeyId, accessKeySecret, securityToken } = emulator.securitycenter.issueStsToken();
    const session = { ...target(), accessKeyId, accessKeySecret, securityToken };
    expect(await call(session, "DescribeDingTalk", {})).toMatchObject({ ActionList: [] });
    expect(emulator.journal.entries[0]?.details).toMatchObject({ credential: "sts", signatureVersion });
    // The clients sign with the time of the machine, so the session ends instead of time going on.
    emulator.securitycenter.accessKeys.edit(accessKeyId, { expiresMs: 0 });
    await expect(call(session, "DescribeDingTalk", {})).rejects.toMatchObject({
      code: "InvalidSecurityToken.Expired",
    });
  });

  test.each([
    ["a wrong secret", { accessKeySecret: "wrong" }, "SignatureDoesNotMatch"],
    ["an unknown key", { accessKeyId: "LTAInobody" }, "InvalidAccessKeyId.NotFound"],
  ])("understands the refusal of %s", async (_what, change, code) => {
    await expect(call({ ...target(), ...change }, "DescribeDingTalk", {})).rejects.toMatchObject({ code });
  });

  test("understands errors of the service", async () => {
    const { switches, faults } = emulator.securitycenter.international;
    const list = () => call(target(), "DescribeDingTalk", {});
    switches.deniedActions = ["DescribeDingTalk"];
    await expect(list()).rejects.toMatchObject({ code: "NoPermission" });
    switches.deniedActions = [];
    faults.add({ fault: { kind: "throttled" } });
    await expect(list()).rejects.toMatchObject({ code: "Throttling.User" });
    faults.add({ fault: { kind: "apiError", code: "ServerError", status: 500 } });
    await expect(list()).rejects.toMatchObject({ code: "ServerError" });
    faults.add({ fault: { kind: "status", status: 502 } });
    await expect(list()).rejects.toBeTruthy();
    faults.add({ fault: { kind: "truncated" } });
    await expect(list()).rejects.toBeTruthy();
    faults.add({ fault: { kind: "dropBeforeCommit" } });
    await expect(list()).rejects.toBeTruthy();
    await expect(list()).resolves.toMatchObject({ ActionList: [] });
  });
});
