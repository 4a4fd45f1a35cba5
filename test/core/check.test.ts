import { check } from "../../provider/core/fields/check";
import { definitions } from "../../provider/zstack/definitions";
import { flag, setOf, text } from "../../provider/core/fields/field-types";
import { autoName, defineFields } from "../../provider/core/fields/fields";
import { containsUnknown, UNKNOWN } from "../../provider/core/fields/unknown";

const UUID = "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c";
const KEY = "0123456789abcdef".repeat(4);
const WEBHOOK = `https://oapi.dingtalk.com/robot/send?access_token=${"70ce".repeat(16)}`;
const IDENTITY = { key: KEY, name: "duty" };
const DEFAULTS = { name: "duty-0123456", webhookUrl: WEBHOOK, atAll: false, enabled: true, adopt: "never" };

function checked(args: Record<string, unknown>) {
  const { inputs, findings } = check(definitions.DingTalkEndpoint, args, IDENTITY);
  const lines = (issues: typeof findings.issues) => issues.map(({ path, reason }) => `${path}: ${reason}`);
  return { inputs, refusals: lines(findings.issues), advice: lines(findings.advice) };
}

/** The canonical inputs of a webhook and these arguments, which must pass. */
function canonical(args: Record<string, unknown>): Record<string, unknown> {
  const { inputs, refusals } = checked({ webhookUrl: WEBHOOK, ...args });
  expect(refusals).toEqual([]);
  return inputs;
}

/** What is said against these arguments, given beside a webhook. */
function refusals(args: Record<string, unknown>): string[] {
  return checked({ webhookUrl: WEBHOOK, ...args }).refusals;
}

test("check fills in the defaults and nothing else", () => {
  expect(canonical({})).toEqual(DEFAULTS);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ["name", { name: "  ops \n" }, { name: "ops" }],
  ["description", { description: "\ttext " }, { description: "text" }],
  ["secret", { secret: " SECx " }, { secret: "SECx" }],
  ["webhookUrl", { webhookUrl: ` ${WEBHOOK}\n` }, {}],
  ["a remark", { atPersons: { "+86-13800000000": " boss " } }, { atPersons: { "+86-13800000000": "boss" } }],
  ["a tag", { userTags: [" b ", "a"] }, { userTags: ["b", "a"] }],
  ["a word of adopt", { adopt: " identical " }, { adopt: "identical" }],
  ["the id in adopt", { adopt: { id: ` ${UUID}\n` } }, { adopt: { id: UUID } }],
])("check trims %s", (_what, given, expected) => {
  expect(canonical(given)).toEqual({ ...DEFAULTS, ...expected });
});

test.each<[string, unknown[]]>([
  ["description", ["", "  ", null, undefined]],
  ["secret", ["", "\n", null, undefined]],
  ["atPersons", [{}, [], null, undefined]],
  ["userTags", [[], null, undefined]],
  ["tagUuids", [[], null, undefined]],
  ["resourceUuid", ["", " ", null, undefined]],
  ["name", ["", " ", null, undefined]],
  ["adopt", ["", null, undefined]],
  ["atAll", [null, undefined]],
  ["enabled", [null, undefined]],
])("an empty %s is the same as none", (argument, empties) => {
  for (const empty of empties) {
    expect(canonical({ [argument]: empty })).toEqual(DEFAULTS);
  }
});

test("values that differ from the defaults stay as they are", () => {
  expect(canonical({ atAll: true, enabled: false, adopt: "byName", name: "n" })).toEqual({
    ...DEFAULTS,
    atAll: true,
    enabled: false,
    adopt: "byName",
    name: "n",
  });
});

describe("an automatic name", () => {
  const derive = (name: string, maxChars = 255, key = KEY) => autoName(maxChars).derive({ key, name });

  test("is the Pulumi name and seven hex digits of the key", () => {
    expect(derive("duty")).toBe("duty-0123456");
  });

  test("is cut so that it fits, the digits kept", () => {
    expect(derive("n".repeat(300))).toBe(`${"n".repeat(247)}-0123456`);
    expect([...derive("n".repeat(247))]).toHaveLength(255);
    expect([...derive("n".repeat(248))]).toHaveLength(255);
  });

  test("has at most the length that the servers count, and is never cut within a character", () => {
    // 247 units are left for the Pulumi name, and a bell takes two.
    expect(derive("钉🔔".repeat(200))).toBe(`${"钉🔔".repeat(82)}钉-0123456`);
    expect(derive("钉🔔🔔".repeat(200), 14)).toBe("钉🔔🔔钉-0123456");
  });

  test.each([
    ["an accent", "e\u0301".repeat(9), "e\u0301e\u0301"],
    ["a family", "👩\u200d👧".repeat(9), "👩\u200d👧"],
    ["a tone of skin", "a👍🏽".repeat(9), "a👍🏽"],
    ["a variation", "❤\ufe0f❤\ufe0f❤\ufe0f", "❤\ufe0f❤\ufe0f"],
  ])("is not cut between a character and what belongs to it: %s", (_what, name, kept) => {
    expect(derive(name, 5 + 8)).toBe(`${kept}-0123456`);
  });

  test("is one that every server keeps, whatever the Pulumi name holds", () => {
    const name = derive(" \ufeff\u0007du\nty\ud83d\u00a0");
    expect(name).toBe("-du-ty--0123456");
    expect(checked({ name, webhookUrl: WEBHOOK })).toMatchObject({ inputs: { name }, refusals: [] });
  });

  test("depends on the key and the first name alone", () => {
    expect(derive("duty")).toBe(derive("duty"));
    expect(derive("duty", 255, "f".repeat(64))).toBe("duty-fffffff");
  });
});

const UNKNOWN_ARGUMENTS: [string, Record<string, unknown>, Record<string, unknown>][] = [
  ["a text", { description: UNKNOWN }, { description: UNKNOWN }],
  ["the name", { name: UNKNOWN }, { name: UNKNOWN }],
  ["the webhook", { webhookUrl: UNKNOWN, secret: "s" }, { webhookUrl: UNKNOWN, secret: "s" }],
  ["a boolean", { atAll: UNKNOWN, enabled: UNKNOWN }, { atAll: UNKNOWN, enabled: UNKNOWN }],
  ["a map", { atPersons: UNKNOWN }, { atPersons: UNKNOWN }],
  ["a remark", { atPersons: { "13800000000": UNKNOWN } }, { atPersons: { "+86-13800000000": UNKNOWN } }],
  ["an element of a list of phones", { atPersons: ["13800000000", UNKNOWN] }, { atPersons: UNKNOWN }],
  ["a list", { userTags: UNKNOWN, tagUuids: UNKNOWN }, { userTags: UNKNOWN, tagUuids: UNKNOWN }],
  ["an element of a list", { userTags: ["a", UNKNOWN] }, { userTags: UNKNOWN }],
  ["a uuid", { resourceUuid: UNKNOWN }, { resourceUuid: UNKNOWN }],
  ["adopt", { adopt: UNKNOWN }, { adopt: UNKNOWN }],
  ["the id in adopt", { adopt: { id: UNKNOWN } }, { adopt: UNKNOWN }],
];

test.each(UNKNOWN_ARGUMENTS)("%s that is not known yet passes", (_what, given, expected) => {
  const inputs = canonical(given);
  expect(inputs).toEqual({ ...DEFAULTS, ...expected });
  expect(containsUnknown(inputs)).toBe(true);
});

test("a signing secret that is not known yet may turn out to be none, so it passes with any webhook", () => {
  expect(refusals({ webhookUrl: "https://relay.example/hook", secret: UNKNOWN })).toEqual([]);
});

test("an unknown name satisfies byName", () => {
  expect(refusals({ name: UNKNOWN, adopt: "byName" })).toEqual([]);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ["an unknown value", { colour: UNKNOWN }, ["colour: is not an argument of this resource."]],
  ["members of Object.prototype", { toString: "x" }, ["toString: is not an argument of this resource."]],
])("check refuses %s by name", (_what, given, expected) => {
  expect(refusals(given)).toEqual(expected);
});

test("unknown arguments without a value are not worth a word", () => {
  expect(canonical({ colour: undefined, uuid: null, url: undefined })).toEqual(DEFAULTS);
});

const NO_PHONE =
  "is no phone number. Write +<country code>-<number>, such as +86-13800000000, without spaces; a mainland mobile number may stand alone.";

test.each<[string, Record<string, unknown>, string[]]>([
  ["an empty webhook", { webhookUrl: " " }, ["webhookUrl: is required. Give a value."]],
  [
    "an object for a text",
    { description: { a: 1 } },
    ["description: must be a string, but is an object. Give one text."],
  ],
  [
    "phones that are none",
    { atPersons: { mallory: "x", "138": "y" } },
    // JavaScript lists members that look like numbers first.
    [`atPersons["138"]: ${NO_PHONE}`, `atPersons.mallory: ${NO_PHONE}`],
  ],
  [
    "a list of things that are no phones",
    { atPersons: [13800000000, null, "", "1 380 000 0000"] },
    [
      "atPersons[0]: must be a phone number in quotes, but is a number.",
      "atPersons[1]: must be a phone number in quotes, but is null.",
      `atPersons[2]: ${NO_PHONE}`,
      `atPersons[3]: ${NO_PHONE}`,
    ],
  ],
])("check refuses %s", (_what, given, expected) => {
  expect(refusals(given)).toEqual(expected);
});

test("check says everything that is wrong at once", () => {
  const { refusals: said } = checked({
    webhookUrl: "ftp://x",
    name: 7,
    atPersons: { x: "y" },
    userTags: "a",
    resourceUuid: "nope",
    colour: "red",
    adopt: { uuid: "x" },
  });
  expect(said.map((line) => line.split(":")[0])).toEqual([
    "colour",
    "name",
    "webhookUrl",
    "atPersons.x",
    "userTags",
    "resourceUuid",
    "adopt.uuid",
    "adopt.id",
  ]);
});

test("no text quotes a value", () => {
  const canary = "cAnArY0123456789";
  const said = [
    checked({ webhookUrl: `ftp://x/${canary}`, secret: [canary], name: { canary }, description: canary }),
    checked({ webhookUrl: `${canary} ${canary}`, secret: canary.repeat(20), userTags: canary }),
    checked({
      webhookUrl: `https://h/?access_token=${canary},${canary}`,
      atPersons: { "13800000000": [canary] },
    }),
    checked({
      webhookUrl: `https://u:${canary}@h/?access_token=1`,
      resourceUuid: canary,
      tagUuids: [canary],
    }),
    checked({ webhookUrl: `https://h/${canary}`, adopt: canary, atPersons: canary, atAll: canary }),
    checked({ webhookUrl: `https://h/?access_token=a&sign=${canary}`, adopt: [canary], enabled: [canary] }),
  ].flatMap(({ refusals: lines, advice }) => [...lines, ...advice]);
  expect(said.length).toBeGreaterThan(12);
  expect(said.join("\n")).not.toContain(canary);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ["nothing unusual", {}, []],
  [
    "a relay",
    { webhookUrl: "http://10.0.0.9/relay?key=1" },
    ["webhookUrl: does not point to oapi.dingtalk.com. That is right for a relay only."],
  ],
  [
    "a phone with an unusual length",
    { atPersons: { "+1-2025550123": "" } },
    [
      'atPersons["+1-2025550123"]: has an unusual form: the known servers accept a country code of two or three digits and a number of eleven. ZStack decides.',
    ],
  ],
])("check only warns of what the server decides: %s", (_what, given, expected) => {
  const { advice, refusals: said } = checked({ webhookUrl: WEBHOOK, ...given });
  expect(said).toEqual([]);
  expect(advice).toEqual(expected);
});

test("check does not report a required value as missing when it was refused", () => {
  expect(checked({ webhookUrl: 7 }).refusals).toEqual([
    "webhookUrl: must be a string, but is a number. Write it in quotes.",
  ]);
});

describe("a value that cannot be taken back", () => {
  const fields = defineFields({
    language: { type: text(), change: "update", unclearable: true },
    note: { type: text(), change: "update" },
  });
  const said = (given: Record<string, unknown>, recorded?: Record<string, unknown>) =>
    check({ fields, outputs: {} }, given, IDENTITY, recorded).findings.issues.map(
      ({ path, reason }) => `${path}: ${reason}`,
    );

  test.each([undefined, null, "", " "])(
    "is refused when it is left out once it was given: %j",
    (language) => {
      expect(said({ language }, { language: "zh", note: "n" })).toEqual([
        "language: cannot be taken back once it was given. Give a value, or make the object anew: run `pulumi up --replace` with the URN of this resource.",
      ]);
    },
  );

  test.each<[string, Record<string, unknown>, Record<string, unknown> | undefined]>([
    ["it was never given", {}, { note: "n" }],
    ["it changes", { language: "en" }, { language: "zh" }],
    ["it comes later", { language: UNKNOWN }, { language: "zh" }],
    ["the object is made, or made anew", {}, undefined],
  ])("is no matter when %s", (_what, given, recorded) => {
    expect(said(given, recorded)).toEqual([]);
  });

  test("is said to be wrong, not to be missing, when what is given is refused", () => {
    expect(said({ language: 7 }, { language: "zh" })).toEqual([
      "language: must be a string, but is a number. Write it in quotes.",
    ]);
  });
});

test("check works for any table of fields", () => {
  const fields = defineFields({
    title: { type: text(), required: true, change: "update" },
    tags: { type: setOf(text()), default: ["x"], change: "update" },
    on: { type: flag(), change: "update" },
  });
  const { inputs, findings } = check({ fields, outputs: {} }, { title: "t", on: false }, IDENTITY);
  expect(findings.issues).toEqual([]);
  expect(inputs).toEqual({ title: "t", tags: ["x"], on: false });
});
