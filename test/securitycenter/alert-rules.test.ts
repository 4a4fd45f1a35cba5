import * as fc from "fast-check";
import { Findings } from "../../provider/core/fields/findings";
import { UNKNOWN } from "../../provider/core/fields/unknown";
import { alertRules, inWordsOf, type AlertRule } from "../../provider/securitycenter/fields/alert-rules";
import {
  ALERT_KINDS,
  AlertType,
  commonForm,
  fullType,
  KNOWN_CONDITIONS,
} from "../../provider/securitycenter/fields/alert-types";
import { assetGroupIds } from "../../provider/securitycenter/fields/group-ids";
import { check } from "../../provider/core/fields/check";
import { definition, WEBHOOK } from "../support/securitycenter";

const type = alertRules();

function normalise(value: unknown): { value: unknown; refused: string[]; advice: string[] } {
  const findings = new Findings();
  const canonical = type.normalise(value, "alertRules", findings);
  const lines = (issues: Findings["issues"]): string[] =>
    issues.map(({ path, reason }) => `${path}: ${reason}`);
  return { value: canonical, refused: lines(findings.issues), advice: lines(findings.advice) };
}

function canonical(value: unknown): AlertRule[] {
  const { value: rules, refused } = normalise(value);
  expect(refused).toEqual([]);
  return rules as AlertRule[];
}

const same = (a: unknown, b: unknown): boolean | undefined => type.equal?.(canonical(a), canonical(b));

describe("alert rules", () => {
  test("keep the order of the program, without blanks and empty conditions", () => {
    expect(
      canonical([
        { type: " vul ", conditions: { type: ["sys", "cms", " cms "], necessity: ["asap"] } },
        { type: "hc", conditions: { item_level: null } },
        { type: "rasp", conditions: { item_level: [] } },
        { type: "honeypot" },
      ]),
    ).toEqual([
      { type: "vul", conditions: { necessity: ["asap"], type: ["sys", "cms", "cms"] } },
      { type: "hc", conditions: {} },
      { type: "rasp", conditions: {} },
      { type: "honeypot", conditions: {} },
    ]);
  });

  test("are read in the recorded order, with what is new on the server after it", () => {
    const rules = alertRules();
    const recorded = [
      { type: "vul", conditions: { type: ["sys", "cms"] } },
      { type: "honeypot", conditions: {} },
      { type: "hc", conditions: { item_level: ["high"] } },
    ];
    const live = [
      { type: "rasp", conditions: {} },
      { type: "ak-leakage", conditions: {} },
      { type: "hc", conditions: { item_level: ["low", "high"] } },
      { type: "vul", conditions: { type: ["app", "cms", "sys"] } },
    ];
    expect(rules.inOrderOf?.(live, recorded)).toEqual([
      { type: "vul", conditions: { type: ["sys", "cms", "app"] } },
      { type: "hc", conditions: { item_level: ["high", "low"] } },
      { type: "ak-leakage", conditions: {} },
      { type: "rasp", conditions: {} },
    ]);
  });

  // What else they refuse is in test/trust/support/bad-arguments.ts.
  test.each<[string, unknown, string[]]>([
    [
      "a list in place of a rule",
      [[]],
      ["alertRules[0]: must be an object { type, conditions }, but is a list."],
    ],
    [
      "null in place of a rule",
      [null],
      ["alertRules[0]: must be an object { type, conditions }, but is null."],
    ],
    [
      "a string of conditions",
      [{ type: "hc", conditions: "high" }],
      ["alertRules[0].conditions: must be an object of key to list of values, but is a string."],
    ],
    [
      "a kind and its full string",
      [{ type: "hc" }, { type: fullType("hc") }],
      ["alertRules[1].type: is the type of another rule, too. Join the two."],
    ],
    [
      "two problems",
      [{ type: "hc", x: 1 }, {}],
      [
        "alertRules[0].x: is not a member of a rule.",
        "alertRules[1].type: is required. Name the type of the alerts.",
      ],
    ],
  ])("are refused when they hold %s", (_label, value, refused) => {
    expect(normalise(value).refused).toEqual(refused);
  });

  test.each<[string, unknown, string[]]>([
    [
      "an unknown kind",
      [{ type: "suspicous" }],
      ['alertRules[0].type: is no type of alert that this release knows. Did you mean "suspicious"?'],
    ],
    [
      "an unknown string",
      [{ type: "my-log-sas-event-newkind" }],
      ["alertRules[0].type: is no type of alert that this release knows."],
    ],
    [
      "an unknown key",
      [{ type: "hc", conditions: { level: ["high"] } }],
      ["alertRules[0].conditions.level: is no condition of this type that this release knows."],
    ],
    [
      "a mistyped key of a full string",
      [{ type: fullType("hc"), conditions: { item_levl: ["high"] } }],
      [
        'alertRules[0].conditions.item_levl: is no condition of this type that this release knows. Did you mean "item_level"?',
      ],
    ],
    [
      "an unknown value",
      [{ type: "hc", conditions: { item_level: ["hihg", "low"] } }],
      [
        'alertRules[0].conditions.item_level: holds a value that this release does not know. Did you mean "high"?',
      ],
    ],
    [
      "values called like members of objects",
      [{ type: "hc", conditions: { constructor: ["toString"], item_level: ["high"] } }],
      ["alertRules[0].conditions.constructor: is no condition of this type that this release knows."],
    ],
    [
      "a type called like a member of objects",
      [{ type: "toString" }],
      ["alertRules[0].type: is no type of alert that this release knows."],
    ],
  ])("pass with a warning when they hold %s", (_label, value, advice) => {
    const result = normalise(value);
    expect(result.refused).toEqual([]);
    expect(result.advice).toEqual(advice);
  });

  test("keep an unknown type, key and value word for word", () => {
    const rule = {
      type: "my-log-sas-event-newkind",
      conditions: { "a key": ["Some Value"], constructor: ["x"] },
    };
    expect(canonical([rule])).toEqual([rule]);
    expect(canonical([{ type: "hc", conditions: JSON.parse('{"__proto__":["x"]}') as object }])).toEqual([
      { type: "hc", conditions: JSON.parse('{"__proto__":["x"]}') as object },
    ]);
  });

  test("pass in full without any warning, in English and in Chinese", () => {
    const rules = ALERT_KINDS.map((kind) => ({ type: kind, conditions: KNOWN_CONDITIONS[kind] }));
    expect(normalise(rules)).toMatchObject({ refused: [], advice: [] });
    expect(Object.values(AlertType).sort()).toEqual([...ALERT_KINDS].sort());
  });

  test.each<[string, unknown]>([
    ["the list", UNKNOWN],
    ["a rule", [{ type: "hc" }, UNKNOWN]],
    ["a type", [{ type: UNKNOWN, conditions: { a: ["b"] } }]],
    ["the conditions", [{ type: "hc", conditions: UNKNOWN }]],
    ["a list of values", [{ type: "hc", conditions: { item_level: UNKNOWN } }]],
    ["a value", [{ type: "hc", conditions: { item_level: ["high", UNKNOWN] } }]],
  ])("are unknown in a preview when %s is", (_label, value) => {
    expect(normalise(value)).toEqual({ value: UNKNOWN, refused: [], advice: [] });
  });

  test("are refused beside an unknown rule as well", () => {
    expect(normalise([UNKNOWN, "hc"]).refused).toEqual([
      "alertRules[1]: must be an object { type, conditions }, but is a string.",
    ]);
  });
});

describe("rules that mean the same", () => {
  test.each<[string, unknown, unknown]>([
    ["in another order", [{ type: "hc" }, { type: "vul" }], [{ type: "vul" }, { type: "hc" }]],
    ["short and in full", [{ type: "hc" }], [{ type: fullType("hc") }]],
    [
      "short and under another prefix",
      [{ type: "rasp" }],
      [{ type: "sas_analysis_online-sas-operation-log-sh-sas-event-rasp" }],
    ],
    [
      "in English and in Chinese",
      [{ type: "suspicious", conditions: { event_type: ["Webshell", "Others"] } }],
      [{ type: "suspicious", conditions: { event_type: ["其他", "网站后门"] } }],
    ],
    [
      "with full-width parentheses",
      [{ type: "suspicious", conditions: { event_type: ["恶意进程（云查杀）"] } }],
      [{ type: "suspicious", conditions: { event_type: ["恶意进程(云查杀)"] } }],
    ],
    ["with no conditions and empty ones", [{ type: "hc" }], [{ type: "hc", conditions: { item_level: [] } }]],
  ])("%s are no difference", (_label, a, b) => {
    expect(same(a, b)).toBe(true);
    expect(same(b, a)).toBe(true);
  });

  test.each<[string, unknown, unknown]>([
    ["another kind", [{ type: "hc" }], [{ type: "vul" }]],
    ["one rule more", [{ type: "hc" }], [{ type: "hc" }, { type: "vul" }]],
    [
      "one value more",
      [{ type: "hc", conditions: { item_level: ["high"] } }],
      [{ type: "hc", conditions: { item_level: ["high", "low"] } }],
    ],
    [
      "all in place of each",
      [{ type: "ak-leakage", conditions: { type: ["all"] } }],
      [{ type: "ak-leakage" }],
    ],
    [
      "another key",
      [{ type: "vul", conditions: { type: ["all"] } }],
      [{ type: "vul", conditions: { necessity: ["all"] } }],
    ],
    [
      "another prefix written out",
      [{ type: fullType("hc") }],
      [{ type: fullType("hc", "sas_analysis_pre-sas-operation-log-") }],
    ],
    [
      "another case of a value",
      [{ type: "hc", conditions: { item_level: ["High"] } }],
      [{ type: "hc", conditions: { item_level: ["high"] } }],
    ],
  ])("differ by %s", (_label, a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });

  test("are compared both ways: the service may hold one twice", () => {
    const twice: AlertRule[] = [
      { type: "hc", conditions: {} },
      { type: "hc", conditions: {} },
    ];
    const both: AlertRule[] = [
      { type: "hc", conditions: {} },
      { type: "vul", conditions: {} },
    ];
    expect(type.equal?.(twice, both)).toBe(false);
    expect(type.equal?.(both, twice)).toBe(false);
  });

  test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("may hold the value %s", (value) => {
    expect(commonForm(value)).toBe(value);
    expect(same([{ type: "x", conditions: { k: [value] } }], [{ type: "x", conditions: { k: ["y"] } }])).toBe(
      false,
    );
  });
});

describe("live rules", () => {
  const live = (kind: string, prefix?: string): AlertRule => ({
    type: fullType(kind, prefix),
    conditions: {},
  });

  test("are told in the words of the declared ones", () => {
    const known = canonical([
      { type: "suspicious", conditions: { event_type: ["Webshell", "异常登录"] } },
      { type: fullType("vul") },
    ]);
    expect(
      inWordsOf(known, [
        live("vul"),
        {
          type: fullType("suspicious", "any-"),
          conditions: { event_type: ["Unusual logon", "网站后门", "new"] },
        },
      ]),
    ).toEqual([
      { type: fullType("vul"), conditions: {} },
      { type: "suspicious", conditions: { event_type: ["Webshell", "new", "异常登录"] } },
    ]);
  });

  test("are told in short kinds where nothing is declared, and word for word where there is none", () => {
    expect(inWordsOf(undefined, [live("hc"), live("newkind")])).toEqual([
      { type: "hc", conditions: {} },
      { type: fullType("newkind"), conditions: {} },
    ]);
  });

  test("keep their full string where another full string of that kind is declared", () => {
    expect(inWordsOf([live("hc")], [live("hc", "pre-")])).toEqual([
      { type: "pre-sas-event-hc", conditions: {} },
    ]);
  });
});

const value = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text.trim() !== "");
const rule = fc.record({
  type: fc.oneof(fc.constantFrom(...ALERT_KINDS), value),
  conditions: fc.dictionary(value, fc.array(value, { minLength: 1, maxLength: 4 }), { maxKeys: 3 }),
});
const rules = fc.uniqueArray(rule, { selector: ({ type: name }) => name.trim(), minLength: 1, maxLength: 5 });

describe("any rules", () => {
  test("are canonical once and for all", () => {
    fc.assert(
      fc.property(rules, (given) => {
        const once = canonical(given);
        expect(canonical(once)).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  test("are no difference from themselves in any order", () => {
    fc.assert(
      fc.property(rules, (given) => {
        const turned = [...given].reverse().map(({ type: name, conditions }) => ({
          conditions: Object.fromEntries(
            Object.entries(conditions)
              .reverse()
              .map(([key, values]) => [key, [...values].reverse()]),
          ),
          type: name,
        }));
        expect(same(given, turned)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("are a difference from those with one value more, one key more or one rule less", () => {
    fc.assert(
      fc.property(rules, fc.nat(), (given, pick) => {
        const index = pick % given.length;
        const changed = (conditions: Record<string, string[]>): unknown =>
          given.map((one, at) => (at === index ? { ...one, conditions } : one));
        const conditions: Record<string, string[]> = given[index]?.conditions ?? {};
        expect(same(given, changed({ ...conditions, "one key more": ["x"] }))).toBe(false);
        expect(same(given, given.toSpliced(index, 1))).toBe(false);
        const [key] = Object.keys(conditions);
        if (key !== undefined) {
          const more = Object.fromEntries(
            Object.entries(conditions).map(([name, list]) => [
              name,
              name === key ? [...list, "one value more"] : list,
            ]),
          );
          expect(same(given, changed(more))).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("ids of asset groups", () => {
  const groups = assetGroupIds();
  const checked = (given: unknown): { value: unknown; refused: string[] } => {
    const findings = new Findings();
    const canonicalIds = groups.normalise(given, "assetGroupIds", findings);
    return { value: canonicalIds, refused: findings.issues.map(({ path, reason }) => `${path}: ${reason}`) };
  };

  test.each<[unknown, unknown]>([
    [
      ["2", "10", 1],
      ["2", "10", "1"],
    ],
    [
      [" 7 ", "007", 7],
      ["7", "7", "7"],
    ],
    [["0"], ["0"]],
    [["12345678901234567890"], ["12345678901234567890"]],
    [UNKNOWN, UNKNOWN],
    [["1", UNKNOWN], UNKNOWN],
  ])("%j are %j", (given, ids) => {
    expect(checked(given)).toEqual({ value: ids, refused: [] });
  });

  test.each<[unknown, string[]]>([
    [
      [1, -1],
      ["assetGroupIds[1]: must be the numeric id of an asset group, but is a number of another form."],
    ],
    [[1.5], ["assetGroupIds[0]: must be the numeric id of an asset group, but is a number of another form."]],
    [
      ["1,2"],
      ["assetGroupIds[0]: must be the numeric id of an asset group, but is a string of another form."],
    ],
  ])("%j are refused", (given, refused) => {
    expect(checked(given).refused).toEqual(refused);
  });
});

describe("the arguments of a robot", () => {
  const advice = (given: Record<string, unknown>): string[] => {
    const { findings } = check(
      definition,
      { webhookUrl: WEBHOOK, ...given },
      { key: "a".repeat(64), name: "duty" },
    );
    return findings.advice.map(({ path, reason }) => `${path}: ${reason}`);
  };

  test("get their defaults", () => {
    const { inputs } = check(definition, { webhookUrl: WEBHOOK }, { key: "a".repeat(64), name: "duty" });
    expect(inputs).toEqual({
      name: "duty-aaaaaaa",
      webhookUrl: WEBHOOK,
      language: "zh",
      notificationInterval: 0,
      enabled: true,
      adopt: "identical",
    });
  });

  test("warn when no alert rules are given, and not when they are refused", () => {
    const warning =
      "alertRules: is not given. What the service sends without rules is not documented: give some to be sure.";
    expect(advice({})).toEqual([warning]);
    expect(advice({ alertRules: [] })).toEqual([warning]);
    expect(advice({ alertRules: "hc" })).toEqual([]);
    expect(advice({ alertRules: UNKNOWN })).toEqual([]);
  });
});
