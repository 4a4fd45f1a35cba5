import fc from "fast-check";
import { definitions } from "../../provider/zstack/definitions";
import { check } from "../../provider/core/fields/check";
import { diff } from "../../provider/core/fields/diff";

/** What is the same person. The canonical form of everything else is judged in `any-change.test.ts`. */

const definition = definitions.DingTalkEndpoint;
const { fields } = definition;
const IDENTITY = { key: "0".repeat(64), name: "n" };
const ID = "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c";

const phone = fc.integer({ min: 10_000_000_000, max: 19_999_999_999 }).map(String);
const remark = fc.string({ maxLength: 40 });
const persons = fc.uniqueArray(fc.tuple(phone, remark), { selector: ([number]) => number, maxLength: 6 });

function canonical(given: Record<string, unknown>): Record<string, unknown> {
  const { inputs, findings } = check(definition, given, IDENTITY);
  expect(findings.issues).toEqual([]);
  return inputs;
}

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
    { numRuns: 150 },
  );
});
