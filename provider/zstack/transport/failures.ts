import { z } from "zod";
import type { HttpResponse } from "../../core/transport/http";
import {
  ApiError,
  isApiFailure,
  NetworkError,
  ReplyShapeError,
  TimeoutError,
  type ApiFailure,
  type ProviderError,
} from "../../core/errors";
import { shortened } from "../../core/redact";

/** The error codes this client decides on (fact sheet 4.2). Texts are localised and never decided on. */
export const Code = {
  /** Unhandled server error; also a uuid or a subscription that exists already. */
  INTERNAL: "SYS.1000",
  /** The server's own limit passed; the work may still have been done. */
  TIMEOUT: "SYS.1001",
  NOT_FOUND: "SYS.1003",
  OPERATION_FAILED: "SYS.1006",
  INVALID_ARGUMENT: "SYS.1007",
  DUPLICATE_TAG: "TAG.1000",
  LOGIN_FAILED: "ID.1000",
  SESSION_INVALID: "ID.1001",
  PERMISSION_DENIED: "ID.1002",
  QUOTA_EXCEEDED: "ID.1003",
  TOO_MANY_SESSIONS: "ID.1006",
} as const;

/** The management node is starting, moving or down: worth another question. */
export const BUSY_CODES: readonly string[] = ["SYS.1009", "SYS.1010", "SYS.1011", "SYS.1012"];

/** Codes of our own for refusals that come as bare text, which carry no code of the service's. */
export const TextCode = {
  KEY_UNKNOWN: "ACCESS_KEY_UNKNOWN",
  KEY_SIGNATURE: "ACCESS_KEY_SIGNATURE",
  KEY_SKEW: "ACCESS_KEY_TIME_SKEWED",
  NO_SUCH_API: "NO_API_MAPPING",
} as const;

/** An error as the service writes it. */
export interface ErrorBody {
  readonly code: string;
  readonly description?: string | undefined;
  readonly details?: string | undefined;
  readonly cause?: ErrorBody | undefined;
  readonly causes?: readonly ErrorBody[] | undefined;
}

const errorBody: z.ZodType<ErrorBody> = z.lazy(() =>
  z.object({
    code: z.string(),
    description: z.string().optional().catch(undefined),
    details: z.string().optional().catch(undefined),
    cause: errorBody.optional().catch(undefined),
    causes: z.array(errorBody).optional().catch(undefined),
  }),
);

/** The error of a reply that carries one, whatever its status: ZStack answers every API error with 503 and JSON. */
export function errorIn(json: unknown): ErrorBody | undefined {
  const parsed = z.object({ error: errorBody }).safeParse(json);
  if (parsed.success) {
    return parsed.data.error;
  }
  const failed = z.object({ success: z.literal(false) }).safeParse(json);
  return failed.success ? { code: "UNKNOWN", details: "The answer says success: false." } : undefined;
}

/** The innermost explanation of a nested error: the outer ones only repeat that something failed. */
export function deepestDetails(error: ErrorBody): string {
  const inner = error.cause ?? error.causes?.[0];
  const below = inner === undefined ? undefined : deepestDetails(inner);
  return below === undefined || below === "" ? (error.details ?? error.description ?? "") : below;
}

/** What a failing code means to a user and what to do next. Every code has a next step, also one that is not known. */
export function explain(code: string, action: string): { readonly why: string; readonly hint: string } {
  switch (code) {
    case Code.LOGIN_FAILED:
      return {
        why: "ZStack refused the login: account name or password is wrong",
        hint: "Check zstack:accountName and zstack:accountPassword, or ZSTACK_ACCOUNT_NAME and ZSTACK_ACCOUNT_PASSWORD. The login was not repeated, because repeated failures can lock the account. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the password recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
      };
    case Code.SESSION_INVALID:
      return {
        why: "ZStack no longer accepts the session, and a new one was refused as well",
        hint: "If the installation allows one session per user, another login may be ending ours: use an access key, or an account of its own.",
      };
    case Code.PERMISSION_DENIED:
      return {
        why: `this account may not call ${action}`,
        hint: "Ask an administrator for the SNS and alarm permissions, or use an account that owns the object.",
      };
    case Code.QUOTA_EXCEEDED:
      return {
        why: "the account's quota is used up",
        hint: "Ask an administrator to raise the quota (sns.endpoint.num for endpoints), or remove objects that are no longer needed.",
      };
    case Code.TOO_MANY_SESSIONS:
      return {
        why: "the account has too many open sessions",
        hint: "Wait for some to expire, end some in the console, or use an access key, which needs no session.",
      };
    case "ID.2001":
      return {
        why: "this account needs a second factor to log in",
        hint: "Use an access key, or an account without two-factor login.",
      };
    case "LOGIN_CONTROL.1000":
      return {
        why: "the account's password has expired",
        hint: "Change it in the console, then update the setting.",
      };
    case "LOGIN_CONTROL.1002":
      return { why: "the account is locked", hint: "Wait until the lock ends, or ask an administrator." };
    case "LOGIN_CONTROL.1003":
    case "LOGIN_CONTROL.1005":
      return {
        why: "this account must enter a captcha to log in",
        hint: "Use an access key; or log in once in the console to clear the captcha.",
      };
    case "LOGIN_CONTROL.1004":
      return {
        why: "ZStack does not accept logins from this machine's address",
        hint: "Add the address to the installation's login allow-list.",
      };
    case TextCode.KEY_UNKNOWN:
      return {
        why: "ZStack does not know the access key, or it is disabled",
        hint: "Check zstack:accessKeyId or ZSTACK_ACCESS_KEY_ID. Access keys belong to an enterprise licence; without one use an account.",
      };
    case TextCode.KEY_SIGNATURE:
      return {
        why: "ZStack computed another signature: the access key secret is wrong",
        hint: "Check zstack:accessKeySecret, ZSTACK_ACCESS_KEY_SECRET or the Provider of the program. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the secret recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
      };
    case TextCode.KEY_SKEW:
      return {
        why: "the date of the signed request is more than 15 minutes away from the management node's local clock",
        hint: "Check the clocks of both machines, and set zstack:timezone to the management node's time zone, for example Asia/Shanghai.",
      };
    case TextCode.NO_SUCH_API:
      return {
        why: `this ZStack has no ${action}`,
        hint: "The notification service (SNS) is missing in this edition or licence, or the version is too old. Check them: this package needs ZStack 5.0.0 or later.",
      };
    case Code.INTERNAL:
      return {
        why: "ZStack met an error that it does not explain further",
        hint: "Run the command again: it looks for what is there before it does anything. If it persists, look for Details in the management node's log.",
      };
    case Code.TIMEOUT:
      return {
        why: "ZStack's own time limit for it passed",
        hint: "The work may have been done all the same. Run the command again: it looks for what is there before it does anything.",
      };
    case Code.NOT_FOUND:
      return {
        why: "ZStack does not find an object that the call names",
        hint: "Details names it. If it was deleted outside Pulumi, run `pulumi up --refresh`; else check its uuid in the program, and that this account may see it.",
      };
    case Code.OPERATION_FAILED:
      return {
        why: "ZStack refused it by one of its rules",
        hint: "Details says by which. Look at the objects it names, correct the program or the objects, and run the command again.",
      };
    case Code.INVALID_ARGUMENT:
      return {
        why: "ZStack does not accept a value",
        hint: "Details says which. Correct it in the program.",
      };
    case Code.DUPLICATE_TAG:
      return {
        why: "ZStack has this tag already",
        hint: "Details names it. Run the command again: a tag that is there already is left as it is.",
      };
    default:
      return BUSY_CODES.includes(code)
        ? {
            why: "the management node is starting or not available",
            hint: "Wait until it is up, then run the command again.",
          }
        : {
            why: "ZStack answered with an error",
            hint: "Details are its own words. If they name a value, correct it in the program; else run the command again, and if it persists, look into the management node's log.",
          };
  }
}

/** Whether a failed changing call may have been executed all the same: only looking can tell. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof NetworkError || error instanceof TimeoutError || isApiFailure(error, Code.TIMEOUT);
}

/** An error for a failed call, from the service's own error body. */
export function apiErrorFrom(error: ErrorBody, action: string): ApiError {
  return apiError(error.code, action, deepestDetails(error));
}

/** An error for a failed call, from a code. `details` are the service's words. */
export function apiError(code: string, action: string, details?: string): ApiError {
  const failure: ApiFailure = { service: "ZStack", action, apiCode: code };
  const { why, hint } = explain(code, action);
  return new ApiError(failure, `${action} failed: ${why}.`, {
    facts: { Details: details === "" ? undefined : details },
    hint,
  });
}

/** An error for a reply without a usable JSON body: the server's framework, a proxy, or no ZStack at all. */
export function bareReplyError(reply: HttpResponse, action: string, endpoint: string): ProviderError {
  const text = reply.text.trim();
  if (reply.status === 404 && /no api mapping/i.test(text)) {
    return apiError(TextCode.NO_SUCH_API, action);
  }
  if (reply.status === 403) {
    const code = textCodeOf403(text);
    if (code !== undefined) {
      return apiError(code, action);
    }
  }
  if (reply.status >= 500 && isMarkup(text)) {
    return new ApiError(
      { service: "ZStack", action, apiCode: `HTTP ${reply.status}` },
      `${action} failed: ZStack, or a proxy before it, broke with status ${reply.status}.`,
      {
        facts: { Answer: "a web page" },
        hint: "Run the command again: it looks for what may have been done before it does anything. If it persists, look into the management node's log.",
      },
    );
  }
  if (
    isMarkup(text) ||
    (reply.status >= 300 && reply.status < 400) ||
    reply.status < 300 ||
    reply.status === 404
  ) {
    return new ReplyShapeError(`${endpoint} does not answer like a ZStack API.`, {
      facts: {
        Action: action,
        Status: reply.status,
        Answer: isMarkup(text) ? "a web page" : text === "" ? "empty" : "text that is not JSON",
      },
      hint: "Check the endpoint: the API listens on port 8080 below /zstack by default, while ports 5000 and 5443 are the web console. A proxy or a login page in between gives the same picture.",
    });
  }
  return new ApiError(
    { service: "ZStack", action, apiCode: `HTTP ${reply.status}` },
    `${action} failed: ZStack ${reply.status >= 500 ? "broke off" : "refused"} the request with status ${reply.status}.`,
    {
      facts: { Details: firstLine(text) },
      hint:
        reply.status >= 500
          ? "Run the command again: it looks for what may have been done before it does anything. If it persists, look into the management node's log."
          : "Check that the endpoint is a ZStack management node, and that nothing before it refuses requests; then run the command again.",
    },
  );
}

/** Access key refusals are bare text; there is no code to decide on (fact sheet 2.3). */
function textCodeOf403(text: string): string | undefined {
  if (/requestTimeTooSkewed/i.test(text)) {
    return TextCode.KEY_SKEW;
  }
  if (/signature/i.test(text)) {
    return TextCode.KEY_SIGNATURE;
  }
  return /access ?key/i.test(text) ? TextCode.KEY_UNKNOWN : undefined;
}

function isMarkup(text: string): boolean {
  return text.startsWith("<");
}

const MAX_QUOTED_CHARS = 300;

function firstLine(text: string): string | undefined {
  const line = text.split("\n", 1)[0] ?? "";
  return line === "" ? undefined : shortened(line, MAX_QUOTED_CHARS);
}
