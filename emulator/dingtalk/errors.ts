/**
 * What a robot's webhook answers, with HTTP 200 whatever happened.
 *
 * Sources: DingTalk's own page "custom robots" (20 messages a minute, then ten minutes of nothing; the one-hour window;
 * 310000 for keywords, signature and address) and its table of codes (40035, 43004, 400102, 400105, 410100), both as
 * public code quotes them; answers that users of robots reported: 300001 and 300005 for an unknown token, 130101 for
 * too many, 40035 with "json" for a body that does not parse, 400402 for a member that is missing, 43002 for a GET.
 * None of it was tried against DingTalk here. Programs must decide on `errcode`: the texts change.
 */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly errcode: number;

  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

/** Turns a message away. */
export function refuse(errcode: number, errmsg: string): never {
  throw new Refused(errcode, errmsg);
}

/** A parameter of the address or the whole body is missing or cannot be read. */
export function missing(name: string): never {
  refuse(40035, `缺少参数 ${name}`);
}

/** A member of the message is missing or has the wrong form. */
export function missingMember(msgtype: string, member: string): never {
  refuse(400402, `错误描述:参数 ${msgtype} --》 ${member} 缺失,或者参数格式不正确`);
}

/** One of the security settings that a robot can have does not let the message through. */
export function insecure(errmsg: string): never {
  refuse(310000, errmsg);
}
