/** Turned away with this code, such as -1 for a system that is busy; nothing arrives. */
export interface DingTalkFault {
  readonly kind: "errcode";
  readonly errcode: number;
  readonly errmsg?: string;
}

/** The kinds of {@link DingTalkFault}. */
export const DINGTALK_FAULT_KINDS: readonly DingTalkFault["kind"][] = ["errcode"];
