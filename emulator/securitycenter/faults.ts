import type { FaultForms } from "../frame/faults";
import { choice, flag, integer, text } from "../frame/value";
import { INT32_MAX } from "./entities";

/** Faults that the Security Center API itself can answer with, or that others cause while it is used (14.8). */
export type SecurityCenterFault =
  /**
   * Denied by flow control after the signature was checked; nothing was done. 400 and Throttling.User unless said
   * otherwise, with `x-acs-retry-after` (1000 ms unless said otherwise).
   */
  | {
      readonly kind: "throttled";
      readonly status?: 400 | 429 | 503;
      readonly code?: string;
      readonly retryAfterMs?: number;
    }
  /** An error answer in the vendor's form; status 400 by default, 200 is possible too. `committed`: the work was done nevertheless. */
  | {
      readonly kind: "apiError";
      readonly code: string;
      readonly message?: string;
      readonly status?: number;
      readonly committed?: boolean;
    }
  /**
   * Another writer inserts a robot with the name of this call, just before it is run unless `when` is `"after"`.
   * The twin has the webhook and the settings of this call too unless `url` gives another webhook.
   */
  | { readonly kind: "twin"; readonly when?: "before" | "after"; readonly url?: string }
  /**
   * Rows move before this page of a list is read: another writer inserts a robot, removes the one `id` names (the
   * first of the list by default), or only the order is another one for this page.
   */
  | { readonly kind: "rowsMove"; readonly by?: "insert" | "remove" | "reorder"; readonly id?: number };

/** What each {@link SecurityCenterFault} means, and its members. */
export const SECURITY_CENTER_FAULTS: FaultForms<SecurityCenterFault> = {
  throttled: {
    meaning: "Denied by flow control after the signature was checked; nothing was done.",
    members: {
      status: choice("The HTTP status; 400 by default.", [400, 429, 503]).optional(),
      code: text("Machine code of the error; Throttling.User by default.").optional(),
      retryAfterMs: integer("x-acs-retry-after in milliseconds; 1000 by default.", 0, INT32_MAX).optional(),
    },
  },
  apiError: {
    meaning: "An error in the vendor's form.",
    members: {
      code: text("Machine code of the error."),
      message: text("Its message; the code by default.").optional(),
      status: integer("The HTTP status; 400 by default.", 200, 599).optional(),
      committed: flag("Whether the work is done nevertheless; false by default.").optional(),
    },
  },
  twin: {
    meaning: "Another writer inserts a robot with the name of this call.",
    members: {
      when: choice('Before or after the work; "before" by default.', ["before", "after"]).optional(),
      url: text("Webhook of the twin; that of this call by default, with its settings.").optional(),
    },
  },
  rowsMove: {
    meaning: "Rows move while a list is read page by page.",
    members: {
      by: choice('What another writer does; "insert" by default.', [
        "insert",
        "remove",
        "reorder",
      ]).optional(),
      id: integer("The robot that is removed; the first of the list by default.", 1, INT32_MAX).optional(),
    },
  },
};
