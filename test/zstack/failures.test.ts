import {
  apiError,
  bareReplyError,
  deepestDetails,
  errorIn,
  explain,
  TextCode,
} from "../../provider/zstack/transport/failures";

const ACTION = "CreateSNSDingTalkEndpoint";

test.each<[string, string, string]>([
  [
    "ID.1000",
    "ZStack refused the login: account name or password is wrong",
    "Check zstack:accountName and zstack:accountPassword, or ZSTACK_ACCOUNT_NAME and ZSTACK_ACCOUNT_PASSWORD. The login was not repeated, because repeated failures can lock the account. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the password recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
  ],
  [
    "ID.1001",
    "ZStack no longer accepts the session, and a new one was refused as well",
    "If the installation allows one session per user, another login may be ending ours: use an access key, or an account of its own.",
  ],
  [
    "ID.1002",
    "this account may not call CreateSNSDingTalkEndpoint",
    "Ask an administrator for the SNS and alarm permissions, or use an account that owns the object.",
  ],
  [
    "ID.1003",
    "the account's quota is used up",
    "Ask an administrator to raise the quota (sns.endpoint.num for endpoints), or remove objects that are no longer needed.",
  ],
  [
    "ID.1006",
    "the account has too many open sessions",
    "Wait for some to expire, end some in the console, or use an access key, which needs no session.",
  ],
  [
    "ID.2001",
    "this account needs a second factor to log in",
    "Use an access key, or an account without two-factor login.",
  ],
  [
    "LOGIN_CONTROL.1000",
    "the account's password has expired",
    "Change it in the console, then update the setting.",
  ],
  ["LOGIN_CONTROL.1002", "the account is locked", "Wait until the lock ends, or ask an administrator."],
  [
    "LOGIN_CONTROL.1003",
    "this account must enter a captcha to log in",
    "Use an access key; or log in once in the console to clear the captcha.",
  ],
  [
    "LOGIN_CONTROL.1005",
    "this account must enter a captcha to log in",
    "Use an access key; or log in once in the console to clear the captcha.",
  ],
  [
    "LOGIN_CONTROL.1004",
    "ZStack does not accept logins from this machine's address",
    "Add the address to the installation's login allow-list.",
  ],
  [
    TextCode.KEY_UNKNOWN,
    "ZStack does not know the access key, or it is disabled",
    "Check zstack:accessKeyId or ZSTACK_ACCESS_KEY_ID. Access keys belong to an enterprise licence; without one use an account.",
  ],
  [
    TextCode.KEY_SIGNATURE,
    "ZStack computed another signature: the access key secret is wrong",
    "Check zstack:accessKeySecret, ZSTACK_ACCESS_KEY_SECRET or the Provider of the program. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the secret recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
  ],
  [
    TextCode.KEY_SKEW,
    "the date of the signed request is more than 15 minutes away from the management node's local clock",
    "Check the clocks of both machines, and set zstack:timezone to the management node's time zone, for example Asia/Shanghai.",
  ],
  [
    TextCode.NO_SUCH_API,
    "this ZStack has no CreateSNSDingTalkEndpoint",
    "The notification service (SNS) is missing in this edition or licence, or the version is too old. Check them: this package needs ZStack 5.0.0 or later.",
  ],
  [
    "SYS.1012",
    "the management node is starting or not available",
    "Wait until it is up, then run the command again.",
  ],
  [
    "SYS.1000",
    "ZStack met an error that it does not explain further",
    "Run the command again: it looks for what is there before it does anything. If it persists, look for Details in the management node's log.",
  ],
  [
    "SYS.1001",
    "ZStack's own time limit for it passed",
    "The work may have been done all the same. Run the command again: it looks for what is there before it does anything.",
  ],
  [
    "SYS.1003",
    "ZStack does not find an object that the call names",
    "Details names it. If it was deleted outside Pulumi, run `pulumi up --refresh`; else check its uuid in the program, and that this account may see it.",
  ],
  [
    "SYS.1006",
    "ZStack refused it by one of its rules",
    "Details says by which. Look at the objects it names, correct the program or the objects, and run the command again.",
  ],
  ["SYS.1007", "ZStack does not accept a value", "Details says which. Correct it in the program."],
  [
    "TAG.1000",
    "ZStack has this tag already",
    "Details names it. Run the command again: a tag that is there already is left as it is.",
  ],
  [
    "SYS.4711",
    "ZStack answered with an error",
    "Details are its own words. If they name a value, correct it in the program; else run the command again, and if it persists, look into the management node's log.",
  ],
])("the code %s is explained", (code, why, hint) => {
  expect(explain(code, ACTION)).toEqual({ why, hint });
  expect(apiError(code, ACTION, "因为").message).toBe(
    [`${ACTION} failed: ${why}.`, `Action: ${ACTION}`, `Code: ${code}`, "Details: 因为", hint].join("\n"),
  );
});

test("an error without details has no line for them", () => {
  expect(apiError("SYS.1007", ACTION, "").message).toBe(
    `${ACTION} failed: ZStack does not accept a value.\nAction: ${ACTION}\nCode: SYS.1007\nDetails says which. Correct it in the program.`,
  );
});

test.each<[string, unknown, string | undefined]>([
  ["an error", { error: { code: "SYS.1007", details: "d" } }, "SYS.1007"],
  ["an error with members of other shapes", { error: { code: "X", details: 7, cause: "y", causes: 1 } }, "X"],
  ["success: false alone", { success: false }, "UNKNOWN"],
  ["success: true", { success: true }, undefined],
  ["an error without a code", { error: { details: "d" } }, undefined],
  ["a result", { inventory: {} }, undefined],
  ["no object", "text", undefined],
  ["nothing", undefined, undefined],
])("an error is found in %s", (_what, json, code) => {
  expect(errorIn(json)?.code).toBe(code);
});

test.each<[string, Parameters<typeof deepestDetails>[0], string]>([
  ["one error", { code: "X", details: "outer" }, "outer"],
  ["a cause", { code: "X", details: "outer", cause: { code: "Y", details: "inner" } }, "inner"],
  [
    "causes",
    { code: "X", details: "outer", causes: [{ code: "Y", details: "first" }, { code: "Z" }] },
    "first",
  ],
  [
    "a cause of a cause",
    { code: "X", cause: { code: "Y", details: "mid", cause: { code: "Z", details: "deep" } } },
    "deep",
  ],
  ["a cause without words", { code: "X", details: "outer", cause: { code: "Y" } }, "outer"],
  ["a cause with a description", { code: "X", cause: { code: "Y", description: "fixed" } }, "fixed"],
  ["nothing said", { code: "X" }, ""],
])("the deepest details of %s", (_what, error, details) => {
  expect(deepestDetails(error)).toBe(details);
});

const ENDPOINT = "http://10.0.0.5:8080/zstack";
const NO_API = (status: number, answer: string) =>
  [
    `${ENDPOINT} does not answer like a ZStack API.`,
    `Action: ${ACTION}`,
    `Status: ${status}`,
    `Answer: ${answer}`,
    "Check the endpoint: the API listens on port 8080 below /zstack by default, while ports 5000 and 5443 are the web console. A proxy or a login page in between gives the same picture.",
  ].join("\n");

test.each<[string, number, string, Record<string, unknown>]>([
  ["an unknown path", 404, "no api mapping to /sns", { name: "ApiError", apiCode: TextCode.NO_SUCH_API }],
  ["an unknown key", 403, "no enabled access key found, access key id: x", { apiCode: TextCode.KEY_UNKNOWN }],
  ["a wrong signature", 403, "wrong accessKey signature", { apiCode: TextCode.KEY_SIGNATURE }],
  ["a skewed clock", 403, "requestTimeTooSkewed", { apiCode: TextCode.KEY_SKEW }],
  [
    "another 403",
    403,
    "forbidden",
    {
      name: "ApiError",
      message: `${ACTION} failed: ZStack refused the request with status 403.\nAction: ${ACTION}\nCode: HTTP 403\nDetails: forbidden\nCheck that the endpoint is a ZStack management node, and that nothing before it refuses requests; then run the command again.`,
    },
  ],
  ["403 as a web page", 403, "<html>", { name: "ReplyShapeError", message: NO_API(403, "a web page") }],
  ["404 of something else", 404, "Not Found", { message: NO_API(404, "text that is not JSON") }],
  ["a web page", 200, " \n<!doctype html>", { message: NO_API(200, "a web page") }],
  ["a redirect", 301, "", { message: NO_API(301, "empty") }],
  [
    "500 as a web page",
    500,
    "<html>",
    {
      message: `${ACTION} failed: ZStack, or a proxy before it, broke with status 500.\nAction: ${ACTION}\nCode: HTTP 500\nAnswer: a web page\nRun the command again: it looks for what may have been done before it does anything. If it persists, look into the management node's log.`,
    },
  ],
  [
    "400 text",
    400,
    "missing header 'Date'\nmore",
    {
      message: `${ACTION} failed: ZStack refused the request with status 400.\nAction: ${ACTION}\nCode: HTTP 400\nDetails: missing header 'Date'\nCheck that the endpoint is a ZStack management node, and that nothing before it refuses requests; then run the command again.`,
    },
  ],
  [
    "500 without text",
    500,
    "",
    {
      message: `${ACTION} failed: ZStack broke off the request with status 500.\nAction: ${ACTION}\nCode: HTTP 500\nRun the command again: it looks for what may have been done before it does anything. If it persists, look into the management node's log.`,
    },
  ],
])("a bare answer: %s", (_what, status, text, expected) => {
  expect(bareReplyError({ status, text, headers: {} }, ACTION, ENDPOINT)).toMatchObject(expected);
});

test("a long text is quoted in part, and cut between two words", () => {
  const quotedOf = (text: string): string | undefined =>
    /Details: (.*)/.exec(bareReplyError({ status: 400, text, headers: {} }, ACTION, ENDPOINT).message)?.[1];
  expect(quotedOf("word ".repeat(999))).toBe(`${"word ".repeat(60)}…`);
  expect(quotedOf(`${"x".repeat(280)} half-of-a-secret-that-goes-on`)).toBe(`${"x".repeat(280)} …`);
  expect(quotedOf("x".repeat(9_999))).toBe("…");
});
