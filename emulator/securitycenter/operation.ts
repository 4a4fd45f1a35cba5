import type { Context } from "./context";
import type { SecurityCenterFault } from "./faults";
import type { Parameters } from "./parameters";

/** What a running operation gets. */
export interface Call {
  readonly context: Context;
  readonly parameters: Parameters;
  /** The account that the call is signed for: nobody sees the robots of another one. */
  readonly aliUid: number;
  /** The fault that is played on this call and is the operation's own matter. */
  readonly fault: SecurityCenterFault | undefined;
}

/** One action of the API; every one answers on `GET /` and `POST /`. */
export interface Operation {
  readonly name: string;
  /** Changes objects, or is seen by people. */
  readonly changing: boolean;
  /** Refused unless the account has the edition Enterprise or Ultimate (section 9). */
  readonly needsEdition: boolean;
  /** The members of the answer besides RequestId. */
  run(call: Call): object | Promise<object>;
}
