import type { Clock } from "../frame/clock";
import type { Random } from "../frame/random";
import type { Store } from "./store";
import type { SecurityCenterSwitches } from "./switches";

/** What every part of an emulated site works with. */
export interface Context {
  readonly store: Store;
  readonly switches: SecurityCenterSwitches;
  readonly clock: Clock;
  readonly random: Random;
}
