import { Report } from "../../provider/core/report";
import { UNKNOWN } from "../../provider/core/unknown";
import { hasQuery, webhookUrl } from "../../provider/core/webhook-url";

const TOKEN = "tOkEn9f8e7d";
const WEBHOOK = `https://oapi.dingtalk.com/robot/send?access_token=${TOKEN}`;

function normalised(value: unknown, maxChars = 1024) {
  const report = new Report();
  const canonical = webhookUrl({ maxChars }).normalise(value, "webhookUrl", report);
  return {
    canonical,
    refused: report.issues.map(({ path, reason }) => `${path}: ${reason}`),
    warned: report.advice.map(({ path, reason }) => `${path}: ${reason}`),
  };
}

const RELAY = "webhookUrl: does not point to oapi.dingtalk.com. That is right for a relay only.";

test.each<[string, unknown, unknown, string[]]>([
  ["DingTalk's own", WEBHOOK, WEBHOOK, []],
  ["white space around it is taken away", ` ${WEBHOOK}\r\n`, WEBHOOK, []],
  ["capitals stay as they are", WEBHOOK.replace("https", "HTTPS"), WEBHOOK.replace("https", "HTTPS"), []],
  ["more parameters", `${WEBHOOK}&x=1`, `${WEBHOOK}&x=1`, []],
  ["an unknown one", UNKNOWN, UNKNOWN, []],
  ["a blank one is none", "  ", undefined, []],
  ["a relay", "http://10.1.2.3:8080/hook/7", "http://10.1.2.3:8080/hook/7", [RELAY]],
  [
    "a relay that takes the token",
    `http://relay/?access_token=${TOKEN}`,
    `http://relay/?access_token=${TOKEN}`,
    [RELAY],
  ],
  [
    "DingTalk's without a token",
    "https://oapi.dingtalk.com/robot/send",
    "https://oapi.dingtalk.com/robot/send",
    ["webhookUrl: has no access_token, without which DingTalk refuses every message."],
  ],
])("a webhook that passes: %s", (_what, given, canonical, warned) => {
  expect(normalised(given)).toEqual({ canonical, refused: [], warned });
});

const SCHEME =
  "must start with https:// or http://. Copy the whole webhook from the robot's settings in DingTalk.";
const ONE_ROBOT = "must be the webhook of one robot. Declare one resource for each robot.";
const SIGNED =
  "must not hold timestamp or sign: they are made anew for every message. Remove them, and give the signing secret as `secret` where the resource has that argument.";
const WHITE_SPACE = "must not contain white space. Copy the webhook again, in one piece.";
const INVALID = "is not a valid URL. Copy the whole webhook from the robot's settings in DingTalk.";

test.each<[string, unknown, string]>([
  ["no scheme", "oapi.dingtalk.com/robot/send?access_token=x", SCHEME],
  ["only a token", TOKEN, SCHEME],
  ["another scheme", "ftp://oapi.dingtalk.com/robot", SCHEME],
  ["javascript", "javascript:alert(1)", SCHEME],
  ["a space", "https://oapi.dingtalk.com/robot/send?access_token=a b", WHITE_SPACE],
  ["a line break", "https://oapi.dingtalk.com/\nrobot", WHITE_SPACE],
  ["no host", "https://?access_token=x", INVALID],
  ["an impossible port", "https://oapi.dingtalk.com:99999/robot", INVALID],
  ["an impossible address", "http://1.2.3.999/robot", INVALID],
  ["a user name", "https://me@oapi.dingtalk.com/?access_token=x", "must not hold a user name or password."],
  ["a password", `https://:${TOKEN}@relay/?access_token=x`, "must not hold a user name or password."],
  ["two tokens joined by a comma", `${WEBHOOK},second`, ONE_ROBOT],
  ["the same with the comma encoded", `${WEBHOOK}%2Csecond`, ONE_ROBOT],
  ["two webhooks joined by a comma", `${WEBHOOK},${WEBHOOK}`, ONE_ROBOT],
  ["two relays joined by a comma", "http://relay/a,http://relay/b", ONE_ROBOT],
  ["two parameters with tokens", `${WEBHOOK}&access_token=second`, ONE_ROBOT],
  ["a stored timestamp", `${WEBHOOK}&timestamp=1`, SIGNED],
  ["a stored signature", `${WEBHOOK}&sign=abc`, SIGNED],
  [
    "one character too many",
    WEBHOOK.padEnd(1025, "x"),
    "must be at most 1024 characters long, but has 1025.",
  ],
  ["a number", 7, "must be a string, but is a number."],
  ["a list", [WEBHOOK], "must be a string, but is a list."],
])("a webhook that is refused: %s", (_what, given, reason) => {
  const { canonical, refused, warned } = normalised(given);
  expect({ canonical, refused, warned }).toEqual({
    canonical: undefined,
    refused: [`webhookUrl: ${reason}`],
    warned: [],
  });
});

test("the longest webhook passes", () => {
  expect(normalised(WEBHOOK.padEnd(1024, "x")).refused).toEqual([]);
});

test("the label names the limit", () => {
  expect(webhookUrl().label).toBe("URL");
  expect(webhookUrl({ maxChars: 9 }).label).toBe("URL, at most 9 characters");
});

test.each([
  ["https://h/?a=1", true],
  ["https://h/?", true],
  ["https://h/path", false],
])("a signature can be appended to %s: %s", (url, expected) => {
  expect(hasQuery(url)).toBe(expected);
});
