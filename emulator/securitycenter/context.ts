import type { Surroundings } from "../frame/site";
import type { Store } from "./store";
import type { SecurityCenterSwitches } from "./switches";

/** What every part of an emulated site works with. */
export interface Context extends Surroundings {
  readonly store: Store;
  readonly switches: SecurityCenterSwitches;
}
