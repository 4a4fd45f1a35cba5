import fc from "fast-check";
import { definitions } from "../../provider/zstack/definitions";
import { canonicalise, check } from "../../provider/core/fields/check";
import { diff } from "../../provider/core/fields/diff";

/** What must hold for every input, not only for those somebody thought of. */

const definition = definitions.DingTalkEndpoint;
const { fields } = definition;
const IDENTITY = { key: "0".repeat(64), name: "n" };
const ID = "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c";

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
const phone = fc.integer({ min: 10_000_000_000, max: 19_999_999_999 }).map(String);
const remark = fc.string({ maxLength: 40 });
const blankOr = (value: fc.Arbitrary<unknown>) => fc.oneof(value, fc.constantFrom(null, undefined));
const uuid = fc
  .tuple(hex(12), hex(3), fc.constantFrom(..."89ab"), hex(15))
  .map(([head, mid, variant, tail]) => `${head}4${mid}${variant}${tail}`);
const persons = fc.uniqueArray(fc.tuple(phone, remark), { selector: ([number]) => number, maxLength: 6 });

const args = fc.record({
  name: blankOr(fc.string({ maxLength: 60 })),
  webhookUrl: hex(20).map((token) => `https://oapi.dingtalk.com/robot/send?access_token=${token}`),
  secret: blankOr(fc.string({ maxLength: 60 })),
  description: blankOr(fc.string({ maxLength: 60 })),
  atAll: blankOr(fc.boolean()),
  atPersons: blankOr(persons.map((list) => Object.fromEntries(list))),
  enabled: blankOr(fc.boolean()),
  userTags: blankOr(fc.array(fc.string({ minLength: 1 }).filter((tag) => tag.trim() !== ""))),
  tagUuids: blankOr(fc.array(uuid, { maxLength: 4 })),
});

function canonical(given: Record<string, unknown>): Record<string, unknown> {
  const { inputs, findings } = check(definition, given, IDENTITY);
  expect(findings.issues).toEqual([]);
  return inputs;
}

const runs = { numRuns: 150 };

test("canonicalising twice changes nothing more", () => {
  fc.assert(
    fc.property(args, (given) => {
      const once = canonical(given);
      expect(canonical(once)).toEqual(once);
      expect(canonicalise(fields, once)).toEqual(once);
    }),
    runs,
  );
});

test("what a program writes is never different from its own canonical form", () => {
  fc.assert(
    fc.property(args, (given) => {
      const recorded = canonical(given);
      // What became an automatic name stays one: `check` has filled it in before a diff is asked for.
      const written = { ...given, name: recorded["name"] };
      expect(diff(fields, recorded, written, ID).changed).toEqual([]);
      expect(diff(fields, written, recorded, ID).changed).toEqual([]);
    }),
    runs,
  );
});

type Spelling = "canonical" | "bare" | "plus";
const spelled = (number: string, spelling: Spelling) =>
  ({ canonical: `+86-${number}`, bare: number, plus: `+86${number}` })[spelling];

test("the same persons are no difference in any order and spelling, as a map or as a list", () => {
  const spellings = fc.array(fc.constantFrom<Spelling>("canonical", "bare", "plus"), {
    minLength: 6,
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      persons,
      spellings,
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 6 }),
      (list, ways, asList, order) => {
        const shuffled = list
          .map((person, index) => ({ person, rank: order[index] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ person: [number, text] }, index) => [
            spelled(number, ways[index] ?? "bare"),
            asList ? "" : text,
          ]);
        const first = canonical({
          webhookUrl: "https://oapi.dingtalk.com/robot/send?access_token=t",
          atPersons: Object.fromEntries(list.map(([number, text]) => [`+86-${number}`, asList ? "" : text])),
        });
        const second = {
          ...first,
          atPersons: asList ? shuffled.map(([number]) => number) : Object.fromEntries(shuffled),
        };
        expect(diff(fields, first, second, ID).changed).toEqual([]);
      },
    ),
    runs,
  );
});

test("a change of one field is a difference of that field and no other", () => {
  const others: Record<string, fc.Arbitrary<unknown>> = {
    name: fc.constant("another name than any generated one, which are shorter than this text"),
    webhookUrl: fc.constant("https://oapi.dingtalk.com/robot/send?access_token=other"),
    secret: fc.constant("a secret longer than any of the generated ones, so never equal to them"),
    description: fc.constant("a description longer than any of the generated ones, so never equal"),
    atPersons: fc.constant({ "+86-29999999999": "nobody" }),
    userTags: fc.constant(["x".repeat(100)]),
    tagUuids: fc.constant([ID]),
  };
  fc.assert(
    fc.property(args, fc.constantFrom(...Object.keys(others), "atAll", "enabled"), (given, name) => {
      const before = canonical(given);
      const arbitrary = others[name];
      const next = arbitrary === undefined ? before[name] !== true : fc.sample(arbitrary, 1)[0];
      expect(diff(fields, before, { ...before, [name]: next }, ID).changed).toEqual([name]);
      expect(diff(fields, { ...before, [name]: next }, before, ID).changed).toEqual([name]);
    }),
    runs,
  );
});
