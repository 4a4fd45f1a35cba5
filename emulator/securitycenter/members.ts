import {
  choice,
  integer,
  list,
  moment,
  object,
  other,
  text,
  word,
  type Members,
  type Value,
} from "../frame/value";
import {
  INT32_MAX,
  type AccessKey,
  type AlertRule,
  type AssetGroup,
  type Robot,
  type TestMessage,
} from "./entities";

/** What may be said of each kind of object that a site holds. */

const ITEM: Members<AlertRule["configItemList"][number]> = {
  key: text("The key, such as item_level."),
  valueList: list("Its values.", text("")),
};

const ALERT_RULE: Members<AlertRule> = {
  type: text("The alert type."),
  configItemList: list("Keys with their values.", object("A key.", ITEM, "member of a configItemList")),
};

export const ROBOT: Members<Robot> = {
  id: integer("Its id; the next free one by default.", 1, INT32_MAX),
  actionName: text("Its name."),
  url: text("Its webhook."),
  configList: list(
    "The alerts that it sends.",
    object("An alert type.", ALERT_RULE, "member of an alert rule"),
  ).optional(),
  groupIdList: list(
    "Ids of the asset groups whose alerts it sends.",
    text("", /^\d+$/, "text of digits"),
  ).optional(),
  intervalTime: integer("Minutes between messages.", 0, INT32_MAX),
  dingTalkLang: choice("Language of its messages.", ["zh", "en"]),
  status: choice("0 disabled, 1 enabled.", [0, 1]),
  aliUid: integer("The account that it belongs to; the emulator's by default.", 1),
  gmtCreate: moment("When it was created; now by default."),
  gmtModified: moment("When it was changed last; gmtCreate by default."),
};

export const ASSET_GROUP: Members<AssetGroup> = {
  groupId: integer("Its id; the next free one by default.", 1),
  groupName: text("Its name."),
  groupFlag: choice("0: the default group.", [0, 1]),
  machineNum: integer("Machines in it.", 0),
};

export const TEST_MESSAGE: Members<TestMessage> = {
  number: integer("1, 2, 3 … in order.", 1),
  robotId: integer("The robot.", 0, INT32_MAX),
  url: text("Where it went."),
  errcode: integer(
    "DingTalk's code; absent when nothing was sent, or nobody answered.",
    -INT32_MAX,
    INT32_MAX,
  ).optional(),
  atMs: moment("When."),
};

/** AliUid of an account. Answers carry it as a number. */
export const accountId = (meaning: string): Value<string> =>
  other(
    meaning,
    "text of at most 16 digits, within 2^53",
    (given) =>
      typeof given === "string" && /^[1-9]\d{0,15}$/.test(given) && Number.isSafeInteger(Number(given)),
  );

export const ACCESS_KEY: Members<AccessKey> = {
  accessKeyId: word("Its id; a random one by default."),
  accessKeySecret: word("What callers sign with; a random one by default."),
  accountId: accountId("The account that it acts for; the emulator's by default."),
  status: choice("Whether it is accepted.", ["Active", "Inactive"]),
  securityToken: word("The token of an STS session; a key without it is no temporary one.").optional(),
  expiresMs: moment("End of the STS session.").optional(),
};
