import type { Context } from "./context";
import { DESCRIPTIONS, type ApiFailure } from "./errors";

/** Details are cut at this length (section 4.1). */
const MAX_DETAILS_CHARS = 4096;

/** The body of an API error (section 4.1). */
export function errorBody(failure: ApiFailure, { switches }: Context): { error: Record<string, unknown> } {
  const descriptions = new Map<string, string>(Object.entries(DESCRIPTIONS));
  const telling: Record<string, unknown> = {
    code: failure.code,
    description: descriptions.get(failure.code) ?? "Operation failed",
    details: failure.details[switches.locale].slice(0, MAX_DETAILS_CHARS),
  };
  const outer: Record<string, unknown> = { ...telling };
  if (switches.causes !== "none") {
    outer.details = switches.locale === "zh_CN" ? "操作失败,请查看原因" : "operation failed, see the cause";
    if (switches.causes === "cause") {
      outer.cause = telling;
    } else {
      outer.causes = [telling];
    }
  }
  if (switches.elaboration) {
    outer.elaboration = `${switches.locale === "zh_CN" ? "错误信息" : "Error message"}: ${String(telling.details)}`;
    outer.cost = "2ms";
  }
  if (switches.globalErrorCode) {
    outer.globalErrorCode = `ORG_ZSTACK_${failure.code.replace(".", "_")}`;
  }
  return { error: outer };
}
