/** Faults that only ZStack's asynchronous jobs and sessions know; `committed` (true by default): the work was done. */
export type ZStackFault =
  /** The call is accepted and its job never ends: polls answer 202 for ever (section 3.2). */
  | { readonly kind: "jobStuck"; readonly committed?: boolean }
  /** The job ends with this error; nothing was done unless `committed` is true. */
  | {
      readonly kind: "jobFails";
      readonly code: string;
      readonly details?: string;
      readonly committed?: boolean;
    }
  /** The call is accepted, and polls answer 404 (section 3.2). */
  | { readonly kind: "jobLost"; readonly committed?: boolean }
  /** All sessions end just before the call is run (section 2.3). */
  | { readonly kind: "expireSessions" };

/** The kinds of {@link ZStackFault}. */
export const ZSTACK_FAULT_KINDS: readonly ZStackFault["kind"][] = [
  "jobStuck",
  "jobFails",
  "jobLost",
  "expireSessions",
];
