import * as pulumi from "@pulumi/pulumi";
import { Findings } from "../../provider/core/fields/findings";
import { UNKNOWN } from "../../provider/core/fields/unknown";
import { labelOf } from "../../provider/core/shape";
import { hasQuery, signingSecret, webhookUrl } from "../../provider/core/fields/webhook-url";

const TOKEN = "9f8e7d6c".repeat(8);
const WEBHOOK = `https://oapi.dingtalk.com/robot/send?access_token=${TOKEN}`;
const withToken = (token: string): string => WEBHOOK.replace(TOKEN, token);

function normalised(value: unknown, maxChars = 1024, canSign = true) {
  const findings = new Findings();
  const canonical = webhookUrl({ maxChars, canSign }).normalise(value, "webhookUrl", findings);
  return { canonical, ...said(findings) };
}

function said({ issues, advice }: Findings) {
  return {
    refused: issues.map(({ path, reason }) => `${path}: ${reason}`),
    warned: advice.map(({ path, reason }) => `${path}: ${reason}`),
  };
}

const COPY = "Copy the whole webhook from the robot's settings in DingTalk.";
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
  ["capitals in the host", WEBHOOK.replace("oapi", "OAPI"), WEBHOOK.replace("oapi", "OAPI"), []],
  [
    "a relay that takes everything",
    "https://relay/ä?a='b'&secret=s3#c",
    "https://relay/ä?a='b'&secret=s3#c",
    [RELAY],
  ],
])("a webhook that passes: %s", (_what, given, canonical, warned) => {
  expect(normalised(given)).toEqual({ canonical, refused: [], warned });
});

const DOUBTFUL_TOKEN = `has an access_token that is not 64 hex digits, as DingTalk's are. ${COPY}`;
const PLACEHOLDER =
  "has the placeholder of an example where the access_token belongs. Put in the webhook of your own robot.";

test.each<[string, string, string[]]>([
  ["a short token", withToken(TOKEN.slice(1)), [DOUBTFUL_TOKEN]],
  ["a long token", withToken(`${TOKEN}0`), [DOUBTFUL_TOKEN]],
  ["another token", withToken(`g${TOKEN.slice(1)}`), [DOUBTFUL_TOKEN]],
  ...[
    "xxxx",
    "XXX",
    "your-token",
    "YOUR_ACCESS_TOKEN",
    "my_token",
    "access_token",
    "TODO",
    "{token}",
    "$TOKEN",
    "%TOKEN%",
    "%3Ctoken%3E",
    "...",
    "9f8e****7d6c",
    "changeme",
    "placeholder",
  ].map((token): [string, string, string[]] => [`the placeholder ${token}`, withToken(token), [PLACEHOLDER]]),
  [
    "another path",
    WEBHOOK.replace("/send", ""),
    [`does not have the path /robot/send, where DingTalk takes the messages of robots. ${COPY}`],
  ],
  [
    "another path without a token",
    "https://oapi.dingtalk.com/robot/sendBySession?session=1",
    [
      `does not have the path /robot/send, where DingTalk takes the messages of robots. ${COPY}`,
      `has no access_token, without which DingTalk refuses every message. ${COPY}`,
    ],
  ],
  [
    "another host of DingTalk's",
    WEBHOOK.replace("oapi", "api"),
    [
      `points to another host of DingTalk's than oapi.dingtalk.com, which takes the messages of robots. ${COPY}`,
    ],
  ],
  [
    "no TLS",
    WEBHOOK.replace("https", "http"),
    ["starts with http://, so that the token travels in clear. Write https://."],
  ],
  [
    "a port",
    WEBHOOK.replace(".com", ".com:8443"),
    ["names a port, which DingTalk's webhooks do not. Remove it."],
  ],
  [
    "the signing secret",
    `${WEBHOOK}&secret=SEC1`,
    ["holds secret=…, which DingTalk ignores. Remove it from the URL, and give it as the argument secret."],
  ],
])("a webhook of DingTalk's that is doubtful: %s", (_what, given, warned) => {
  const reasons = warned.map((reason) => `webhookUrl: ${reason}`);
  expect(normalised(given)).toEqual({ canonical: given, refused: [], warned: reasons });
});

test("a webhook with a signing secret says what to do where nothing can sign", () => {
  expect(normalised(`${WEBHOOK}&secret=SEC1`, 1024, false).warned).toEqual([
    "webhookUrl: holds secret=…, which DingTalk ignores, and nothing here can sign. Remove it, and set the robot's security to a custom keyword in DingTalk.",
  ]);
});

test.each([
  "http://relay/hooks/xxxxxxxx",
  "http://relay/hook?key=<token>",
  "http://relay/hook/your-token",
  "http://relay/?a=TODO",
])("a relay's webhook with a placeholder is doubtful: %s", (given) => {
  expect(normalised(given).warned).toEqual([
    RELAY,
    "webhookUrl: holds what looks like the placeholder of an example. Put in the real value.",
  ]);
});

const SCHEME = `must start with https:// or http://. ${COPY}`;
const ONE_ROBOT = "must be the webhook of one robot. Declare one resource for each robot.";
const SIGNED =
  "must not hold timestamp or sign: they are made anew for every message. Remove them, and give the signing secret as `secret` where the resource has that argument.";
const WHITE_SPACE = "must not contain white space. Copy the webhook again, in one piece.";
const INVALID = `is not a valid URL. ${COPY}`;
const USER = "must not hold a user name or password. Remove what stands before the @.";
const QUOTES =
  "must not contain quotes or backslashes. Remove them: they belong to the program or the shell.";
const NOT_ASCII = `must consist of Latin letters, digits and signs at DingTalk's host, but has other characters. ${COPY}`;
const ANGLES = `must not contain angle brackets, as placeholders do. ${COPY}`;
const FRAGMENT = "must not contain a fragment (#…): what ZStack appends would land in it. Remove it.";
const NO_TOKEN = `has no access_token, without which DingTalk refuses every message. ${COPY}`;
const EMPTY_TOKEN = `has an empty access_token, with which DingTalk refuses every message. ${COPY}`;
const OUTPUT =
  "holds Pulumi's words for an Output that was put into a string, not its value. Write pulumi.interpolate`…` instead of `…`, or use .apply().";
const OBJECT =
  "holds [object …]: an object or a promise was put into a string. Put in one of its properties, or what the promise gives.";
const TEMPLATE =
  "holds ${…} as it stands in the program, not its value. Put the text in backquotes (`…`), or let the shell replace it before it gets here.";
const nothing = (word: string): string =>
  `holds the word ${word}: something without a value was put into a string. Give the value.`;
const hidden = (codePoint: string): string =>
  `must not contain invisible characters, but has ${codePoint}. Copy it again, or type it.`;
const RELAY_HOOK = "http://relay/hook/";
/** What Pulumi makes of an Output in a template string. */
const OF_AN_OUTPUT = `${pulumi.output("a") as unknown as string}`;

test.each<[string, unknown, string]>([
  ["no scheme", `oapi.dingtalk.com/robot/send?access_token=${TOKEN}`, SCHEME],
  ["only a token", TOKEN, SCHEME],
  ["another scheme", "ftp://oapi.dingtalk.com/robot", SCHEME],
  ["javascript", "javascript:alert(1)", SCHEME],
  ["a space", "https://oapi.dingtalk.com/robot/send?access_token=a b", WHITE_SPACE],
  ["a line break", "https://oapi.dingtalk.com/\nrobot", WHITE_SPACE],
  ["no host", "https://?access_token=x", INVALID],
  ["an impossible port", "https://oapi.dingtalk.com:99999/robot", INVALID],
  ["an impossible address", "http://1.2.3.999/robot", INVALID],
  ["a user name", "https://me@oapi.dingtalk.com/?access_token=x", USER],
  ["a password", `https://:${TOKEN}@relay/?access_token=x`, USER],
  ["an empty user name", WEBHOOK.replace("oapi", "@oapi"), USER],
  ["two tokens joined by a comma", `${WEBHOOK},second`, ONE_ROBOT],
  ["the same with the comma encoded", `${WEBHOOK}%2Csecond`, ONE_ROBOT],
  ["two webhooks joined by a comma", `${WEBHOOK},${WEBHOOK}`, ONE_ROBOT],
  ["two webhooks joined by a semicolon", `${WEBHOOK};${WEBHOOK}`, ONE_ROBOT],
  ["two webhooks joined by nothing", `${withToken("")}${WEBHOOK}`, ONE_ROBOT],
  ["a webhook in the place of the token, encoded", withToken(encodeURIComponent(WEBHOOK)), ONE_ROBOT],
  ["two relays joined by a comma", "http://relay/a,http://relay/b", ONE_ROBOT],
  ["two parameters with tokens", `${WEBHOOK}&access_token=second`, ONE_ROBOT],
  ["a stored timestamp", `${WEBHOOK}&timestamp=1`, SIGNED],
  ["a stored signature", `${WEBHOOK}&sign=abc`, SIGNED],
  ["a double quote", `${WEBHOOK}"`, QUOTES],
  ["a single quote", `${WEBHOOK}'`, QUOTES],
  ["a backquote", `${WEBHOOK}\``, QUOTES],
  ["a backslash", WEBHOOK.replace("/robot", "\\robot"), QUOTES],
  ["a placeholder in angle brackets", withToken("<token>"), ANGLES],
  ["an empty fragment", `${WEBHOOK}#`, FRAGMENT],
  ["a fragment", `${WEBHOOK}#top`, FRAGMENT],
  ["no token", "https://oapi.dingtalk.com/robot/send", NO_TOKEN],
  ["an empty token", withToken(""), EMPTY_TOKEN],
  ["an empty token before another parameter", withToken("&x=1"), EMPTY_TOKEN],
  ["an ellipsis", withToken("…"), `holds the … of an example where the rest of the token belongs. ${COPY}`],
  ["letters of another script", `${WEBHOOK}令`, NOT_ASCII],
  ["full-width dots", WEBHOOK.replaceAll(".", "。"), NOT_ASCII],
  ["a zero-width space", `${WEBHOOK}\u200b`, hidden("U+200B")],
  ["a byte order mark", `\ufeff${WEBHOOK}`, hidden("U+FEFF")],
  ["a no-break space", `${WEBHOOK}\u00a0`, hidden("U+00A0")],
  ["NUL within", withToken(`\u0000${TOKEN}`), hidden("U+0000")],
  ["a mark of direction", withToken(`\u202d${TOKEN}`), hidden("U+202D")],
  ["half of a character", `${WEBHOOK}\ud83d`, hidden("U+D83D")],
  ["a zero-width joiner at a relay", `${RELAY_HOOK}a\u200db`, hidden("U+200D")],
  ["an ideographic space at a relay", `${RELAY_HOOK}a\u3000`, hidden("U+3000")],
  ["an escape at a relay", `${RELAY_HOOK}a\u001bb`, hidden("U+001B")],
  ["a tag at a relay", `${RELAY_HOOK}a\u{e0041}`, hidden("U+E0041")],
  [
    "undefined",
    "undefined",
    "is the word undefined: something without a value was made a string. Give the value, or leave the argument out.",
  ],
  ["undefined for the token", withToken("undefined"), nothing("undefined")],
  ["null for the token", withToken("null"), nothing("null")],
  ["undefined before another parameter", withToken("undefined&x=1"), nothing("undefined")],
  ["undefined for a host", "https://undefined/hook/1", nothing("undefined")],
  ["undefined for a relay's path", `${RELAY_HOOK}undefined`, nothing("undefined")],
  ["undefined as a part of a relay's path", `${RELAY_HOOK}team-undefined`, nothing("undefined")],
  ["NaN for a relay's path", `${RELAY_HOOK}NaN`, nothing("NaN")],
  ["an Output", OF_AN_OUTPUT, OUTPUT],
  ["an Output for the token", withToken(OF_AN_OUTPUT), OUTPUT],
  ["an Output at a relay", `${RELAY_HOOK}${OF_AN_OUTPUT}`, OUTPUT],
  ["an Output, encoded", withToken(encodeURIComponent(OF_AN_OUTPUT)), OUTPUT],
  [
    "an Output, encoded as a form",
    `http://relay/?${String(new URLSearchParams({ t: OF_AN_OUTPUT }))}`,
    OUTPUT,
  ],
  ["an object", withToken("[object Object]"), OBJECT],
  ["a promise at a relay", `${RELAY_HOOK}[object%20Promise]`, OBJECT],
  ["a variable of the shell", withToken("${TOKEN}"), TEMPLATE],
  ["a variable at a relay", `${RELAY_HOOK}\${token}`, TEMPLATE],
  [
    "one character too many",
    WEBHOOK.padEnd(1025, "x"),
    `must be at most 1024 characters long, but has 1025. ${COPY}`,
  ],
  ["a number", 7, "must be a string, but is a number. Write it in quotes."],
  ["a list", [WEBHOOK], "must be a string, but is a list. Give one text."],
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
  expect(labelOf(webhookUrl().shape)).toBe("URL");
  expect(labelOf(webhookUrl({ maxChars: 9 }).shape)).toBe("URL, at most 9 characters");
});

test.each([
  ["https://h/?a=1", true],
  ["https://h/?", true],
  ["https://h/path", false],
  ["https://h/path#?", false],
  ["https://h/?a=1#", false],
])("a signature can be appended to %s: %s", (url, expected) => {
  expect(hasQuery(url)).toBe(expected);
});

const SECRET = `SEC${TOKEN}`;
const OTHER_FORM =
  "secret: does not look like a signing secret of DingTalk's, which is SEC and 64 hex digits. That is right for a relay only.";
const EXAMPLE =
  "secret: looks like the placeholder of an example. Put in the signing secret of your own robot.";

function signing(value: unknown) {
  const findings = new Findings();
  const canonical = signingSecret({ maxChars: 128 }).normalise(value, "secret", findings);
  return { canonical, ...said(findings) };
}

test.each<[string, unknown, unknown, string[]]>([
  ["DingTalk's own", SECRET, SECRET, []],
  ["white space around it is taken away", `\n ${SECRET}\t`, SECRET, []],
  ["an unknown one", UNKNOWN, UNKNOWN, []],
  ["a blank one is none", " ", undefined, []],
  ["a relay's", "hunter2", "hunter2", [OTHER_FORM]],
  ["one without SEC", TOKEN, TOKEN, [OTHER_FORM]],
  ["one that is cut", SECRET.slice(0, -1), SECRET.slice(0, -1), [OTHER_FORM]],
  ...["SEC…", "SECxxxx", "<secret>", "your-secret", "TODO", "SEC9f8e****"].map(
    (secret): [string, unknown, unknown, string[]] => [
      `the placeholder ${secret}`,
      secret,
      secret,
      [EXAMPLE],
    ],
  ),
])("a signing secret that passes: %s", (_what, given, canonical, warned) => {
  expect(signing(given)).toEqual({ canonical, refused: [], warned });
});

test.each<[string, unknown, string]>([
  ["a zero-width space", `${SECRET}\u200b`, hidden("U+200B")],
  ["a byte order mark", `\ufeff${SECRET}`, hidden("U+FEFF")],
  ["a no-break space", `${SECRET}\u00a0`, hidden("U+00A0")],
  ["a line break within", `SEC\n${TOKEN}`, hidden("U+000A")],
  ["a bell within", `SEC\u0007${TOKEN}`, hidden("U+0007")],
  ["a soft hyphen", `SEC\u00ad${TOKEN}`, hidden("U+00AD")],
  ["an Output", OF_AN_OUTPUT, OUTPUT],
  ["an Output behind SEC", `SEC${OF_AN_OUTPUT}`, OUTPUT],
  ["a list", [SECRET], "must be a string, but is a list. Give one text."],
  ["too many characters", SECRET.repeat(2), "must be at most 128 characters long, but has 134. Shorten it."],
])("a signing secret that is refused: %s", (_what, given, reason) => {
  expect(signing(given)).toEqual({ canonical: undefined, refused: [`secret: ${reason}`], warned: [] });
});
