import type { Surroundings } from "../../frame/site";
import type { Store } from "./store";
import type { ZStackSwitches } from "../switches";

/** Name, password and keys that the emulator accepts. */
export interface Credentials {
  readonly accountName: string;
  readonly accountPassword: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** What every part of the emulated node works with. */
export interface Context extends Surroundings {
  readonly store: Store;
  readonly switches: ZStackSwitches;
  /** They change when a rotation is rehearsed. */
  readonly credentials: { -readonly [K in keyof Credentials]: Credentials[K] };
  readonly accountUuid: string;
  /** Things that are counted, not stored. */
  readonly counters: { failedLogins: number; looks: number };
}

/** Who a call is made for. */
export interface Caller {
  readonly accountUuid: string;
  readonly admin: boolean;
}
