import { header, type WireRequest } from "../frame/exchange";
import type { Message } from "./entities";
import { missing, missingMember, refuse } from "./errors";

type Members = Readonly<Record<string, unknown>>;

/** What a message says, and to whom. */
export type Content = Pick<Message, "msgtype" | "title" | "text" | "atMobiles" | "atUserIds" | "isAtAll">;

/** The members that a type of message must have, all of them text; the last one is what is shown. */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    text: ["content"],
    markdown: ["title", "text"],
    link: ["title", "messageUrl", "text"],
    actionCard: ["title", "text"],
  }),
);

/** Reads the body of a message, or refuses it as DingTalk does. */
export function readMessage(request: WireRequest, maxBytes: number): Content {
  const type = header(request, "content-type") ?? "";
  if (!/^application\/json\b/i.test(type)) {
    refuse(43004, "无效的HTTP HEADER Content-Type");
  }
  if (request.body.length > maxBytes) {
    refuse(460101, `message too long, exceed ${String(maxBytes)} bytes`);
  }
  const body = parse(request.body.toString("utf8")) ?? missing("json");
  const msgtype = textOf(body.msgtype) ?? missing("msgtype");
  return { msgtype, ...shown(msgtype, body), ...mentions(body.at) };
}

function shown(msgtype: string, body: Members): Pick<Content, "title" | "text"> {
  const part = membersOf(body[msgtype]);
  if (msgtype === "feedCard") {
    const links = Array.isArray(part?.links) ? part.links.map(membersOf) : missingMember(msgtype, "links");
    return { title: undefined, text: links.map((link) => textOf(link?.title) ?? "").join("\n") };
  }
  const required = REQUIRED.get(msgtype);
  if (required === undefined) {
    refuse(400105, "不支持的消息类型");
  }
  const values = required.map((name) => textOf(part?.[name]) ?? missingMember(msgtype, name));
  return { title: textOf(part?.title), text: values.at(-1) ?? "" };
}

/** Whom a message mentions. UNVERIFIED: wrong forms are passed over. */
function mentions(value: unknown): Pick<Content, "atMobiles" | "atUserIds" | "isAtAll"> {
  const at = membersOf(value);
  return {
    atMobiles: textsOf(at?.atMobiles),
    atUserIds: textsOf(at?.atUserIds),
    isAtAll: at?.isAtAll === true || at?.isAtAll === "true",
  };
}

function parse(text: string): Members | undefined {
  try {
    return membersOf(JSON.parse(text));
  } catch {
    // The only complaint of the parser is text that is no JSON, which is what is being asked.
    return undefined;
  }
}

function membersOf(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
