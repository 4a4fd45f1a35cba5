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

/** The kinds of {@link SecurityCenterFault}. */
export const SECURITY_CENTER_FAULT_KINDS: readonly SecurityCenterFault["kind"][] = [
  "throttled",
  "apiError",
  "twin",
  "rowsMove",
];
