/** Wrong arguments of every resource: what is written, and everything that is said of it. */
import { planted, SECRETS, token } from "./error-views";

/** What it is, the arguments on top of good ones, the texts, and what was recorded before if that matters. */
export type BadArguments = readonly [
  what: string,
  args: Readonly<Record<string, unknown>>,
  said: readonly string[],
  recorded?: Readonly<Record<string, unknown>>,
];

const WEBHOOK = SECRETS.webhook;
const TOKEN = token("webhook");
const SIGN = planted.plant("signing secret of rows", `SEC${token("rows").slice(0, 64)}`);

const NOTHING_WITHIN =
  "holds the word undefined: something without a value was put into a string. Give the value.";
/** What JavaScript makes of something that is no text, and what is said of it in every text. */
const NO_VALUES: readonly (readonly [what: string, given: string, reason: string])[] = [
  [
    "nothing in a text",
    "undefined",
    "is the word undefined: something without a value was made a string. Give the value, or leave the argument out.",
  ],
  [
    "an Output in a text",
    "Calling [toString] on an [Output<T>] is not supported.\n\nTo get the value of an Output<T>",
    "holds Pulumi's words for an Output that was put into a string, not its value. Write pulumi.interpolate`…` instead of `…`, or use .apply().",
  ],
  [
    "an object in a text",
    "[object Object]",
    "holds [object …]: an object or a promise was put into a string. Put in one of its properties, or what the promise gives.",
  ],
];

const COMMON: readonly BadArguments[] = [
  ["webhookUrl: none", { webhookUrl: undefined }, ["webhookUrl: is required. Give a value."]],
  [
    "webhookUrl: a number",
    { webhookUrl: 5 },
    ["webhookUrl: must be a string, but is a number. Write it in quotes."],
  ],
  [
    "webhookUrl: white space within",
    { webhookUrl: `${WEBHOOK} x` },
    ["webhookUrl: must not contain white space. Copy the webhook again, in one piece."],
  ],
  [
    "webhookUrl: no scheme",
    { webhookUrl: `oapi.dingtalk.com/robot/send?access_token=${TOKEN}` },
    [
      "webhookUrl: must start with https:// or http://. Copy the whole webhook from the robot's settings in DingTalk.",
    ],
  ],
  [
    "webhookUrl: no host",
    { webhookUrl: `https://?access_token=${TOKEN}` },
    ["webhookUrl: is not a valid URL. Copy the whole webhook from the robot's settings in DingTalk."],
  ],
  [
    "webhookUrl: a user and a password",
    { webhookUrl: `https://me:${TOKEN}@oapi.dingtalk.com/robot/send?access_token=a` },
    ["webhookUrl: must not hold a user name or password. Remove what stands before the @."],
  ],
  [
    "webhookUrl: two tokens",
    { webhookUrl: `${WEBHOOK},another` },
    ["webhookUrl: must be the webhook of one robot. Declare one resource for each robot."],
  ],
  [
    "webhookUrl: a stored signature",
    { webhookUrl: `${WEBHOOK}&sign=${SIGN}` },
    [
      "webhookUrl: must not hold timestamp or sign: they are made anew for every message. Remove them, and give the signing secret as `secret` where the resource has that argument.",
    ],
  ],
  ["name: a number", { name: 5 }, ["name: must be a string, but is a number. Write it in quotes."]],
  [
    "enabled: a text",
    { enabled: "false" },
    [
      "enabled: must be true or false, but is a string. Read it with config.getBoolean(), or write it without quotes.",
    ],
  ],
  ["enabled: a number", { enabled: 1 }, ["enabled: must be true or false, but is a number."]],
  [
    "adopt: another word",
    { adopt: "identicle" },
    ['adopt: must be "never", "identical", "byName" or { id: "…" }. Did you mean "identical"?'],
  ],
  [
    "adopt: a boolean",
    { adopt: true },
    ['adopt: must be "never", "identical", "byName" or { id: "…" }, but is a boolean.'],
  ],
  [
    "adopt: another member",
    { adopt: { Id: "b" } },
    [
      'adopt.Id: is not a member of adopt. Did you mean "id"?',
      "adopt.id: is required. Give the id of the object to take over.",
    ],
  ],
  [
    "adopt: not by name",
    { adopt: { byName: false, overwrite: true } },
    ['adopt.byName: must be true. To take nothing over, write adopt: "never", or leave adopt out.'],
  ],
  [
    "name: a Map",
    { name: { __dingtalkOddValue: "a Map", remedy: "Make an object of it with Object.fromEntries()." } },
    ["name: cannot be a Map. Make an object of it with Object.fromEntries()."],
  ],
  [
    "adopt: by an automatic name",
    { adopt: "byName" },
    ['adopt: "byName" needs an explicit name: an automatic one is never found on the server.'],
  ],
  [
    "an argument that does not exist",
    { webhookURL: WEBHOOK },
    ['webhookURL: is not an argument of this resource. Did you mean "webhookUrl"?'],
  ],
  ["createdAt: an output", { createdAt: "a" }, ["createdAt: is an output and cannot be set. Remove it."]],
  ...NO_VALUES.map(([what, given, reason]): BadArguments => [
    `webhookUrl: ${what}`,
    { webhookUrl: `https://relay.example/${given}` },
    [`webhookUrl: ${given === "undefined" ? NOTHING_WITHIN : reason}`],
  ]),
  ...["name", "webhookUrl", "adopt.id"].flatMap((path) =>
    NO_VALUES.map(([what, given, reason]): BadArguments => [
      `${path}: ${what}`,
      path === "adopt.id" ? { adopt: { id: given } } : { [path]: given },
      [`${path}: ${reason}`],
    ]),
  ),
  [
    "webhookUrl: an invisible character",
    { webhookUrl: `${WEBHOOK}\u200b` },
    ["webhookUrl: must not contain invisible characters, but has U+200B. Copy it again, or type it."],
  ],
  [
    "webhookUrl: an empty token",
    { webhookUrl: "https://oapi.dingtalk.com/robot/send?access_token=" },
    [
      "webhookUrl: has an empty access_token, with which DingTalk refuses every message. Copy the whole webhook from the robot's settings in DingTalk.",
    ],
  ],
  [
    "name: a control character",
    { name: "on\u0007duty" },
    ["name: must not contain line breaks or other control characters, but has U+0007. Remove it."],
  ],
  [
    "name: half of a character",
    { name: "duty\ud83d" },
    [
      "name: holds one half of a character (a lone surrogate): it was cut in the wrong place. Cut between whole characters.",
    ],
  ],
];

const TAGGED: readonly BadArguments[] = [
  [
    "userTags: a text",
    { userTags: "day" },
    ["userTags: must be a list, but is a string. Put it in square brackets."],
  ],
  [
    "userTags: a number in it",
    { userTags: ["day", 5] },
    ["userTags[1]: must be a string, but is a number. Write it in quotes."],
  ],
  [
    "userTags: an empty one in it",
    { userTags: [" "] },
    ["userTags[0]: must not be empty. Remove the element."],
  ],
  [
    "tagUuids: no uuid",
    { tagUuids: ["abc"] },
    ["tagUuids[0]: is no uuid. Give the 32 hex digits that the console shows, or a resource's `uuid`."],
  ],
  [
    "resourceUuid: no uuid",
    { resourceUuid: "abc" },
    [
      "resourceUuid: is no uuid as ZStack accepts them for a new object. Give 32 hex digits of version 1 to 5, such as crypto.randomUUID() gives, or leave it out.",
    ],
  ],
  [
    "resourceUuid: of another version",
    { resourceUuid: "00000000000000000000000000000000" },
    [
      "resourceUuid: is no uuid as ZStack accepts them for a new object. Give 32 hex digits of version 1 to 5, such as crypto.randomUUID() gives, or leave it out.",
    ],
  ],
  [
    "description: a number",
    { description: 5 },
    ["description: must be a string, but is a number. Write it in quotes."],
  ],
  [
    "description: too long",
    { description: "x".repeat(2049) },
    ["description: must be at most 2048 characters long, but has 2049. Shorten it."],
  ],
];

/** What is wrong beside a good id. */
const adoptedBy = (id: string): BadArguments[] => [
  [
    "adopt: by id and by name",
    { name: "ops", adopt: { id, byName: true } },
    ["adopt: must name the object by id or by name, not by both. Remove one of the two."],
  ],
  [
    "adopt: overwrite as a string",
    { adopt: { id, overwrite: "true" } },
    [
      "adopt.overwrite: must be true or false, but is a string. Read it with config.getBoolean(), or write it without quotes.",
    ],
  ],
];

const ADOPTED_BY_UUID: BadArguments = [
  "adopt: no uuid",
  { adopt: { id: "abc" } },
  ["adopt.id: is no uuid. Give the 32 hex digits that the console shows, or a resource's `uuid`."],
];

/** What is wrong with the two sides of a link. */
const sidesOf = (...names: string[]): BadArguments[] => [
  [
    "nothing given",
    Object.fromEntries(names.map((name) => [name, undefined])),
    names.map((name) => `${name}: is required. Give a value.`),
  ],
  ...names.flatMap((name): BadArguments[] => [
    [
      `${name}: no uuid`,
      { [name]: TOKEN },
      [`${name}: is no uuid. Give the 32 hex digits that the console shows, or a resource's \`uuid\`.`],
    ],
    [`${name}: a number`, { [name]: 5 }, [`${name}: must be a string, but is a number. Write it in quotes.`]],
  ]),
];

export const BAD_ARGUMENTS: Readonly<Record<string, readonly BadArguments[]>> = {
  "securitycenter:DingTalkRobot": [
    ...COMMON,
    [
      "name: too long",
      { name: "x".repeat(65) },
      ["name: must be at most 64 characters long, but has 65. Shorten it."],
    ],
    [
      "name: too short",
      { name: "a" },
      ["name: must be at least 2 characters long, but has 1. Give a longer one."],
    ],
    [
      "adopt: no robot id",
      { adopt: { id: "abc" } },
      ["adopt.id: is no robot id. Give its digits, such as a DingTalkRobot's `robotId`."],
    ],
    [
      "adopt: a number that loses digits",
      { adopt: { id: 2 ** 60 } },
      ["adopt.id: must be written as a string: a number of this size loses digits."],
    ],
    [
      "language: another word for Chinese",
      { language: "cn" },
      [`language: must be "zh" or "en". Did you mean "zh"?`],
    ],
    ["language: another", { language: "fr" }, ['language: must be "zh" or "en".']],
    ["language: a number", { language: 5 }, ['language: must be "zh" or "en".']],
    [
      "notificationInterval: a text",
      { notificationInterval: "5" },
      [
        "notificationInterval: must be a whole number, but is a string. Read it with config.getNumber(), or write it without quotes.",
      ],
    ],
    [
      "notificationInterval: a fraction",
      { notificationInterval: 1.5 },
      ["notificationInterval: must be a whole number, but is a number."],
    ],
    [
      "notificationInterval: below",
      { notificationInterval: -1 },
      ["notificationInterval: must lie between 0 and 2147483647."],
    ],
    [
      "notificationInterval: above",
      { notificationInterval: 2 ** 31 },
      ["notificationInterval: must lie between 0 and 2147483647."],
    ],
    [
      "assetGroupIds: a text",
      { assetGroupIds: "1" },
      ["assetGroupIds: must be a list, but is a string. Put it in square brackets."],
    ],
    [
      "assetGroupIds: none",
      { assetGroupIds: [] },
      [
        "assetGroupIds: must not be empty: the service would take that for all groups. Leave it out to mean all groups.",
      ],
    ],
    [
      "assetGroupIds: no id",
      { assetGroupIds: ["one"] },
      ["assetGroupIds[0]: must be the numeric id of an asset group, but is a string of another form."],
    ],
    [
      "assetGroupIds: an empty one",
      { assetGroupIds: [null] },
      ["assetGroupIds[0]: must be the numeric id of an asset group, but is empty."],
    ],
    [
      "assetGroupIds: a number that loses digits",
      { assetGroupIds: [1152921504606847000] },
      ["assetGroupIds[0]: must be written as a string: a number of this size loses digits."],
    ],
    [
      "alertRules: an object",
      { alertRules: { type: "hc" } },
      ["alertRules: must be a list, but is an object. Put it in square brackets."],
    ],
    [
      "alertRules: a text in it",
      { alertRules: ["hc"] },
      ["alertRules[0]: must be an object { type, conditions }, but is a string."],
    ],
    [
      "alertRules: no type",
      { alertRules: [{ conditions: {} }] },
      ["alertRules[0].type: is required. Name the type of the alerts."],
    ],
    [
      "alertRules: an empty type",
      { alertRules: [{ type: " " }] },
      ["alertRules[0].type: is required. Name the type of the alerts."],
    ],
    [
      "alertRules: a type that is a number",
      { alertRules: [{ type: 5 }] },
      ["alertRules[0].type: must be a string, but is a number. Write it in quotes."],
    ],
    [
      "alertRules: another member",
      { alertRules: [{ type: "hc", condition: {} }] },
      ['alertRules[0].condition: is not a member of a rule. Did you mean "conditions"?'],
    ],
    [
      "alertRules: conditions in a list",
      { alertRules: [{ type: "hc", conditions: ["high"] }] },
      ["alertRules[0].conditions: must be an object of key to list of values, but is a list."],
    ],
    [
      "alertRules: a condition that is a text",
      { alertRules: [{ type: "hc", conditions: { item_level: "high" } }] },
      ["alertRules[0].conditions.item_level: must be a list, but is a string. Put it in square brackets."],
    ],
    [
      "alertRules: a value that is a number",
      { alertRules: [{ type: "hc", conditions: { item_level: [5] } }] },
      ["alertRules[0].conditions.item_level[0]: must be a string, but is a number. Write it in quotes."],
    ],
    [
      "alertRules: an empty value",
      { alertRules: [{ type: "hc", conditions: { item_level: [""] } }] },
      ["alertRules[0].conditions.item_level[0]: must not be empty. Remove the element."],
    ],
    [
      "alertRules: one type twice",
      { alertRules: [{ type: "hc" }, { type: "hc" }] },
      ["alertRules[1].type: is the type of another rule, too. Join the two."],
    ],
    [
      "secret: not offered",
      { secret: TOKEN },
      [
        "secret: is not offered: Security Center cannot sign. Set the robot's security to a custom keyword in DingTalk.",
      ],
    ],
    ["sendUrl: not offered", { sendUrl: TOKEN }, ["sendUrl: is called webhookUrl here."]],
    ["url: not offered", { url: TOKEN }, ["url: is called webhookUrl here."]],
    ["ruleActionName: not offered", { ruleActionName: TOKEN }, ["ruleActionName: is called name here."]],
    [
      "intervalTime: not offered",
      { intervalTime: TOKEN },
      ["intervalTime: is called notificationInterval here."],
    ],
    ["groupIdList: not offered", { groupIdList: TOKEN }, ["groupIdList: is called assetGroupIds here."]],
    ["configList: not offered", { configList: TOKEN }, ["configList: is called alertRules here."]],
    ["dingTalkLang: not offered", { dingTalkLang: TOKEN }, ["dingTalkLang: is called language here."]],
    ["status: not offered", { status: TOKEN }, ["status: is called enabled here."]],
    ["robotId: an output", { robotId: "1" }, ["robotId: is an output and cannot be set. Remove it."]],
  ],
  "zstack:AlarmAction": [
    ...sidesOf("alarmUuid", "topicUuid"),
    ["actionUuid: not offered", { actionUuid: TOKEN }, ["actionUuid: is called topicUuid here."]],
    [
      "actionType: not offered",
      { actionType: TOKEN },
      ["actionType: is not offered: a topic is the only kind of action there is. Remove it."],
    ],
    ["an argument that does not exist", { name: TOKEN }, ["name: is not an argument of this resource."]],
  ],
  "zstack:DingTalkEndpoint": [
    ...COMMON,
    ...TAGGED,
    [
      "name: too long",
      { name: "x".repeat(256) },
      ["name: must be at most 255 characters long, but has 256. Shorten it."],
    ],
    [
      "webhookUrl: too long",
      { webhookUrl: `${WEBHOOK}${"x".repeat(1024)}` },
      [
        "webhookUrl: must be at most 1024 characters long, but has 1144. Copy the whole webhook from the robot's settings in DingTalk.",
      ],
    ],
    ADOPTED_BY_UUID,
    ...adoptedBy("a".repeat(32)),
    [
      "secret: an invisible character",
      { secret: `${SIGN}\u200b` },
      ["secret: must not contain invisible characters, but has U+200B. Copy it again, or type it."],
    ],
    ["secret: a number", { secret: 5 }, ["secret: must be a string, but is a number. Write it in quotes."]],
    ["secret: a list", { secret: [SIGN] }, ["secret: must be a string, but is a list. Give one text."]],
    [
      "secret: too long",
      { secret: `${SIGN}${SIGN}` },
      ["secret: must be at most 128 characters long, but has 134. Shorten it."],
    ],
    [
      "secret: with a webhook that cannot be signed",
      { webhookUrl: `https://relay.example/${TOKEN}`, secret: SIGN },
      [
        "secret: needs a webhookUrl with a query string and without a fragment (#…): ZStack appends the signature with &. Copy the whole webhook, with its access_token.",
      ],
    ],
    [
      "atAll: a text",
      { atAll: "true" },
      [
        "atAll: must be true or false, but is a string. Read it with config.getBoolean(), or write it without quotes.",
      ],
    ],
    [
      "atPersons: a text",
      { atPersons: "13800000000" },
      ["atPersons: must be a map of phone number to remark, or a list of phone numbers, but is a string."],
    ],
    [
      "atPersons: a number in a list",
      { atPersons: [13800000000] },
      ["atPersons[0]: must be a phone number in quotes, but is a number."],
    ],
    [
      "atPersons: no number",
      { atPersons: ["boss"] },
      [
        "atPersons[0]: is no phone number. Write +<country code>-<number>, such as +86-13800000000, without spaces; a mainland mobile number may stand alone.",
      ],
    ],
    [
      "atPersons: a remark that is a number",
      { atPersons: { "13800000000": 5 } },
      ['atPersons["13800000000"]: must be a string, but is a number. Write it in quotes.'],
    ],
    [
      "atPersons: a remark too long",
      { atPersons: { "13800000000": "x".repeat(129) } },
      ['atPersons["13800000000"]: must be at most 128 characters long, but has 129. Shorten it.'],
    ],
    [
      "atPersons: one number twice",
      { atPersons: { "13800000000": "", "+86-13800000000": "" } },
      ['atPersons["+86-13800000000"]: is the same number as another one in this map. Keep one of them.'],
    ],
    [
      "platformUuid: not offered",
      { platformUuid: TOKEN },
      ["platformUuid: is not offered: ZStack ignores it and always uses its built-in platform. Remove it."],
    ],
    [
      "systemTags: not offered",
      { systemTags: TOKEN },
      ["systemTags: is not offered: ZStack's create call refuses it. Use userTags or tagUuids."],
    ],
    [
      "atPersonPhoneNumbers: not offered",
      { atPersonPhoneNumbers: TOKEN },
      ["atPersonPhoneNumbers: is called atPersons here."],
    ],
    ["atPersonList: not offered", { atPersonList: TOKEN }, ["atPersonList: is called atPersons here."]],
    ["url: not offered", { url: TOKEN }, ["url: is called webhookUrl here."]],
    ["uuid: an output", { uuid: "a" }, ["uuid: is an output and cannot be set. Remove it."]],
  ],
  "zstack:EventSubscriptionAction": [
    ...sidesOf("subscriptionUuid", "topicUuid"),
    ["actionUuid: not offered", { actionUuid: TOKEN }, ["actionUuid: is called topicUuid here."]],
    [
      "actionType: not offered",
      { actionType: TOKEN },
      ["actionType: is not offered: a topic is the only kind of action there is. Remove it."],
    ],
    ["an argument that does not exist", { name: TOKEN }, ["name: is not an argument of this resource."]],
  ],
  "zstack:Topic": [
    ...TAGGED,
    ADOPTED_BY_UUID,
    ...adoptedBy("a".repeat(32)),
    ["name: a number", { name: 5 }, ["name: must be a string, but is a number. Write it in quotes."]],
    [
      "name: too long",
      { name: "x".repeat(256) },
      ["name: must be at most 255 characters long, but has 256. Shorten it."],
    ],
    [
      "locale: taken back",
      {},
      [
        "locale: cannot be taken back once it was given. Give a value, or make the object anew: run `pulumi up --replace` with the URN of this resource.",
      ],
      { locale: "zh_CN" },
    ],
    ["locale: another", { locale: "zh_cn" }, ['locale: must be "zh_CN" or "en_US". Did you mean "zh_CN"?']],
    ["locale: a number", { locale: 5 }, ['locale: must be "zh_CN" or "en_US".']],
    [
      "enabled: a text",
      { enabled: "false" },
      [
        "enabled: must be true or false, but is a string. Read it with config.getBoolean(), or write it without quotes.",
      ],
    ],
    [
      "resourceUuid: a built-in topic's",
      { resourceUuid: "e7d6f5e23bb74e99a2777126078b551c" },
      [
        "resourceUuid: e7d6f5e23bb74e99a2777126078b551c is built into ZStack: it cannot be managed or deleted. Give its uuid as the topicUuid of a TopicSubscription, or read it with Topic.get.",
      ],
    ],
    [
      "adopt: a built-in topic",
      { adopt: { id: "e7d6f5e23bb74e99a2777126078b551c" } },
      [
        "adopt.id: e7d6f5e23bb74e99a2777126078b551c is built into ZStack: it cannot be managed or deleted. Give its uuid as the topicUuid of a TopicSubscription, or read it with Topic.get.",
      ],
    ],
    [
      "adopt: another word",
      { adopt: "byname" },
      ['adopt: must be "never", "identical", "byName" or { id: "…" }. Did you mean "byName"?'],
    ],
    [
      "adopt: by an automatic name",
      { adopt: "byName" },
      ['adopt: "byName" needs an explicit name: an automatic one is never found on the server.'],
    ],
    [
      "systemTags: not offered",
      { systemTags: TOKEN },
      ["systemTags: is not offered: ZStack's create call refuses it. Use userTags or tagUuids."],
    ],
    ["state: not offered", { state: TOKEN }, ["state: is called enabled here, and is true or false."]],
    [
      "endpoints: not offered",
      { endpoints: TOKEN },
      [
        "endpoints: is not an argument of a topic: make a TopicSubscription for each, or use a NotificationChannel.",
      ],
    ],
    ["uuid: an output", { uuid: "a" }, ["uuid: is an output and cannot be set. Remove it."]],
    ["createdAt: an output", { createdAt: "a" }, ["createdAt: is an output and cannot be set. Remove it."]],
    ["an argument that does not exist", { title: TOKEN }, ["title: is not an argument of this resource."]],
  ],
  "zstack:TopicSubscription": [
    ...sidesOf("topicUuid", "endpointUuid"),
    ["topic: not offered", { topic: TOKEN }, ["topic: is called topicUuid here: give the topic's `uuid`."]],
    [
      "endpoint: not offered",
      { endpoint: TOKEN },
      ["endpoint: is called endpointUuid here: give the endpoint's `uuid`."],
    ],
    ["an argument that does not exist", { name: TOKEN }, ["name: is not an argument of this resource."]],
  ],
};

const UUID = "a".repeat(32);

/** Arguments with which nothing is wrong. */
export const GOOD_ARGUMENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "zstack:DingTalkEndpoint": { webhookUrl: WEBHOOK },
  "zstack:Topic": {},
  "zstack:TopicSubscription": { topicUuid: UUID, endpointUuid: UUID },
  "zstack:AlarmAction": { alarmUuid: UUID, topicUuid: UUID },
  "zstack:EventSubscriptionAction": { subscriptionUuid: UUID, topicUuid: UUID },
  "securitycenter:DingTalkRobot": { webhookUrl: WEBHOOK },
};

const NO_LINK = (noun: string, form: string): string =>
  `id: is no id of a ${noun}. Give it in the form ${form}, each 32 hex digits.`;
const NO_UUID = "id: is no uuid. Give the 32 hex digits that the console shows, or a resource's `uuid`.";

/** What is said of the id "abc", wherever an object is read by it. */
export const BAD_ID: Readonly<Record<string, string>> = {
  "zstack:DingTalkEndpoint": NO_UUID,
  "zstack:Topic": NO_UUID,
  "zstack:TopicSubscription": NO_LINK("topic subscription", "topicUuid/endpointUuid"),
  "zstack:AlarmAction": NO_LINK("alarm action", "alarmUuid/topicUuid"),
  "zstack:EventSubscriptionAction": NO_LINK("event subscription action", "subscriptionUuid/topicUuid"),
  "securitycenter:DingTalkRobot": "id: is no robot id. Give its digits, such as a DingTalkRobot's `robotId`.",
};
