/** The largest id; IntervalTime too is an int64 in requests and an int32 in answers. */
export const INT32_MAX = 2 ** 31 - 1;

/** One entry of ConfigList: an alert type with what is wanted of it (section 5). */
export interface AlertRule {
  readonly type: string;
  readonly configItemList: readonly { readonly key: string; readonly valueList: readonly string[] }[];
}

/** A language of messages (section 4.1). */
export type Language = "zh" | "en";

/** A DingTalk robot as the back end keeps it (14.4); how it is shown is a matter of switches. */
export interface Robot {
  /** int32, increasing, never used twice. */
  id: number;
  actionName: string;
  /** Complete, with its token. */
  url: string;
  /** `undefined`: never given. */
  configList: readonly AlertRule[] | undefined;
  /** `undefined`: never given. */
  groupIdList: readonly string[] | undefined;
  intervalTime: number;
  dingTalkLang: Language;
  /** 0 disabled, 1 enabled. */
  status: 0 | 1;
  aliUid: number;
  /** Epoch milliseconds on the emulator's clock. */
  gmtCreate: number;
  gmtModified: number;
}

/** An asset group (section 4.6). */
export interface AssetGroup {
  groupId: number;
  groupName: string;
  /** 0: the default group. */
  groupFlag: 0 | 1;
  machineNum: number;
}

/** An access key; with `securityToken` it is one of an STS session. */
export interface AccessKey {
  accessKeyId: string;
  accessKeySecret: string;
  /** The account (AliUid) that the key acts for. */
  accountId: string;
  status: "Active" | "Inactive";
  securityToken: string | undefined;
  /** End of the STS session on the emulator's clock; a key without it never ends. */
  expiresMs: number | undefined;
}

/** A test message that DingTalkOnlineTest was asked to send, and what the group said. */
export interface TestMessage {
  /** 1, 2, 3 … in order. */
  number: number;
  robotId: number;
  url: string;
  /** DingTalk's code, 0 when it arrived; `undefined` when nothing was sent, or nobody answered. */
  errcode: number | undefined;
  atMs: number;
}
