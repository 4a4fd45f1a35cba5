import * as fc from "fast-check";
import {
  canonicalQuery,
  canonicalRequest,
  encode,
  sha256Hex,
  sign,
  stringToSign,
  type AccessKeys,
  type RpcRequest,
} from "../../provider/securitycenter/transport/signer";

// The worked examples of the vendor's own signing code: fact sheet 2.1.
const KEYS: AccessKeys = { accessKeyId: "LTAIexampleKeyId", accessKeySecret: "exampleSecret0123456789" };
const DESCRIBE: RpcRequest = {
  method: "POST",
  host: "tds.ap-southeast-1.aliyuncs.com",
  action: "DescribeDingTalk",
  version: "2018-12-03",
  parameters: { PageSize: "20", CurrentPage: "1" },
  nowMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  nonce: "0123456789abcdef0123456789abcdef",
};
const CREATE: RpcRequest = {
  ...DESCRIBE,
  action: "CreateOrUpdateDingTalk",
  parameters: {
    RuleActionName: "sec alerts (prod)!*'~ 告警",
    SendUrl: "https://oapi.dingtalk.com/robot/send?access_token=XXX",
    IntervalTime: "0",
    GroupIdList: '["10417151"]',
    DingTalkLang: "en",
    ConfigList:
      '[{"type":"sas_analysis_online-sas-operation-log-sas-event-hc","configItemList":[{"key":"item_level","valueList":["high","medium"]}]}]',
  },
};

function signatureOf(request: RpcRequest, keys: AccessKeys): string | undefined {
  return /Signature=([0-9a-f]{64})$/.exec(sign(request, keys).headers["authorization"] ?? "")?.[1];
}

describe("the signature", () => {
  test.each([
    ["V3-1, a list", DESCRIBE, KEYS, "8aaba445217a4414cfd655dbcfd7aed66e5c6e4e5de9e8f43ce8114c7f2f3b27"],
    [
      "V3-2, with temporary keys",
      DESCRIBE,
      { ...KEYS, securityToken: "CAISexampleToken==" },
      "4b98eda393cb2c06f7cf599be5aad854d40d430c687e5f548d35783977fcf771",
    ],
    [
      "V3-3, every kind of character",
      CREATE,
      KEYS,
      "e4f0803afed790c6951eea084b04c21859beb81db2109a3d38b7b7161ec32aad",
    ],
  ] as const)("equals the published example %s", (_name, request, keys, expected) => {
    expect(signatureOf(request, keys)).toBe(expected);
  });

  test("names the key, the signed headers in order, and nothing twice", () => {
    expect(sign(DESCRIBE, KEYS).headers["authorization"]).toBe(
      "ACS3-HMAC-SHA256 Credential=LTAIexampleKeyId," +
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version," +
        "Signature=8aaba445217a4414cfd655dbcfd7aed66e5c6e4e5de9e8f43ce8114c7f2f3b27",
    );
  });

  test("sends the time without milliseconds", () => {
    expect(sign(DESCRIBE, KEYS).headers["x-acs-date"]).toBe("2026-01-02T03:04:05Z");
  });

  test("sends the key id and token of temporary keys as signed headers, and neither for permanent ones", () => {
    const temporary = sign(DESCRIBE, { ...KEYS, securityToken: "CAISexampleToken==" }).headers;
    expect(temporary["x-acs-accesskey-id"]).toBe(KEYS.accessKeyId);
    expect(temporary["x-acs-security-token"]).toBe("CAISexampleToken==");
    expect(temporary["authorization"]).toContain("x-acs-accesskey-id;x-acs-action");
    expect(Object.keys(sign(DESCRIBE, KEYS).headers)).not.toContain("x-acs-security-token");
  });
});

describe("the steps of the signature", () => {
  test("encode leaves only unreserved characters", () => {
    expect(encode("aZ09-_.~ !*'()/?:@&=+$,#[]告")).toBe(
      "aZ09-_.~%20%21%2A%27%28%29%2F%3F%3A%40%26%3D%2B%24%2C%23%5B%5D%E5%91%8A",
    );
  });

  test("the canonical query is sorted by code unit and keeps empty values", () => {
    expect(canonicalQuery({ b: "2", a: "1", B: "", _: "x y" })).toBe("B=&_=x%20y&a=1&b=2");
  });

  test("the canonical request of V3-1 hashes as published", () => {
    const { headers, query } = sign(DESCRIBE, KEYS);
    const names = Object.keys(headers).filter((name) => name !== "authorization");
    const canonical = canonicalRequest("POST", query, headers, names.sort(), sha256Hex(""));
    expect(stringToSign(canonical)).toBe(
      "ACS3-HMAC-SHA256\n850cf456863864add06b18133e81d70d8780703297d86adc992ab66b4c82e59a",
    );
  });

  test("the query decodes to exactly what was given, whatever it is", () => {
    const parameters = fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,12}$/), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(parameters, (given) => {
        expect(Object.fromEntries(new URLSearchParams(canonicalQuery(given)))).toEqual({ ...given });
      }),
    );
  });
});

/** The part of the vendor's own client that signs. */
interface OfficialUtils {
  getAuthorization(
    request: object,
    algorithm: string,
    payloadHash: string,
    accessKeyId: string,
    accessKeySecret: string,
  ): string;
}

describe("the vendor's own client", () => {
  const { OpenApiUtil } = require("@alicloud/openapi-core") as { OpenApiUtil: OfficialUtils };
  const word = fc.string({ unit: "grapheme", maxLength: 24 });
  const token = fc
    .string({ minLength: 1, maxLength: 24 })
    .filter((text) => text.trim() === text && text !== "");

  test("signs any request as this one does", () => {
    fc.assert(
      fc.property(
        fc.record({
          method: fc.constantFrom("GET" as const, "POST" as const),
          host: fc.constantFrom("tds.cn-shanghai.aliyuncs.com", "127.0.0.1:43212", "[::1]:8080"),
          action: fc.stringMatching(/^[A-Z][A-Za-z]{2,20}$/),
          version: fc.constant("2018-12-03"),
          parameters: fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,12}$/), word),
          nowMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
          nonce: fc.stringMatching(/^[0-9a-f]{32}$/),
        }),
        fc.record({
          accessKeyId: fc.stringMatching(/^[A-Za-z0-9.]{8,30}$/),
          accessKeySecret: token,
          securityToken: fc.option(token, { nil: undefined }),
        }),
        (request, keys) => {
          const { headers, query } = sign(request, keys);
          const { authorization, ...others } = headers;
          expect(authorization).toBe(
            OpenApiUtil.getAuthorization(
              { method: request.method, pathname: "/", query: request.parameters, headers: others },
              "ACS3-HMAC-SHA256",
              sha256Hex(""),
              keys.accessKeyId,
              keys.accessKeySecret,
            ),
          );
          expect(Object.fromEntries(new URLSearchParams(query))).toEqual({ ...request.parameters });
        },
      ),
      { numRuns: 300 },
    );
  });
});
