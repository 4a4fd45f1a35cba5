import type { Clock } from "../frame/clock";
import type { WireReply, WireRequest } from "../frame/exchange";
import type { Described } from "../frame/journal";
import { redactText, redactValue } from "../frame/redact";
import type { Answer } from "../frame/site";
import type { Group } from "./entities";
import { missing, refuse, Refused } from "./errors";
import type { DingTalkFault } from "./faults";
import { readMessage } from "./message";
import { checkAddress, checkKeywords, verifySignature } from "./security";
import type { Store } from "./store";
import type { DingTalkSwitches } from "./switches";
import { Throttle } from "./throttle";

/** The address of all robots; the token says which one. */
export const SEND_PATH = "/robot/send";
/** The name under which messages stand in the journal; DingTalk has none. */
export const SEND_OPERATION = "SendRobotMessage";

/** The part of DingTalk that takes the messages of custom robots. */
export class Receiver {
  private readonly store: Store;
  private readonly switches: DingTalkSwitches;
  private readonly clock: Clock;
  private readonly throttle: Throttle;

  constructor(store: Store, switches: DingTalkSwitches, clock: Clock) {
    this.store = store;
    this.switches = switches;
    this.clock = clock;
    this.throttle = new Throttle(clock);
  }

  /** Forgets what is counted. */
  reset(): void {
    this.throttle.reset();
  }

  /** What a request is, for journal and faults. */
  describe(request: WireRequest): Described {
    const isMessage = request.path === SEND_PATH && request.method === "POST";
    return {
      path: redactText(request.path),
      auth: request.query.has("access_token") ? "other" : "none",
      // People see it.
      changing: isMessage,
      ...(isMessage ? { operation: SEND_OPERATION, body: redactValue(bodyOf(request)) } : {}),
    };
  }

  /** Answers a request: HTTP 200 and an `errcode`, whatever happened. */
  handle(request: WireRequest, fault: DingTalkFault | undefined): Answer {
    try {
      if (fault !== undefined) {
        refuse(fault.errcode, fault.errmsg ?? "the message was made to be refused");
      }
      this.receive(request);
      return { reply: answer(0, "ok") };
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      const { errcode, message: errmsg } = error;
      const token = request.query.get("access_token") ?? undefined;
      this.store.refusals.add({ token, errcode, errmsg });
      return { reply: answer(errcode, errmsg) };
    }
  }

  /** UNVERIFIED: the order of the checks. */
  private receive(request: WireRequest): void {
    if (request.path !== SEND_PATH) {
      refuse(404, "请求的URI地址不存在");
    }
    if (request.method !== "POST") {
      refuse(43002, "需要POST请求");
    }
    const token = request.query.get("access_token") ?? "";
    if (token === "") {
      missing("access_token");
    }
    const group = this.groupOf(token);
    if (!group.enabled) {
      refuse(400102, "机器人已停用");
    }
    checkAddress(request, group);
    const { timestampWindowMs, maxMessageBytes } = this.switches;
    const signed = verifySignature(request, group, this.clock.now(), timestampWindowMs);
    const content = readMessage(request, maxMessageBytes);
    checkKeywords(`${content.title ?? ""}\n${content.text}`, group);
    this.throttle.admit(token, this.switches);
    this.store.messages.add({ token, ...content, signed });
  }

  private groupOf(token: string): Group {
    const group = this.store.groups.row(token);
    if (group !== undefined) {
      return group;
    }
    const { unknownToken } = this.switches;
    if (unknownToken === "newGroup") {
      return this.store.groups.add({ token, name: `made for its first message` });
    }
    return refuse(Number(unknownToken), "token is not exist");
  }
}

function answer(errcode: number, errmsg: string): WireReply {
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ errcode, errmsg }),
  };
}

function bodyOf(request: WireRequest): unknown {
  const text = request.body.toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    // For the journal only: a body that does not parse is shown as it came.
    return text;
  }
}
