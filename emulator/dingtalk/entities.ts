/** A group with a custom robot in it, as DingTalk knows it. */
export interface Group {
  /** The `access_token` of the robot's webhook. */
  token: string;
  name: string;
  /** The robot's signing secret (`SEC…`); without one, signatures are not looked at. */
  secret: string | undefined;
  /** A message must contain one of them; none is no rule. */
  keywords: readonly string[];
  /** Addresses that may post; none is no rule. */
  allowedAddresses: readonly string[];
  /** Off, the robot is stopped. */
  enabled: boolean;
}

/** A message that arrived in a group. */
export interface Message {
  /** 1, 2, 3 … in order of arrival, over all groups. */
  number: number;
  /** The group's. */
  token: string;
  /** `text`, `markdown`, `link`, `actionCard` or `feedCard`. */
  msgtype: string;
  title: string | undefined;
  text: string;
  /** Phone numbers as they were sent. */
  atMobiles: readonly string[];
  atUserIds: readonly string[];
  isAtAll: boolean;
  /** True when it came with a signature that was verified. */
  signed: boolean;
  /** Epoch milliseconds on the emulator's clock. */
  atMs: number;
}

/** A message that was turned away. */
export interface Refusal {
  /** 1, 2, 3 … in order of arrival. */
  number: number;
  /** What the webhook had for a token; `undefined` without one. */
  token: string | undefined;
  errcode: number;
  errmsg: string;
  atMs: number;
}
