import { kindOf, type FieldType } from "./field-types";
import { UNKNOWN } from "./unknown";

/** The host of DingTalk's own robots. Relays in private networks have others. */
const DINGTALK_HOST = "oapi.dingtalk.com";

/**
 * The webhook of a DingTalk robot: what the robot's settings page shows, unchanged. Refuses what is certainly a mistake
 * and warns of what is probably one. Never quotes the URL, because its token is a secret.
 */
export function webhookUrl(limits: { readonly maxChars?: number } = {}): FieldType<string> {
  return {
    label: limits.maxChars === undefined ? "URL" : `URL, at most ${limits.maxChars} characters`,
    normalise: (value, path, report) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (typeof value !== "string") {
        report.refuse(path, `must be a string, but is ${kindOf(value)}.`);
        return undefined;
      }
      const url = value.trim();
      if (url === "") {
        return undefined;
      }
      const refusal = reasonToRefuse(url, limits.maxChars);
      if (refusal !== undefined) {
        report.refuse(path, refusal);
        return undefined;
      }
      const { hostname, searchParams } = new URL(url);
      if (hostname !== DINGTALK_HOST) {
        report.warn(path, `does not point to ${DINGTALK_HOST}. That is right for a relay only.`);
      } else if (!searchParams.has("access_token")) {
        report.warn(path, "has no access_token, without which DingTalk refuses every message.");
      }
      return url;
    },
  };
}

/** Whether a webhook carries a query string, to which a signature can be appended with `&`. */
export function hasQuery(url: string): boolean {
  return url.includes("?");
}

function reasonToRefuse(url: string, maxChars: number | undefined): string | undefined {
  if (/\s/.test(url)) {
    return "must not contain white space. Copy the webhook again, in one piece.";
  }
  if (!/^https?:\/\//i.test(url)) {
    return "must start with https:// or http://. Copy the whole webhook from the robot's settings in DingTalk.";
  }
  if (maxChars !== undefined && url.length > maxChars) {
    return `must be at most ${maxChars} characters long, but has ${url.length}.`;
  }
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return "is not a valid URL. Copy the whole webhook from the robot's settings in DingTalk.";
  }
  if (parsed.username !== "" || parsed.password !== "") {
    return "must not hold a user name or password.";
  }
  const token = parsed.searchParams.get("access_token") ?? "";
  if (token.includes(",") || parsed.searchParams.getAll("access_token").length > 1 || /,https?:/i.test(url)) {
    return "must be the webhook of one robot. Declare one resource for each robot.";
  }
  if (parsed.searchParams.has("timestamp") || parsed.searchParams.has("sign")) {
    return "must not hold timestamp or sign: they are made anew for every message. Remove them, and give the signing secret as `secret` where the resource has that argument.";
  }
  return undefined;
}
