import { start, type Emulator } from "../../emulator";
import { SecurityCenterClient, STYLES, type Options, type Style } from "./securitycenter-client";

describe("signatures", () => {
  let emulator: Emulator;
  let client: SecurityCenterClient;
  beforeAll(async () => {
    emulator = await start();
    client = new SecurityCenterClient(emulator);
  });
  afterEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const NASTY = { RuleActionName: "a+b c(%41)!*'~ 告警😀&=;?#" };

  test.each(STYLES)("%s: every call is accepted, with its parameters intact", async (style) => {
    expect(await client.put(NASTY, { style })).toMatchObject({ status: 200 });
    expect(emulator.securitycenter.china.robots.list()).toMatchObject([{ actionName: NASTY.RuleActionName }]);
    expect(emulator.journal.entries).toMatchObject([
      {
        site: "securitycenter-china",
        operation: "CreateOrUpdateDingTalk",
        changing: true,
        auth: "accessKey",
        body: { ...NASTY, SendUrl: "***" },
        details: { signatureVersion: style.slice(0, 2), accessKeyId: emulator.securitycenter.accessKeyId },
        outcome: "answered",
        status: 200,
      },
    ]);
    expect(JSON.stringify(emulator.journal.entries)).not.toMatch(/0123456789abcdef"|access_token/);
  });

  test.each(STYLES)("%s: plus signs stand for spaces on the wire", async (style) => {
    const plus = (text: string): string => text.replaceAll("%20", "+");
    // Of a V3 form the bytes are signed, so there a plus sign cannot be put in afterwards.
    const options = { style, target: plus, ...(style === "V3 form" ? {} : { body: plus }) };
    expect((await client.put({ RuleActionName: "two words" }, options)).status).toBe(200);
    expect((await client.only()).ActionName).toBe("two words");
  });

  test.each(STYLES)("%s: an STS session works until it ends", async (style) => {
    const credentials = emulator.securitycenter.issueStsToken({ durationSeconds: 900 });
    const call = () => client.call("DescribeDingTalk", {}, { style, credentials });
    expect((await call()).status).toBe(200);
    expect(emulator.journal.entries[0]?.details?.credential).toBe("sts");
    emulator.clock.advance(899_000);
    expect((await call()).status).toBe(200);
    emulator.clock.advance(2_000);
    expect((await call()).json).toMatchObject({ Code: "InvalidSecurityToken.Expired" });
  });

  const REFUSALS: readonly [string, Style, Options, number, string][] = [
    ["a wrong secret (V3)", "V3 query", wrongSecret(), 400, "SignatureDoesNotMatch"],
    ["a wrong secret (V1)", "V1 form", wrongSecret(), 400, "SignatureDoesNotMatch"],
    [
      "a changed query (V3)",
      "V3 query",
      { target: (t) => t.replace("a1", "a2") },
      400,
      "SignatureDoesNotMatch",
    ],
    [
      "a changed query (V1)",
      "V1 query",
      { target: (t) => t.replace("a1", "a2") },
      400,
      "SignatureDoesNotMatch",
    ],
    ["a changed body", "V3 form", { body: () => "RuleActionName=a2" }, 400, "SignatureDoesNotMatch"],
    [
      "a changed header",
      "V3 query",
      { headers: { "x-acs-signature-nonce": "other" } },
      400,
      "SignatureDoesNotMatch",
    ],
    [
      "an unsigned host",
      "V3 query",
      { signed: { host: undefined }, headers: { host: "other" } },
      400,
      "IncompleteSignature",
    ],
    ["an unsigned x-acs header", "V3 query", { headers: { "x-acs-extra": "1" } }, 400, "IncompleteSignature"],
    [
      "an unsigned content type",
      "V3 query",
      { headers: { "content-type": "text/plain" } },
      400,
      "IncompleteSignature",
    ],
    [
      "a signed header that was not sent",
      "V3 query",
      { signed: { "x-acs-extra": "1" }, headers: { "x-acs-extra": undefined } },
      400,
      "IncompleteSignature",
    ],
    [
      "a torn Authorization",
      "V3 query",
      { headers: { Authorization: "ACS3-HMAC-SHA256 Credential=x" } },
      400,
      "IncompleteSignature",
    ],
    [
      "another algorithm",
      "V3 query",
      { headers: { Authorization: "ACS3-RSA-SHA256 Credential=x,SignedHeaders=host,Signature=00" } },
      400,
      "IncompleteSignature",
    ],
    [
      "another key in x-acs-accesskey-id",
      "V3 query",
      { signed: { "x-acs-accesskey-id": "other" } },
      400,
      "IncompleteSignature",
    ],
    ["no signature", "V3 query", { headers: { Authorization: undefined } }, 400, "MissingParameter"],
    [
      "no signature parameter",
      "V1 query",
      { target: (t) => t.replace(/&Signature=[^&]*/, "") },
      400,
      "MissingParameter",
    ],
    [
      "no nonce (V3)",
      "V3 query",
      { signed: { "x-acs-signature-nonce": undefined } },
      400,
      "MissingParameter",
    ],
    ["no nonce (V1)", "V1 query", { signed: { SignatureNonce: undefined } }, 400, "MissingParameter"],
    ["no body hash", "V3 query", { signed: { "x-acs-content-sha256": undefined } }, 400, "MissingParameter"],
    ["no date (V3)", "V3 query", { signed: { "x-acs-date": undefined } }, 400, "IllegalTimestamp"],
    ["no date (V1)", "V1 query", { signed: { Timestamp: undefined } }, 400, "IllegalTimestamp"],
    [
      "a date with milliseconds",
      "V3 query",
      { signed: { "x-acs-date": "2026-01-02T03:04:05.000Z" } },
      400,
      "InvalidTimeStamp.Format",
    ],
    [
      "a date that does not exist",
      "V1 query",
      { signed: { Timestamp: "2026-13-02T03:04:05Z" } },
      400,
      "InvalidTimeStamp.Format",
    ],
    [
      "another signature method",
      "V1 query",
      { signed: { SignatureMethod: "HMAC-SHA256" } },
      400,
      "IncompleteSignature",
    ],
    [
      "another signature version",
      "V1 query",
      { signed: { SignatureVersion: "2.0" } },
      400,
      "IncompleteSignature",
    ],
    ["a bearer token", "V1 query", { signed: { SignatureType: "BEARERTOKEN" } }, 400, "IncompleteSignature"],
    [
      "an unknown key",
      "V3 query",
      { credentials: { accessKeyId: "LTAInobody", accessKeySecret: "x" } },
      404,
      "InvalidAccessKeyId.NotFound",
    ],
    ["another version", "V3 query", { version: "2016-11-11" }, 400, "InvalidVersion"],
    ["another method", "V3 query", { method: "PUT" }, 404, "InvalidAction.NotFound"],
    ["another path", "V3 query", { target: (t) => `/v2${t}` }, 404, "InvalidAction.NotFound"],
    [
      "a token for a lasting key",
      "V3 query",
      { signed: { "x-acs-security-token": "CAIS" } },
      400,
      "InvalidSecurityToken.MismatchWithAccessKey",
    ],
    [
      "a parameter with two values",
      "V1 query",
      { target: (t) => `${t}&RuleActionName=a2` },
      400,
      "InvalidParameter",
    ],
  ];

  test.each(REFUSALS)("refuse %s (%s)", async (_what, style, options, status, code) => {
    const answer = await client.call("DescribeDingTalk", { RuleActionName: "a1" }, { style, ...options });
    expect(answer).toMatchObject({ status, json: { Code: code } });
    expect(emulator.securitycenter.china.robots.list()).toEqual([]);
  });

  test("refuse a parameter that query and form give different values", async () => {
    const options = { style: "V1 mixed", target: (target: string) => `${target}&RuleActionName=a2` } as const;
    expect((await client.call("DescribeDingTalk", { RuleActionName: "a1" }, options)).json.Code).toBe(
      "InvalidParameter",
    );
  });

  test("tolerate parameters of V1 clients that no operation has, and sign the empty one", async () => {
    const options = { style: "V1 form", signed: { SignatureType: "", RegionId: "cn-shanghai" } } as const;
    expect((await client.call("DescribeDingTalk", {}, options)).status).toBe(200);
  });

  test.each(["V3 query", "V1 form"] as const)("%s: show what the server signs", async (style) => {
    const { json } = await client.put({}, { style, ...wrongSecret() });
    expect(json.Message).toMatch(
      /^Specified signature is not matched with our calculation\. server string to sign is:(ACS3-HMAC-SHA256\n[0-9a-f]{64}|POST&%2F&AccessKeyId)/,
    );
  });

  test.each([
    [-901_000, "InvalidTimeStamp.Expired"],
    [-899_000, undefined],
    [899_000, undefined],
    [901_000, "InvalidTimeStamp.Expired"],
  ])("a date %i ms off the emulator's clock: %s", async (skewMs, code) => {
    emulator.clock.freeze("2026-01-02T03:04:05Z");
    const date = new Date(emulator.clock.now() + skewMs).toISOString().replace(/\.\d+/, "");
    const v3 = await client.call("DescribeDingTalk", {}, { signed: { "x-acs-date": date } });
    const v1 = await client.call("DescribeDingTalk", {}, { style: "V1 get", signed: { Timestamp: date } });
    expect([v3.json.Code, v1.json.Code]).toEqual([code, code]);
  });

  test("a nonce is used once in 15 minutes, by whatever signature", async () => {
    const nonce = "n1";
    const codes: unknown[] = [];
    for (const options of [{ nonce }, { nonce }, { nonce, style: "V1 form" }] as const) {
      codes.push((await client.call("DescribeDingTalk", {}, options)).json.Code);
    }
    emulator.clock.advance(16 * 60_000);
    codes.push((await client.call("DescribeDingTalk", {}, { nonce })).json.Code);
    expect(codes).toEqual([undefined, "SignatureNonceUsed", "SignatureNonceUsed", undefined]);
  });

  test("an inactive key is refused", async () => {
    const { accessKeys, accessKeyId } = emulator.securitycenter;
    accessKeys.edit(accessKeyId, { status: "Inactive" });
    expect(await client.call("DescribeDingTalk")).toMatchObject({
      status: 400,
      json: { Code: "InvalidAccessKeyId.Inactive" },
    });
  });

  test("a session needs its own token", async () => {
    const one = emulator.securitycenter.issueStsToken();
    const two = emulator.securitycenter.issueStsToken();
    const codeFor = async (securityToken: string | undefined) => {
      const { accessKeyId, accessKeySecret } = one;
      const credentials = {
        accessKeyId,
        accessKeySecret,
        ...(securityToken === undefined ? {} : { securityToken }),
      };
      return (await client.call("DescribeDingTalk", {}, { credentials })).json.Code as unknown;
    };
    expect(await codeFor(undefined)).toBe("MissingSecurityToken");
    expect(await codeFor(two.securityToken)).toBe("InvalidSecurityToken.MismatchWithAccessKey");
    expect(await codeFor("CAISnone")).toBe("InvalidSecurityToken.Malformed");
    expect(await codeFor(one.securityToken)).toBeUndefined();
  });

  test("unknown actions are told before anything else", async () => {
    const answer = await client.call("DescribeNothing", {}, { headers: { Authorization: undefined } });
    expect(answer).toMatchObject({ status: 404, json: { Code: "InvalidAction.NotFound" } });
  });
});

function wrongSecret(): Options {
  return { credentials: { accessKeyId: "LTAIemulatorAccessKey01", accessKeySecret: "wrong" } };
}
