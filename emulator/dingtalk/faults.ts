import type { FaultForms } from "../frame/faults";
import { integer, text } from "../frame/value";

/** Turned away with this code, such as -1 for a system that is busy; nothing arrives. */
export interface DingTalkFault {
  readonly kind: "errcode";
  readonly errcode: number;
  readonly errmsg?: string;
}

const INT32_MAX = 2 ** 31 - 1;

/** What a {@link DingTalkFault} means, and its members. */
export const DINGTALK_FAULTS: FaultForms<DingTalkFault> = {
  errcode: {
    meaning: "The message is turned away with this code, such as -1 for a system that is busy.",
    members: {
      errcode: integer("DingTalk's code.", -INT32_MAX, INT32_MAX),
      errmsg: text("Its text.").optional(),
    },
  },
};
