import { text, type FieldType } from "./field-types";
import { wrongKind, type Shape } from "../shape";
import {
  hiddenCharacterIn,
  holdsUndefined,
  isNothing,
  looksLikePlaceholder,
  nothingReason,
  slipIn,
  trimmed,
} from "../plain-text";
import type { Findings } from "./findings";
import { UNKNOWN } from "./unknown";

/** The host that takes the messages of DingTalk's own robots, and what its webhooks are made of. Relays have other hosts. */
const ROBOT_HOST = "oapi.dingtalk.com";
const DINGTALK_DOMAIN = /(?:^|\.)dingtalk\.com$/;
const SEND_PATH = "/robot/send";
const TOKEN = /^[0-9a-f]{64}$/i;
const SIGNING_SECRET = /^SEC[0-9a-f]{64}$/;

const COPY = "Copy the whole webhook from the robot's settings in DingTalk.";
const ONE_ROBOT = "must be the webhook of one robot. Declare one resource for each robot.";

/** What a webhook may be, and what the resource can do with it. */
export interface WebhookLimits {
  readonly maxChars?: number;
  /** Whether the resource has the argument `secret`. */
  readonly canSign?: boolean;
}

/**
 * The webhook of a DingTalk robot: what the robot's settings page shows, unchanged. Refuses what can never work and warns of what is
 * probably a mistake: much at DingTalk's own host, whose webhooks are known, and little at a relay's. Never quotes the URL, because its
 * token is a secret.
 */
export function webhookUrl(limits: WebhookLimits = {}): FieldType<string> {
  const shape: Shape = { kind: "text", form: "URL", maxChars: limits.maxChars };
  return {
    shape,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (typeof value !== "string") {
        findings.refuse(path, wrongKind(shape, value));
        return undefined;
      }
      const url = trimmed(value);
      if (url === "") {
        return undefined;
      }
      const refusal = reasonToRefuse(url, limits);
      if (refusal !== undefined) {
        findings.refuse(path, refusal);
        return undefined;
      }
      for (const reason of isDingTalk(new URL(url)) ? doubtsAtDingTalk(url, limits) : doubtsAtRelay(url)) {
        findings.warn(path, reason);
      }
      return url;
    },
  };
}

/**
 * The signing secret of a DingTalk robot. Refuses characters that nobody sees, because a signature made with them never matches, and warns
 * of other forms than DingTalk's.
 */
export function signingSecret(limits: { readonly maxChars: number }): FieldType<string> {
  const plain = text(limits);
  return {
    shape: plain.shape,
    normalise: (value, path, findings) => {
      const hidden = typeof value === "string" ? hiddenSlipIn(trimmed(value)) : undefined;
      if (hidden !== undefined) {
        findings.refuse(path, hidden);
        return undefined;
      }
      const secret = plain.normalise(value, path, findings);
      if (typeof secret === "string") {
        warnOfSecret(secret, path, findings);
      }
      return secret;
    },
  };
}

/** Whether a signature can be appended to a webhook with `&`: it has a query string, and nothing behind it. */
export function hasQuery(url: string): boolean {
  return url.includes("?") && !url.includes("#");
}

/** The words of a slip go before: they hold line breaks. */
function hiddenSlipIn(text: string): string | undefined {
  return slipIn(text) ?? hiddenCharacterIn(text);
}

function warnOfSecret(secret: string, path: string, findings: Findings): void {
  if (looksLikePlaceholder(secret)) {
    findings.warn(
      path,
      "looks like the placeholder of an example. Put in the signing secret of your own robot.",
    );
  } else if (!SIGNING_SECRET.test(secret)) {
    findings.warn(
      path,
      "does not look like a signing secret of DingTalk's, which is SEC and 64 hex digits. That is right for a relay only.",
    );
  }
}

function isDingTalk({ hostname }: URL): boolean {
  return DINGTALK_DOMAIN.test(hostname.replace(/\.$/, ""));
}

function reasonToRefuse(url: string, { maxChars }: WebhookLimits): string | undefined {
  const slip = slipInUrl(url);
  if (slip !== undefined) {
    return slip;
  }
  if (/[ \t\n\r]/.test(url)) {
    return "must not contain white space. Copy the webhook again, in one piece.";
  }
  const hidden = hiddenCharacterIn(url);
  if (hidden !== undefined) {
    return hidden;
  }
  if (!/^https?:\/\//i.test(url)) {
    return `must start with https:// or http://. ${COPY}`;
  }
  if (maxChars !== undefined && url.length > maxChars) {
    return `must be at most ${maxChars} characters long, but has ${url.length}. ${COPY}`;
  }
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return `is not a valid URL. ${COPY}`;
  }
  if (parsed.username !== "" || parsed.password !== "") {
    return "must not hold a user name or password. Remove what stands before the @.";
  }
  const tokens = parsed.searchParams.getAll("access_token");
  if (tokens.some((token) => token.includes(",")) || tokens.length > 1 || /,https?:/i.test(url)) {
    return ONE_ROBOT;
  }
  if (parsed.searchParams.has("timestamp") || parsed.searchParams.has("sign")) {
    return "must not hold timestamp or sign: they are made anew for every message. Remove them, and give the signing secret as `secret` where the resource has that argument.";
  }
  return isDingTalk(parsed) ? reasonToRefuseAtDingTalk(url, parsed, tokens[0]) : undefined;
}

/** What was put into the URL may have been encoded on the way. */
function slipInUrl(url: string): string | undefined {
  const readable = decoded(url.replaceAll("+", " "));
  const slip = slipIn(readable);
  if (slip !== undefined) {
    return slip;
  }
  const nothing = holdsUndefined(readable) ? "undefined" : readable.split(/[/?&=#]/).find(isNothing);
  if (nothing !== undefined) {
    return nothingReason(nothing);
  }
  return readable.includes("${")
    ? "holds ${…} as it stands in the program, not its value. Put the text in backquotes (`…`), or let the shell replace it before it gets here."
    : undefined;
}

function reasonToRefuseAtDingTalk(url: string, parsed: URL, token: string | undefined): string | undefined {
  if (url.includes("…")) {
    return `holds the … of an example where the rest of the token belongs. ${COPY}`;
  }
  if (/[^\x21-\x7e]/.test(url)) {
    return `must consist of Latin letters, digits and signs at DingTalk's host, but has other characters. ${COPY}`;
  }
  if (/[<>]/.test(url)) {
    return `must not contain angle brackets, as placeholders do. ${COPY}`;
  }
  if (/["'`\\]/.test(url)) {
    return "must not contain quotes or backslashes. Remove them: they belong to the program or the shell.";
  }
  if (url.includes("#")) {
    return "must not contain a fragment (#…): what ZStack appends would land in it. Remove it.";
  }
  if (/^https?:\/\/[^/?]*@/i.test(url)) {
    return "must not hold a user name or password. Remove what stands before the @.";
  }
  if (/https?:\/\//i.test(decoded(url).slice("http://".length))) {
    return ONE_ROBOT;
  }
  if (/^https?:\/{3}/i.test(url)) {
    return `must have two slashes before the host. ${COPY}`;
  }
  if (token !== undefined && token !== "" && !/^[\x21-\x7e]*\S$/.test(token)) {
    return `has encoded blanks or other invisible characters in its access_token. ${COPY}`;
  }
  if (token?.trim() === "") {
    return `has an empty access_token, with which DingTalk refuses every message. ${COPY}`;
  }
  if (token === undefined && parsed.pathname === SEND_PATH) {
    return `has no access_token, without which DingTalk refuses every message. ${COPY}`;
  }
  return undefined;
}

function doubtsAtDingTalk(url: string, { canSign = false }: WebhookLimits): string[] {
  const { protocol, hostname, port, pathname, searchParams } = new URL(url);
  const doubts: string[] = [];
  if (hostname !== ROBOT_HOST) {
    doubts.push(
      `points to another host of DingTalk's than ${ROBOT_HOST}, which takes the messages of robots. ${COPY}`,
    );
  }
  if (pathname !== SEND_PATH) {
    doubts.push(`does not have the path ${SEND_PATH}, where DingTalk takes the messages of robots. ${COPY}`);
  }
  const token = searchParams.get("access_token");
  if (token === null) {
    doubts.push(`has no access_token, without which DingTalk refuses every message. ${COPY}`);
  } else if (!TOKEN.test(token)) {
    doubts.push(
      looksLikePlaceholder(token)
        ? "has the placeholder of an example where the access_token belongs. Put in the webhook of your own robot."
        : `has an access_token that is not 64 hex digits, as DingTalk's are. ${COPY}`,
    );
  }
  if (protocol === "http:") {
    doubts.push("starts with http://, so that the token travels in clear. Write https://.");
  }
  if (port !== "") {
    doubts.push("names a port, which DingTalk's webhooks do not. Remove it.");
  }
  if (searchParams.has("secret")) {
    doubts.push(
      canSign
        ? "holds secret=…, which DingTalk ignores. Remove it from the URL, and give it as the argument secret."
        : "holds secret=…, which DingTalk ignores, and nothing here can sign. Remove it, and set the robot's security to a custom keyword in DingTalk.",
    );
  }
  return doubts;
}

function doubtsAtRelay(url: string): string[] {
  const { pathname, searchParams } = new URL(url);
  const last = pathname.split("/").at(-1) ?? "";
  const values = [decoded(last), ...searchParams.values()];
  return [
    `does not point to ${ROBOT_HOST}. That is right for a relay only.`,
    ...(values.some(looksLikePlaceholder)
      ? ["holds what looks like the placeholder of an example. Put in the real value."]
      : []),
  ];
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // Not encoded, or not as UTF-8: what stands there is looked at.
    return url;
  }
}
