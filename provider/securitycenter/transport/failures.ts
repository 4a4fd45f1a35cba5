import { ApiError, isApiFailure, NetworkError } from "../../core/errors";

/** How a failed call is handled. Decided on the service's code, never on the status or the text (sheet 8.2). */
export type Verdict =
  /** Refused before anything was executed: may be sent again. */
  | "throttled"
  /** The signature's nonce was used: send again with a new one. */
  | "replayed"
  /** Temporary keys are no longer accepted: renew them once. */
  | "expired-keys"
  /** Something broke on the service's side; a write may have been executed. */
  | "broken"
  /** The answer stands. */
  | "refused";

const THROTTLED = /Throttling|RequestTooFrequently|FlowControl/i;
const REPLAYED = "SignatureNonceUsed";
const EXPIRED_KEYS: readonly string[] = [
  "InvalidSecurityToken.Expired",
  "InvalidSecurityToken.Malformed",
  "InvalidSecurityToken.MismatchWithAccessKey",
  "MissingSecurityToken",
  "SecurityTokenExpired",
];
const BROKEN: readonly string[] = [
  "ServerError",
  "InternalError",
  "ServiceUnavailable",
  "SystemBusy",
  "UnknownError",
  "InnerError",
  "RdCheckInnerError",
];

const LOOKS_FIRST = "Run the command again: it looks for what may have been done before it does anything.";

/** A code of our own for an answer of which only a part arrived. */
export const UNREADABLE = "UnreadableAnswer";

/** Codes with which other operations of this product say that an object is not there. */
const NOT_FOUND: readonly string[] = ["DataNotExists", "InvalidId", "ConsoleError", "-100"];

/** What came with a failure. */
interface FailureDetails {
  readonly status: number;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The service's own words. */
  readonly message: string | undefined;
}

/** A call that the service, or something on the way, failed. */
export class SecurityCenterFailure extends ApiError {
  readonly verdict: Verdict;
  readonly retryAfterMs: number | undefined;

  constructor(action: string, code: string, { status, requestId, retryAfterMs, message }: FailureDetails) {
    const verdict = verdictOf(code, status);
    const { why, hint } = explain(code, action, verdict, status);
    super({ service: "Security Center", action, apiCode: code, requestId }, `${action} failed: ${why}.`, {
      facts: { Message: message },
      hint,
    });
    this.name = "ApiError";
    this.verdict = verdict;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether the service may mean that an object is not there. The list decides. */
export function isNotFound(error: unknown): boolean {
  return isApiFailure(error, ...NOT_FOUND);
}

/** Whether the service may mean that it does not like a value: on such it answers with a failure of its own, too (sheet 8.2). */
export function mayBeBadInput(error: unknown): boolean {
  return isApiFailure(error, "IllegalParam", "InvalidParameter", "ServerError");
}

/** Whether a failed write may have been executed all the same. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (error instanceof NetworkError) {
    return error.outcome === "unknown";
  }
  return error instanceof SecurityCenterFailure && error.verdict === "broken";
}

/** How a failure with this code is handled. */
function verdictOf(code: string, status: number): Verdict {
  if (THROTTLED.test(code) || status === 429) {
    return "throttled";
  }
  if (code === REPLAYED) {
    return "replayed";
  }
  if (EXPIRED_KEYS.includes(code)) {
    return "expired-keys";
  }
  return BROKEN.includes(code) || code === UNREADABLE || status >= 500 ? "broken" : "refused";
}

/** What a failure means to a user, and what to do next. What only the code or the status tells is not guessed further. */
function explain(
  code: string,
  action: string,
  verdict: Verdict,
  status: number,
): { readonly why: string; readonly hint: string } {
  if (code === "NoPermission" || code.startsWith("Forbidden")) {
    return {
      why: "this identity may not call it",
      hint: `Grant the RAM action yundun-sas:${action}; the README has a policy with the least rights.`,
    };
  }
  if (/^InvalidTimeStamp|^IllegalTimestamp/.test(code)) {
    return {
      why: "the request's time is more than 15 minutes off",
      hint: "Check the clock of this machine.",
    };
  }
  if (code === "SignatureDoesNotMatch") {
    return {
      why: "the signature does not match",
      hint: "Check alicloud:secretKey or the secret in the environment. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the keys recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
    };
  }
  if (code.startsWith("InvalidAccessKeyId")) {
    return {
      why: "the access key does not exist or is disabled",
      hint: "Check alicloud:accessKey or the id in the environment. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the keys recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
    };
  }
  if (verdict === "expired-keys") {
    return {
      why: "the temporary keys are not accepted",
      hint: "Get new ones, and run the command again: STS tokens expire.",
    };
  }
  if (code === "DataNotExists" || code === "InvalidId") {
    return {
      why: "Security Center does not find an object that the call names",
      hint: "If it was deleted outside Pulumi, run `pulumi up --refresh`; else check the ids in the program, and that site and account are the right ones.",
    };
  }
  if (/^(?:IllegalParam|InvalidParameter|MissingParameter)/.test(code)) {
    return {
      why: "Security Center does not accept a value",
      hint: "Message says which. Correct it in the program.",
    };
  }
  if (code === "InvalidAction.NotFound" || code.startsWith("InvalidVersion")) {
    return {
      why: `the service at this endpoint has no ${action}`,
      hint: "Check securitycenter:endpoint and securitycenter:site.",
    };
  }
  if (verdict === "replayed") {
    return { why: "the request arrived twice", hint: LOOKS_FIRST };
  }
  if (/^(?:FreeVersionNotPermit|NotBuy|NeedBuy)$/.test(code)) {
    return {
      why: "the account's edition of Security Center is too low",
      hint: "Upgrade it: DingTalk robots need the Enterprise or Ultimate edition.",
    };
  }
  switch (verdict) {
    case "throttled":
      return {
        why: "too many requests",
        hint: "Run the command again later: it takes up where this one ended.",
      };
    case "broken":
      return explainBroken(code, status);
    default:
      return {
        why: "Security Center refused the request",
        hint: "Message has its words. If they name a value, correct it in the program; else check the account's edition, since DingTalk robots need Enterprise or Ultimate.",
      };
  }
}

function explainBroken(code: string, status: number): { readonly why: string; readonly hint: string } {
  if (code === UNREADABLE) {
    return {
      why: "the answer was cut off, so that it is not known what was done",
      hint: `${LOOKS_FIRST} If it persists, look at the proxy or the network in between.`,
    };
  }
  if (code === `HTTP ${status}`) {
    return [502, 503, 504].includes(status)
      ? {
          why: `no answer of Security Center's came, but status ${status}, as a proxy or gateway gives it`,
          hint: `${LOOKS_FIRST} If it persists, check securitycenter:endpoint and the proxy in between.`,
        }
      : {
          why: `Security Center, or something in between, broke off with status ${status} and no code`,
          hint: `${LOOKS_FIRST} If it persists, check the proxy in between, or give the RequestId to Alibaba Cloud support.`,
        };
  }
  // Documented as the answer to bad input, too (sheet 8.2).
  return code === "ServerError"
    ? {
        why: "Security Center reports a failure of its own, with the code that it also has for values it does not like",
        hint: `${LOOKS_FIRST} If it persists, check the values in the program, or give the RequestId to Alibaba Cloud support.`,
      }
    : {
        why: "Security Center reports a failure of its own",
        hint: `${LOOKS_FIRST} If it persists, give the RequestId to Alibaba Cloud support.`,
      };
}
