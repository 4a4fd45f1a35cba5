import { definitions } from "../../provider/zstack/definitions";
import { canonicalise, check } from "../../provider/core/fields/check";
import { diff } from "../../provider/core/fields/diff";
import { UNKNOWN } from "../../provider/core/fields/unknown";
import { API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID } from "../../provider/zstack/lifecycle/built-in-topics";
import { freshUuid, uuidFromKey } from "../../provider/zstack/fields/uuids";
import { LINKS } from "../support/zstack-links";

/** What programs may write of topics and links; what they may not is a row of `test/trust/support/bad-arguments.ts`. */

const IDENTITY = { key: "0123456789abcdef".repeat(4), name: "duty" };
const ID = uuidFromKey("id", 0);
const BUILT_IN =
  "is built into ZStack: it cannot be managed or deleted. Give its uuid as the topicUuid of a TopicSubscription, or read it with Topic.get.";

type Definition = Parameters<typeof check>[0];
const checked = (definition: Definition, given: Record<string, unknown>) => {
  const { inputs, findings } = check(definition, given, IDENTITY);
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

  test("refuses a built-in topic to adopt, in any spelling", () => {
    const adopt = { id: SYSTEM_ALARM_TOPIC_UUID.toUpperCase() };
    expect(checked(definition, { adopt }).said).toEqual([`adopt.id: ${SYSTEM_ALARM_TOPIC_UUID} ${BUILT_IN}`]);
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
