import { endpointProblem } from "../../core/transport/address";
import type { Rule } from "../../core/settings/setting-rules";
import { isTimeZone } from "../transport/server-time";

/** A management node's address. */
export const endpoint: Rule = (text) => endpointProblem(text, "http://10.0.0.5:8080", { path: true });

/** A time zone, by name or as an offset. */
export const timezone: Rule = (text) =>
  isTimeZone(text) ? undefined : "must be a time zone such as Asia/Shanghai, or an offset such as +08:00";
