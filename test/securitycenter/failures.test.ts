import type { HttpResponse } from "../../provider/core/transport/http";
import {
  isNotFound,
  isOutcomeUnknown,
  mayBeBadInput,
  type SecurityCenterFailure,
  type Verdict,
} from "../../provider/securitycenter/transport/failures";
import { readReply } from "../../provider/securitycenter/transport/replies";

const ENDPOINT = "https://tds.cn-shanghai.aliyuncs.com";
const ID = "B256A525-7E42-4BB9-A27C-9017FDDFF1A2";

function reply(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, text: typeof body === "string" ? body : JSON.stringify(body) };
}

function failureOf(response: HttpResponse, action = "DescribeDingTalk"): SecurityCenterFailure {
  const read = readReply(response, action, ENDPOINT);
  if (read.kind === "result") {
    throw new Error("it counted as a success");
  }
  return read.error as SecurityCenterFailure;
}

const BROKEN = "Security Center reports a failure of its own";
const MAYBE_INPUT = `${BROKEN}, with the code that it also has for values it does not like`;
const VALUE = "Security Center does not accept a value";
const NOT_THERE = "Security Center does not find an object that the call names";
const NO_ACTION = "the service at this endpoint has no DescribeDingTalk";
const REFUSED = "Security Center refused the request";
const TIMESTAMP = "the request's time is more than 15 minutes off";
const KEY = "the access key does not exist or is disabled";
const EDITION = "the account's edition of Security Center is too low";
const RIGHT = "this identity may not call it";
const TOKEN = "the temporary keys are not accepted";

/** Every row of the sheet's table: status, code, what becomes of it, what is said. */
const ROWS: readonly (readonly [number, string, Verdict, string])[] = [
  [400, "NoPermission", "refused", RIGHT],
  [403, "NoPermission", "refused", RIGHT],
  [403, "Forbidden", "refused", RIGHT],
  [403, "Forbidden.RAM", "refused", RIGHT],
  [500, "ServerError", "broken", MAYBE_INPUT],
  [500, "InternalError", "broken", BROKEN],
  [503, "ServiceUnavailable", "broken", BROKEN],
  [400, "UnknownError", "broken", BROKEN],
  [400, "InnerError", "broken", BROKEN],
  [500, "SystemBusy", "broken", BROKEN],
  [500, "RdCheckInnerError", "broken", BROKEN],
  [500, "SomethingNew", "broken", BROKEN],
  [400, "IllegalParam", "refused", VALUE],
  [400, "ConsoleError", "refused", REFUSED],
  [400, "-100", "refused", REFUSED],
  [400, "-101", "refused", REFUSED],
  [400, "DataNotExists", "refused", NOT_THERE],
  [400, "InvalidId", "refused", NOT_THERE],
  [400, "FreeVersionNotPermit", "refused", EDITION],
  [400, "NotBuy", "refused", EDITION],
  [400, "NeedBuy", "refused", EDITION],
  [400, "RdCheckNoPermission", "refused", REFUSED],
  [400, "Throttling", "throttled", "too many requests"],
  [400, "Throttling.User", "throttled", "too many requests"],
  [429, "Throttling.Api", "throttled", "too many requests"],
  [503, "Rejected.Throttling", "throttled", "too many requests"],
  [400, "RequestTooFrequently", "throttled", "too many requests"],
  [429, "SomethingNew", "throttled", "too many requests"],
  [400, "InvalidTimeStamp.Expired", "refused", TIMESTAMP],
  [400, "InvalidTimeStamp.Format", "refused", TIMESTAMP],
  [400, "IllegalTimestamp", "refused", TIMESTAMP],
  [400, "SignatureNonceUsed", "replayed", "the request arrived twice"],
  [400, "SignatureDoesNotMatch", "refused", "the signature does not match"],
  [403, "SignatureDoesNotMatch", "refused", "the signature does not match"],
  [400, "IncompleteSignature", "refused", REFUSED],
  [400, "MissingParameter", "refused", VALUE],
  [400, "InvalidParameter", "refused", VALUE],
  [400, "InvalidVersion", "refused", NO_ACTION],
  [404, "InvalidAccessKeyId.NotFound", "refused", KEY],
  [400, "InvalidAccessKeyId.NotFound", "refused", KEY],
  [400, "InvalidAccessKeyId.Inactive", "refused", KEY],
  [400, "MissingSecurityToken", "expired-keys", TOKEN],
  [400, "InvalidSecurityToken.Expired", "expired-keys", TOKEN],
  [400, "InvalidSecurityToken.Malformed", "expired-keys", TOKEN],
  [400, "InvalidSecurityToken.MismatchWithAccessKey", "expired-keys", TOKEN],
  [404, "InvalidAction.NotFound", "refused", NO_ACTION],
  [400, "SomethingNew", "refused", REFUSED],
];

describe("an error code decides, whatever the status", () => {
  test.each(ROWS)("%i %s is %s: %s", (status, code, verdict, why) => {
    const failure = failureOf(
      reply(status, { Code: code, Message: "said so", RequestId: ID, HostId: "tds" }),
    );
    expect(failure).toMatchObject({
      name: "ApiError",
      service: "Security Center",
      action: "DescribeDingTalk",
      apiCode: code,
      requestId: ID,
      verdict,
    });
    const [first, ...facts] = failure.message.split("\n");
    expect(first).toBe(`DescribeDingTalk failed: ${why}.`);
    expect(facts.slice(0, -1)).toEqual([
      "Action: DescribeDingTalk",
      `Code: ${code}`,
      `RequestId: ${ID}`,
      "Message: said so",
    ]);
    expect(failure.hint).toBe(facts.at(-1));
    expect(isOutcomeUnknown(failure)).toBe(verdict === "broken");
  });

  test.each([
    ["DataNotExists", true],
    ["InvalidId", true],
    ["ConsoleError", true],
    ["-100", true],
    ["-101", false],
    ["ServerError", false],
  ])("%s may mean that there is no such robot: %s", (code, expected) => {
    expect(isNotFound(failureOf(reply(400, { Code: code })))).toBe(expected);
  });

  test.each([
    ["IllegalParam", true],
    ["InvalidParameter", true],
    ["ServerError", true],
    ["NoPermission", false],
  ])("%s may mean that a value is not liked: %s", (code, expected) => {
    expect(mayBeBadInput(failureOf(reply(400, { Code: code })))).toBe(expected);
  });

  test.each([
    [
      "NoPermission",
      "DeleteDingTalk",
      "Grant the RAM action yundun-sas:DeleteDingTalk; the README has a policy with the least rights.",
    ],
    ["InvalidTimeStamp.Expired", "DescribeDingTalk", "Check the clock of this machine."],
    ["NeedBuy", "DescribeDingTalk", "Upgrade it: DingTalk robots need the Enterprise or Ultimate edition."],
    [
      "InvalidSecurityToken.Expired",
      "DescribeDingTalk",
      "Get new ones, and run the command again: STS tokens expire.",
    ],
    ["Throttling", "DescribeDingTalk", "Run the command again later: it takes up where this one ended."],
    [
      "SomethingNew",
      "DescribeDingTalk",
      "Message has its words. If they name a value, correct it in the program; else check the account's edition, since DingTalk robots need Enterprise or Ultimate.",
    ],
    [
      "SignatureDoesNotMatch",
      "DescribeDingTalk",
      "Check alicloud:secretKey or the secret in the environment. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the keys recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
    ],
    [
      "InvalidAccessKeyId.NotFound",
      "DescribeDingTalk",
      "Check alicloud:accessKey or the id in the environment. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the keys recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
    ],
    [
      "ServerError",
      "DescribeDingTalk",
      "Run the command again: it looks for what may have been done before it does anything. If it persists, check the values in the program, or give the RequestId to Alibaba Cloud support.",
    ],
    [
      "InternalError",
      "DescribeDingTalk",
      "Run the command again: it looks for what may have been done before it does anything. If it persists, give the RequestId to Alibaba Cloud support.",
    ],
  ])("%s says the next step", (code, action, hint) => {
    expect(failureOf(reply(400, { Code: code }), action).hint).toBe(hint);
  });
});

describe("the body of an error", () => {
  test("may have its members in lower case", () => {
    expect(failureOf(reply(400, { code: "NotBuy", message: "m", requestId: ID }))).toMatchObject({
      apiCode: "NotBuy",
      requestId: ID,
    });
  });

  test("may have a numeric code", () => {
    expect(failureOf(reply(400, { Code: -101 })).apiCode).toBe("-101");
  });

  test("may lack the request's id, which a header has as well", () => {
    expect(failureOf(reply(400, { Code: "NotBuy" }, { "x-acs-request-id": ID })).requestId).toBe(ID);
  });

  test("may be XML", () => {
    const xml = `<?xml version="1.0"?><Error><RequestId>${ID}</RequestId><HostId>tds</HostId><Code>Throttling.User</Code><Message>slow down</Message></Error>`;
    expect(failureOf(reply(400, xml))).toMatchObject({
      apiCode: "Throttling.User",
      requestId: ID,
      verdict: "throttled",
    });
  });

  test.each([
    [502, "<html>502</html>", "broken"],
    [504, "", "broken"],
    [500, '{"RequestId":"B256', "broken"],
    [500, "{}", "broken"],
    [429, "slow down", "throttled"],
  ])("may say nothing: %i %j is %s", (status, body, verdict) => {
    const failure = failureOf(reply(status, body, { "x-acs-request-id": ID }));
    expect(failure).toMatchObject({ apiCode: `HTTP ${status}`, verdict, requestId: ID });
  });

  test.each([
    [502, "no answer of Security Center's came, but status 502, as a proxy or gateway gives it"],
    [503, "no answer of Security Center's came, but status 503, as a proxy or gateway gives it"],
    [504, "no answer of Security Center's came, but status 504, as a proxy or gateway gives it"],
    [500, "Security Center, or something in between, broke off with status 500 and no code"],
  ])("without a code says what the status %i tells, and the next step", (status, why) => {
    const { message, hint } = failureOf(reply(status, "<html>"));
    expect(message).toContain(`DescribeDingTalk failed: ${why}.\n`);
    expect(message.endsWith(String(hint))).toBe(true);
    expect(hint).toMatch(/^Run the command again: .* If it persists, check .*\.$/);
  });

  test("that was cut off says that it is not known what was done", () => {
    expect(failureOf(reply(200, '{"RequestId":"B256')).message).toBe(
      [
        "DescribeDingTalk failed: the answer was cut off, so that it is not known what was done.",
        "Action: DescribeDingTalk",
        "Code: UnreadableAnswer",
        "Run the command again: it looks for what may have been done before it does anything. If it persists, look at the proxy or the network in between.",
      ].join("\n"),
    );
  });

  test.each([
    [200, "<html>Please log in</html>", "a web page"],
    [302, "<html>moved</html>", "a web page"],
    [400, "<html>Bad Request</html>", "a web page"],
    [200, "pong", "text that is not JSON"],
    [200, "", "text that is not JSON"],
    [200, "[]", "text that is not JSON"],
    [404, "not found", "text that is not JSON"],
  ])("may come from somebody else: %i %j", (status, body, answer) => {
    const failure = failureOf(reply(status, body));
    expect(failure.name).toBe("ReplyShapeError");
    expect(failure.message).toBe(
      `https://tds.cn-shanghai.aliyuncs.com does not answer like Alibaba Cloud.\nAction: DescribeDingTalk\nStatus: ${status}\nAnswer: ${answer}\nCheck securitycenter:endpoint, and that no proxy or login page answers in its place.`,
    );
    expect(isOutcomeUnknown(failure)).toBe(false);
  });
});

describe("an answer of 200", () => {
  test.each<[string, object]>([
    ["without code", { RequestId: ID, PageInfo: {} }],
    ["with Code 200", { RequestId: ID, Code: 200 }],
    ["with Code OK", { Code: "OK" }],
    ["with Code success", { Code: "Success" }],
    ["with Code 0", { Code: "0" }],
    ["with Success true", { Success: true, Code: "Whatever" }],
    ["with Success in words", { Success: "True" }],
    ["with a code and an empty message", { Code: "Whatever", Message: "" }],
    ["with Success false and an empty message", { Success: false, Message: "" }],
  ])("%s is a success", (_label, body) => {
    expect(readReply(reply(200, body), "DescribeDingTalk", ENDPOINT)).toEqual({ kind: "result", json: body });
  });

  test.each<[string, object, string, string | undefined]>([
    ["with another code", { Code: "NotBuy", Message: "m", RequestId: ID }, "NotBuy", "m"],
    ["with another code and no message", { Code: "NotBuy", RequestId: ID }, "NotBuy", undefined],
    ["with Success false", { Success: false, Message: "m", RequestId: ID }, "Unsuccessful", "m"],
    [
      "with Success false and a fine code",
      { Success: false, Code: "200", Message: "m", RequestId: ID },
      "Unsuccessful",
      "m",
    ],
    [
      "with Success false and a code",
      { Success: false, Code: "NeedBuy", Message: "m", RequestId: ID },
      "NeedBuy",
      "m",
    ],
  ])("%s is a failure", (_label, body, code, message) => {
    const failure = failureOf(reply(200, body));
    expect(failure).toMatchObject({ apiCode: code, requestId: ID });
    expect(failure.message.includes("Message: m")).toBe(message !== undefined);
  });

  test("that is cut leaves open whether the call was executed", () => {
    const failure = failureOf(reply(200, '{"RequestId":"B2', { "x-acs-request-id": ID }));
    expect(failure).toMatchObject({ apiCode: "UnreadableAnswer", verdict: "broken", requestId: ID });
    expect(isOutcomeUnknown(failure)).toBe(true);
  });
});

describe("x-acs-retry-after", () => {
  test.each<[string | undefined, number | undefined]>([
    ["1000", 1_000],
    ["60000", 60_000],
    ["60001", 60_000],
    ["86400000", 60_000],
    ["0", undefined],
    ["-1", undefined],
    ["soon", undefined],
    ["Infinity", undefined],
    [undefined, undefined],
  ])("%j asks for %j ms", (header, ms) => {
    const headers: Record<string, string> = header === undefined ? {} : { "x-acs-retry-after": header };
    expect(failureOf(reply(400, { Code: "Throttling" }, headers)).retryAfterMs).toBe(ms);
    expect(failureOf(reply(429, "slow down", headers)).retryAfterMs).toBe(ms);
  });
});
