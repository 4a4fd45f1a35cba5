import fc from "fast-check";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";

/**
 * Values of every argument there is, by its name: arguments of one name mean the same in every resource. A new argument needs an entry in
 * both tables; tests say which one is missing.
 */

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
const uuid = fc
  .tuple(hex(12), hex(3), fc.constantFrom(..."89ab"), hex(15))
  .map(([head, mid, variant, tail]) => `${head}4${mid}${variant}${tail}`);
const text = fc.string({ minLength: 2, maxLength: 60 }).filter((one) => one.trim().length >= 2);
// Few, so that two lists of rules are often alike but for one value.
const word = fc.constantFrom("high", "medium", "low");
const phone = fc.integer({ min: 10_000_000_000, max: 19_999_999_999 }).map(String);
const kind = fc.constantFrom("vul", "hc");
const rule = fc.record({
  type: kind,
  conditions: fc.dictionary(word, fc.uniqueArray(word, { minLength: 1, maxLength: 3 }), { maxKeys: 2 }),
});

/** What a program may write. */
export const ANY_VALUE: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  name: text,
  webhookUrl: hex(20).map((token) => `https://oapi.dingtalk.com/robot/send?access_token=${token}`),
  secret: text,
  description: text,
  atAll: fc.boolean(),
  atPersons: fc.dictionary(phone, text, { minKeys: 1, maxKeys: 4 }),
  enabled: fc.boolean(),
  userTags: fc.uniqueArray(text, { minLength: 1, maxLength: 4 }),
  tagUuids: fc.uniqueArray(uuid, { minLength: 1, maxLength: 4 }),
  locale: fc.constantFrom("zh_CN", "en_US"),
  topicUuid: uuid,
  endpointUuid: uuid,
  alarmUuid: uuid,
  subscriptionUuid: uuid,
  language: fc.constantFrom("zh", "en"),
  notificationInterval: fc.nat(),
  assetGroupIds: fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 4 }),
  alertRules: fc.uniqueArray(rule, { selector: ({ type }) => type, minLength: 1, maxLength: 2 }),
};

const webhook = (token: string) => `https://oapi.dingtalk.com/robot/send?access_token=${token.repeat(64)}`;
const uuids = (what: string) => [uuidFromKey(what, 0), uuidFromKey(what, 1)] as const;

/** The uuids that stand in {@link TWO_VALUES}, so that the objects can be put into an emulator. */
export const EXISTING = {
  pattern: uuids("pattern"),
  topic: uuids("topic"),
  endpoint: uuids("endpoint"),
  alarm: uuids("alarm"),
  subscription: uuids("events"),
};

/** Two canonical values that an emulator with the {@link EXISTING} objects takes. */
export const TWO_VALUES: Readonly<Record<string, readonly [unknown, unknown]>> = {
  name: ["one", "another"],
  webhookUrl: [webhook("a"), webhook("b")],
  secret: [`SEC${"1".repeat(64)}`, `SEC${"2".repeat(64)}`],
  description: ["said", "said otherwise"],
  atAll: [true, false],
  atPersons: [{ "+86-13900000000": "duty" }, { "+86-13900000000": "night", "+86-13911111111": "" }],
  enabled: [true, false],
  userTags: [["a", "b"], ["c"]],
  tagUuids: [[EXISTING.pattern[0]], [EXISTING.pattern[1]]],
  locale: ["zh_CN", "en_US"],
  topicUuid: EXISTING.topic,
  endpointUuid: EXISTING.endpoint,
  alarmUuid: EXISTING.alarm,
  subscriptionUuid: EXISTING.subscription,
  language: ["en", "zh"],
  notificationInterval: [7, 60],
  assetGroupIds: [["1", "2"], ["3"]],
  alertRules: [
    [{ type: "hc", conditions: { item_level: ["high"] } }],
    [{ type: "vul", conditions: { level: ["low", "medium"] } }],
  ],
};
