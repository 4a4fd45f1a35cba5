import fc from "fast-check";
import { definitions } from "../../provider/zstack/definitions";
import { canonicalise, check } from "../../provider/core/fields/check";
import { diff } from "../../provider/core/fields/diff";
import { UNKNOWN } from "../../provider/core/fields/unknown";
import { API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID } from "../../provider/zstack/lifecycle/built-in-topics";
import { freshUuid, uuidFromKey } from "../../provider/zstack/fields/uuids";
import { LINKS } from "../support/zstack-links";

/** What programs may write of topics and links, and what is the same. Fields in general are judged in `test/core`. */

const IDENTITY = { key: "0123456789abcdef".repeat(4), name: "duty" };
const ID = uuidFromKey("id", 0);
const BUILT_IN =
  "is built into ZStack: it cannot be managed or deleted. Give its uuid as the topicUuid of a TopicSubscription, or read it with Topic.get.";

type Definition = Parameters<typeof check>[0];
const checked = (
  definition: Definition,
  given: Record<string, unknown>,
  recorded?: Record<string, unknown>,
) => {
  const { inputs, findings } = check(definition, given, IDENTITY, recorded);
  return { inputs, said: findings.issues.map(({ path, reason }) => `${path}: ${reason}`) };
};

describe("a topic", () => {
  const definition = definitions.Topic;
  const DEFAULTS = { name: "duty-0123456", enabled: true, adopt: "never" };

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["nothing", {}, {}],
    ["empty values", { name: " ", description: "", locale: "", userTags: [], tagUuids: [], adopt: "" }, {}],
    ["white space", { name: " ops\n", description: "\ttext " }, { name: "ops", description: "text" }],
    ["sets in any order", { userTags: ["b", "a", "b"] }, { userTags: ["b", "a", "b"] }],
    ["a uuid in another spelling", { resourceUuid: ID.toUpperCase() }, { resourceUuid: ID }],
  ])("made of %s has a canonical form", (_what, given, expected) => {
    expect(checked(definition, given)).toEqual({ inputs: { ...DEFAULTS, ...expected }, said: [] });
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    [
      "a locale in another spelling",
      { locale: "zh-CN" },
      ['locale: must be "zh_CN" or "en_US". Did you mean "zh_CN"?'],
    ],
    ["a built-in uuid", { resourceUuid: API_TOPIC_UUID }, [`resourceUuid: ${API_TOPIC_UUID} ${BUILT_IN}`]],
    [
      "a built-in topic to adopt, in any spelling",
      { adopt: { id: SYSTEM_ALARM_TOPIC_UUID.toUpperCase() } },
      [`adopt.id: ${SYSTEM_ALARM_TOPIC_UUID} ${BUILT_IN}`],
    ],
  ])("with %s is refused", (_what, given, expected) => {
    expect(checked(definition, given).said).toEqual(expected);
  });

  test("keeps its locale once it has one, but for a replacement, which is checked without the recorded inputs", () => {
    expect(checked(definition, {}, { ...DEFAULTS, locale: "zh_CN" }).said).toHaveLength(1);
    expect(checked(definition, { locale: "en_US" }, { ...DEFAULTS, locale: "zh_CN" }).said).toEqual([]);
    expect(checked(definition, {}).said).toEqual([]);
  });

  test("passes with values that are not known yet", () => {
    const given = {
      name: UNKNOWN,
      locale: UNKNOWN,
      userTags: UNKNOWN,
      resourceUuid: UNKNOWN,
      adopt: { id: UNKNOWN },
    };
    expect(checked(definition, given, { locale: "zh_CN" }).said).toEqual([]);
  });

  const blankOr = (value: fc.Arbitrary<unknown>) => fc.oneof(value, fc.constantFrom(null, undefined));
  const written = fc.record({
    name: blankOr(fc.string({ maxLength: 60 })),
    description: blankOr(fc.string({ maxLength: 60 })),
    locale: blankOr(fc.constantFrom("zh_CN", "en_US")),
    enabled: blankOr(fc.boolean()),
    userTags: blankOr(fc.array(fc.string({ minLength: 1 }).filter((tag) => tag.trim() !== ""))),
    tagUuids: blankOr(fc.array(fc.constantFrom(...[0, 1, 2].map((n) => uuidFromKey("tag", n))))),
  });

  test("in canonical form stays as it is, and is no difference from what was written", () => {
    fc.assert(
      fc.property(written, (given) => {
        const { inputs, said } = checked(definition, given);
        expect(said).toEqual([]);
        expect(checked(definition, inputs).inputs).toEqual(inputs);
        expect(canonicalise(definition.fields, inputs)).toEqual(inputs);
        expect(diff(definition.fields, inputs, { ...given, name: inputs["name"] }, ID).changed).toEqual([]);
      }),
    );
  });

  test("differs in the one field that changes, and only another uuid replaces it", () => {
    const others: Record<string, unknown> = {
      name: "longer than any of the generated names, so that it never equals one of them",
      description: "longer than any of the generated texts, so that it never equals one of them",
      userTags: ["x".repeat(100)],
      tagUuids: [ID],
      resourceUuid: uuidFromKey("other", 0),
    };
    const names = fc.constantFrom(...Object.keys(others), "locale", "enabled");
    fc.assert(
      fc.property(written, names, (given, name) => {
        const before = checked(definition, given).inputs;
        const next =
          others[name] ??
          (name === "enabled" ? before[name] !== true : before[name] === "zh_CN" ? "en_US" : "zh_CN");
        expect(diff(definition.fields, before, { ...before, [name]: next }, ID)).toEqual({
          changed: [name],
          replaces: name === "resourceUuid" ? [name] : [],
        });
      }),
    );
  });
});

describe.each(LINKS)("a link: $noun", ({ definition, fields, sides, ...link }) => {
  const inputs = link.inputs(sides) as Record<string, unknown>;
  const [from, to] = fields;

  test("has its two sides as canonical form, in any spelling", () => {
    const dashed = sides[0].replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase();
    expect(checked(definition, { [from]: ` ${dashed}\n`, [to]: sides[1] })).toEqual({ inputs, said: [] });
    expect(checked(definition, inputs)).toEqual({ inputs, said: [] });
    expect(canonicalise(definition.fields, inputs)).toEqual(inputs);
  });

  test("takes uuids that do not follow the rules for new ones, such as the built-in ones", () => {
    const given = { [from]: API_TOPIC_UUID, [to]: "0".repeat(32) };
    expect(checked(definition, given)).toEqual({ inputs: given, said: [] });
  });

  test.each<[string, unknown, string]>([
    ["nothing", undefined, "is required. Give a value."],
    ["an empty text", " ", "is required. Give a value."],
    ["a name", "ops", "is no uuid. Give the 32 hex digits that the console shows, or a resource's `uuid`."],
    [
      "the id of a link",
      sides.join("/"),
      "is no uuid. Give the 32 hex digits that the console shows, or a resource's `uuid`.",
    ],
    ["an object", { uuid: sides[0] }, "must be a string, but is an object. Give one text."],
    ["a list", [sides[0]], "must be a string, but is a list. Give one text."],
  ])("refuses %s on either side", (_what, given, reason) => {
    for (const field of fields) {
      expect(checked(definition, { ...inputs, [field]: given }).said).toEqual([`${field}: ${reason}`]);
    }
  });

  test("refuses what is called otherwise or does not exist, each with a sentence", () => {
    const refused = Object.entries(definition.refusedArguments ?? {});
    expect(refused.length).toBeGreaterThan(0);
    for (const [name, sentence] of refused) {
      expect(checked(definition, { ...inputs, [name]: "x" }).said).toEqual([`${name}: ${sentence}`]);
    }
    expect(checked(definition, { ...inputs, adopt: "byName" }).said).toEqual([
      "adopt: is not an argument of this resource.",
    ]);
  });

  test("is replaced by any other side, known or not", () => {
    for (const field of fields) {
      for (const next of [freshUuid(), UNKNOWN]) {
        expect(diff(definition.fields, inputs, { ...inputs, [field]: next }, sides.join("/"))).toEqual({
          changed: [field],
          replaces: [field],
        });
      }
    }
    expect(diff(definition.fields, inputs, { ...inputs }).changed).toEqual([]);
  });
});
