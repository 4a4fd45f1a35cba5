import { createHmac, timingSafeEqual } from "node:crypto";
import { header, type WireRequest } from "../../frame/exchange";
import type { AuthKind } from "../../frame/journal";
import { accessKeys } from "./access-key";
import { parseDateHeader, skewMs } from "./access-key-date";
import type { Caller, Context } from "./context";
import { fail, TextFailure } from "./errors";
import { sessions } from "./session";

/** Half-width of the window for the Date of access-key calls (section 2.4). */
const ACCESS_KEY_WINDOW_MS = 15 * 60 * 1000;

/** Who says to call: a session that is not looked up yet, or an account proven by a signature. */
export type Credential =
  | { readonly kind: "session"; readonly sessionUuid: string }
  | { readonly kind: "accessKey"; readonly accountUuid: string };

/** What the Authorization header claims, for the journal. */
export function authKind(request: WireRequest): AuthKind {
  const value = header(request, "authorization");
  if (value === undefined) {
    return "none";
  }
  if (value.startsWith("OAuth ")) {
    return "session";
  }
  return value.startsWith("ZStack ") ? "accessKey" : "other";
}

/**
 * The REST layer's look at `Authorization` (sections 2.3, 2.4, 12.4). A session is taken as it is:
 * whether it lives is asked later, inside of the call.
 * @param path decoded path after the context path, beginning with /v1
 */
export function readCredential(request: WireRequest, path: string, context: Context): Credential {
  const value = header(request, "authorization");
  if (value === undefined) {
    throw new TextFailure(400, "missing header 'Authorization'");
  }
  const space = value.indexOf(" ");
  const scheme = space < 0 ? value : value.slice(0, space);
  const rest = space < 0 ? "" : value.slice(space + 1).trim();
  if (scheme === "OAuth" && rest !== "") {
    return { kind: "session", sessionUuid: rest };
  }
  if (scheme !== "ZStack" || rest === "") {
    throw new TextFailure(400, `Authorization type must be 'OAuth', got an unknown type or no value`);
  }
  return { kind: "accessKey", accountUuid: verifySignature(request, rest, path, context) };
}

function verifySignature(request: WireRequest, credential: string, path: string, context: Context): string {
  const date = header(request, "date");
  if (date === undefined) {
    throw new TextFailure(400, "missing header 'Date'");
  }
  const parsed = parseDateHeader(date);
  if (parsed === undefined) {
    throw new TextFailure(400, `cannot parse the header 'Date': ${date}`);
  }
  const parts = credential.split(":");
  const [id = "", signature = ""] = parts;
  if (parts.length !== 2) {
    throw new TextFailure(400, "Authorization must be 'ZStack accessKeyId:signature'");
  }

  const { store, switches } = context;
  const key = store
    .of(accessKeys)
    .rows()
    .find((row) => row.accessKeyId === id);
  if (key?.state !== "Enabled" || !switches.accessKeysAvailable) {
    throw new TextFailure(403, `no enabled access key found, access key id: ${id}`);
  }
  // UNVERIFIED: whether the clock is looked at before or after the signature.
  if (Math.abs(skewMs(parsed, context.clock.now(), switches)) > ACCESS_KEY_WINDOW_MS) {
    throw new TextFailure(403, "requestTimeTooSkewed");
  }
  const expected = sign(key.accessKeySecret, request.method, date, path);
  if (!sameText(expected, signature)) {
    throw new TextFailure(403, "wrong accessKey signature");
  }
  return key.accountUuid;
}

/** The signature of a call: HMAC-SHA1 over method, Date and path, base64 (section 2.4). */
export function sign(secret: string, method: string, date: string, path: string): string {
  return createHmac("sha1", secret).update(`${method}\n${date}\n${path}`).digest("base64");
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Looks the session up and pushes its end (section 2.2); a dead or unknown one is ID.1001. */
export function authorize(credential: Credential, context: Context): Caller {
  const { store, clock, switches } = context;
  if (credential.kind === "accessKey") {
    return callerOf(credential.accountUuid, context);
  }
  const table = store.of(sessions);
  const session = table.row(credential.sessionUuid);
  if (session === undefined || session.expiresMs <= clock.now()) {
    table.remove(credential.sessionUuid);
    fail("ID.1001", "Session expired", "会话已过期");
  }
  session.expiresMs = Math.max(session.expiresMs, clock.now() + switches.sessionTimeoutSeconds * 1000);
  return callerOf(session.accountUuid, context);
}

function callerOf(accountUuid: string, { switches, accountUuid: own }: Context): Caller {
  return { accountUuid, admin: switches.admin && accountUuid === own };
}

/** Whether the caller may run the operation at all (ID.1002). */
export function permit(operation: string, { switches }: Context): void {
  const { deniedOperations } = switches;
  if (deniedOperations.includes("*") || deniedOperations.includes(operation)) {
    fail("ID.1002", `${operation} is not permitted`, `没有权限执行${operation}`);
  }
}
