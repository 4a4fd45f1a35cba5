import { amount, choice, type SwitchValues } from "../frame/switches";

/** Every quirk and every unknown of DingTalk's robots that can be set either way. */
export const DINGTALK_SWITCHES = {
  unknownToken: choice(
    'A token that no group has: the errcode it is refused with, or "newGroup" makes a group for it without any security setting.',
    ["300005", "300001", "newGroup"],
    "300005",
    "dingtalk/errors.ts",
  ),
  messagesPerMinute: amount(
    "Messages that a robot may send in a minute; one more, and it is throttled.",
    20,
    "dingtalk/errors.ts",
    1,
  ),
  throttleMs: amount(
    "Milliseconds on the emulator's clock that a throttled robot sends nothing.",
    600_000,
    "dingtalk/errors.ts",
  ),
  tooFastCode: choice(
    "errcode of a message that is one too many.",
    [130101, 410100],
    130101,
    "dingtalk/errors.ts",
  ),
  timestampWindowMs: amount(
    "How far the timestamp of a signature may be from now, in milliseconds on the emulator's clock.",
    3_600_000,
    "dingtalk/errors.ts",
    1,
  ),
  maxMessageBytes: amount(
    "UNVERIFIED: bytes of a message's body; a longer one is refused with 460101.",
    20_000,
    "dingtalk/errors.ts",
    1,
  ),
};

/** The values of the DingTalk switches. */
export type DingTalkSwitches = SwitchValues<typeof DINGTALK_SWITCHES>;
