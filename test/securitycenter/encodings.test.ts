import * as fc from "fast-check";
import type { AlertRule } from "../../provider/securitycenter/fields/alert-rules";
import {
  packAlertRules,
  packGroupIds,
  unpackAlertRules,
  unpackGroupIds,
} from "../../provider/securitycenter/api/encodings";
import { shownValue } from "../../provider/core/lifecycle/shown-value";

const HC = {
  type: "sas_analysis_online-sas-operation-log-sas-event-hc",
  conditions: { item_level: ["high", "medium"] },
};
const HC_WIRE = `[{"type":"${HC.type}","configItemList":[{"key":"item_level","valueList":["high","medium"]}]}]`;

describe("alert rules on the wire", () => {
  test("are packed as the documentation shows them", () => {
    expect(packAlertRules([HC])).toBe(HC_WIRE);
    expect(packAlertRules([{ type: "hc", conditions: {} }])).toBe('[{"type":"hc","configItemList":[]}]');
    expect(packAlertRules([])).toBe("[]");
  });

  test("are read from the example of the documentation, escaped once more and with a scalar", () => {
    // The text of the vendor's page, as it stands between the quotes of the reply.
    const page = String.raw`"[{\\\"type\\\":\\\"vul\\\",\\\"configItemList\\\":[{\\\"key\\\":\\\"key\\\", \\\"valueList\\\":\\\"123\\\"}]}]"`;
    const wire: unknown = JSON.parse(page);
    expect(wire).toBe(
      String.raw`[{\"type\":\"vul\",\"configItemList\":[{\"key\":\"key\", \"valueList\":\"123\"}]}]`,
    );
    expect(unpackAlertRules(wire)).toEqual([{ type: "vul", conditions: { key: ["123"] } }]);
  });

  test.each<[string, unknown, AlertRule[]]>([
    ["JSON", HC_WIRE, [HC]],
    ["JSON in JSON", JSON.stringify(HC_WIRE), [HC]],
    ["JSON in JSON in JSON", JSON.stringify(JSON.stringify(HC_WIRE)), [HC]],
    ["escaped once more", HC_WIRE.replaceAll('"', '\\"'), [HC]],
    ["a list that is none packed", JSON.parse(HC_WIRE), [HC]],
    [
      "a scalar",
      '[{"type":"hc","configItemList":[{"key":"k","valueList":"v"}]}]',
      [{ type: "hc", conditions: { k: ["v"] } }],
    ],
    [
      "a number",
      '[{"type":"hc","configItemList":[{"key":"k","valueList":[1,2]}]}]',
      [{ type: "hc", conditions: { k: ["1", "2"] } }],
    ],
    [
      "a key twice",
      '[{"type":"hc","configItemList":[{"key":"k","valueList":["b"]},{"key":"k","valueList":["a","b"]}]}]',
      [{ type: "hc", conditions: { k: ["a", "b"] } }],
    ],
    [
      "a key without values",
      '[{"type":"hc","configItemList":[{"key":"k","valueList":[]},{"key":"l"},{"key":"m","valueList":null}]}]',
      [{ type: "hc", conditions: {} }],
    ],
    ["no conditions", '[{"type":"hc"}]', [{ type: "hc", conditions: {} }]],
    ["null for conditions", '[{"type":"hc","configItemList":null}]', [{ type: "hc", conditions: {} }]],
    ["null among conditions", '[{"type":"hc","configItemList":[null]}]', [{ type: "hc", conditions: {} }]],
    [
      "a key called like a member of objects",
      '[{"type":"hc","configItemList":[{"key":"constructor","valueList":["x"]}]}]',
      [{ type: "hc", conditions: { constructor: ["x"] } }],
    ],
    ["an empty list", "[]", []],
    ["nothing", undefined, []],
    ["null", null, []],
    ["the word null", "null", []],
    ["empty text", "", []],
    ["blank text", " \n", []],
    ["quoted empty text", '""', []],
  ])("are read from %s", (_label, wire, rules) => {
    expect(unpackAlertRules(wire)).toEqual(rules);
  });

  test.each([["text"], ["{}"], ["[1]"], ["[null]"], ['[{"type":5}]'], ["[{}]"], ["12"], [true]])(
    "are not guessed from %j",
    (wire) => {
      expect(unpackAlertRules(wire)).toBeUndefined();
    },
  );

  const word = fc
    .string({ minLength: 1, maxLength: 10, unit: "grapheme" })
    .filter((text) => text.trim() !== "" && text.trim() !== "null");
  const conditions = fc.dictionary(
    word,
    fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((list) => list.sort()),
    { maxKeys: 3, noNullPrototype: true },
  );
  const rules = fc.array(fc.record({ type: word, conditions }), { maxLength: 4 });

  test("come back as they were sent, in every encoding and order", () => {
    fc.assert(
      fc.property(rules, (given) => {
        const text = packAlertRules(given);
        expect(unpackAlertRules(text)).toEqual(given);
        expect(unpackAlertRules(JSON.stringify(text))).toEqual(given);
        expect(unpackAlertRules(JSON.stringify(text).slice(1, -1))).toEqual(given);
        const turned = given.map((rule) => ({
          type: rule.type,
          configItemList: Object.entries(rule.conditions)
            .reverse()
            .map(([key, list]) => ({ valueList: list.length === 1 ? list[0] : [...list].reverse(), key })),
        }));
        expect(unpackAlertRules(JSON.stringify(turned))).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });
});

describe("group ids on the wire", () => {
  test("are packed as the documentation shows them", () => {
    expect(packGroupIds(["10417151"])).toBe('["10417151"]');
    expect(packGroupIds([])).toBe("[]");
  });

  test.each<[string, unknown, string[]]>([
    ["the documented request", '["10417151"]', ["10417151"]],
    ["the documented answer", '"123,456"', ["123", "456"]],
    ["a bare list", "456,123", ["123", "456"]],
    ["one bare id", "123", ["123"]],
    ["one numeric id", 123, ["123"]],
    ["numbers", "[456, 123]", ["123", "456"]],
    ["a list that is none packed", ["456", 123], ["123", "456"]],
    ["escaped once more", String.raw`[\"1\",\"2\"]`, ["1", "2"]],
    ["JSON in JSON", JSON.stringify('["1","2"]'), ["1", "2"]],
    ["blanks and repetitions", " 2 , 1,, 2 ", ["1", "2"]],
    ["digits beyond what numbers hold", "[12345678901234567891]", ["12345678901234567891"]],
    ["an empty list", "[]", []],
    ["nothing", undefined, []],
    ["null", null, []],
    ["the word null", "null", []],
    ["empty text", "", []],
    ["quoted empty text", '""', []],
  ])("are read from %s", (_label, wire, ids) => {
    expect(unpackGroupIds(wire)).toEqual(ids);
  });

  test("come back as they were sent, in every encoding and order", () => {
    const ids = fc
      .uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String), { maxLength: 6 })
      .map((list) => list.sort());
    fc.assert(
      fc.property(ids, (given) => {
        const turned = [...given].reverse();
        for (const wire of [
          packGroupIds(turned),
          JSON.stringify(packGroupIds(turned)),
          `[${turned.join(",")}]`,
          `"${turned.join(",")}"`,
          turned.join(","),
          turned.join(", "),
        ]) {
          expect(unpackGroupIds(wire)).toEqual(given);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a webhook as the list shows it", () => {
  const OURS = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef";
  test.each<[string, string | null | undefined, string]>([
    ["in full", OURS, OURS],
    ["with white space around it", ` ${OURS}\n`, OURS],
    ["cut before the query", "https://oapi.dingtalk.com/robot/send", OURS],
    ["cut before the token", "https://oapi.dingtalk.com/robot/send?access_token=", OURS],
    ["not at all", "", OURS],
    ["as null", null, OURS],
    ["as nothing", undefined, OURS],
    ["masked at the end", "https://oapi.dingtalk.com/robot/send?access_token=0123****", OURS],
    ["masked in the middle", "https://oapi.dingtalk.com/robot/send?access_token=0123****cdef", OURS],
    ["masked as a whole", "******", OURS],
    [
      "masked, with another head",
      "https://oapi.dingtalk.com/robot/send?access_token=9999****",
      "https://oapi.dingtalk.com/robot/send?access_token=9999****",
    ],
    [
      "masked, with another tail",
      "https://oapi.dingtalk.com/robot/send?access_token=0123****9999",
      "https://oapi.dingtalk.com/robot/send?access_token=0123****9999",
    ],
    [
      "masked, with head and tail that overlap",
      `${OURS.slice(0, -2)}****abcdef`,
      `${OURS.slice(0, -2)}****abcdef`,
    ],
    ["with another token", OURS.replace("0123", "9999"), OURS.replace("0123", "9999")],
    ["with a longer token", `${OURS}0`, `${OURS}0`],
    ["with another host", "https://relay.example.com/robot/send", "https://relay.example.com/robot/send"],
  ])("%s is believed as far as it goes", (_label, live, believed) => {
    expect(shownValue(live, OURS)).toBe(believed);
  });

  test("is all there is where none is recorded", () => {
    expect(shownValue("https://oapi.dingtalk.com/robot/send", undefined)).toBe(
      "https://oapi.dingtalk.com/robot/send",
    );
    expect(shownValue(null, undefined)).toBe("");
  });
});
