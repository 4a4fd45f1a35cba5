import type { FaultForms } from "../../frame/faults";
import { flag, text } from "../../frame/value";

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

const COMMITTED = flag("Whether the work is done; true by default.").optional();

/** What each {@link ZStackFault} means, and its members. */
export const ZSTACK_FAULTS: FaultForms<ZStackFault> = {
  jobStuck: { meaning: "The job is accepted and never ends.", members: { committed: COMMITTED } },
  jobFails: {
    meaning: "The job ends with this error.",
    members: {
      code: text("Machine code of the error, such as SYS.1006."),
      details: text("Its details.").optional(),
      committed: flag("Whether the work is done nevertheless; false by default.").optional(),
    },
  },
  jobLost: {
    meaning: "The job is accepted, and nobody knows it afterwards.",
    members: { committed: COMMITTED },
  },
  expireSessions: { meaning: "All sessions end just before the call is run.", members: {} },
};
