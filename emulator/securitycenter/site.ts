import { Faults } from "../frame/faults";
import type { Site, Surroundings } from "../frame/site";
import { SwitchBoard } from "../frame/switches";
import type { Account } from "./account";
import { SECURITY_CENTER_FAULT_KINDS, type SecurityCenterFault } from "./faults";
import { Gateway } from "./gateway";
import { Store } from "./store";
import { SECURITY_CENTER_SWITCHES, type SecurityCenterSwitches } from "./switches";

/** The two back ends, which know nothing of each other's robots (section 1.1). */
export type SiteName = "china" | "international";

/** What a test holds of one emulated site. */
export interface SecurityCenterSiteHandle extends ReturnType<Store["tables"]> {
  /** Endpoint with scheme, such as `http://127.0.0.1:43212`. */
  readonly url: string;
  /** Unknowns; assign to set: `china.switches.maskUrl = "cut"`. */
  readonly switches: SecurityCenterSwitches;
  readonly faults: Faults<SecurityCenterFault>;
}

/** One site of Security Center as the frame sees it. */
export class SecurityCenterSite implements Site<SecurityCenterFault> {
  readonly name: string;
  readonly faults = new Faults<SecurityCenterFault>(SECURITY_CENTER_FAULT_KINDS);
  readonly control: Site["control"];
  readonly #store: Store;
  readonly #board: SwitchBoard<typeof SECURITY_CENTER_SWITCHES>;
  readonly #gateway: Gateway;

  constructor(
    siteName: SiteName,
    surroundings: Surroundings,
    account: Account,
    switches: Partial<SecurityCenterSwitches>,
  ) {
    this.name = `securitycenter-${siteName}`;
    this.#board = new SwitchBoard(SECURITY_CENTER_SWITCHES, switches);
    this.#store = new Store(surroundings.clock, account.credentials.accountId);
    this.#gateway = new Gateway(
      { store: this.#store, switches: this.#board.values, ...surroundings },
      account,
    );
    this.control = {
      switches: this.#board,
      tables: { ...this.#store.tables(), accessKeys: account.accessKeys },
      actions: { "issue-sts-token": (input) => account.issueStsToken(input) },
      connection: (url) => ({
        ALIBABA_CLOUD_ACCESS_KEY_ID: account.credentials.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: account.credentials.accessKeySecret,
        "securitycenter:site": siteName,
        "securitycenter:endpoint": url,
      }),
    };
  }

  /** Each site has a listener of its own. */
  owns(): boolean {
    return true;
  }

  describe(...args: Parameters<Gateway["describe"]>) {
    return this.#gateway.describe(...args);
  }

  handle(...args: Parameters<Gateway["handle"]>) {
    return this.#gateway.handle(...args);
  }

  reset(): void {
    this.#board.reset();
    this.faults.clear();
    this.#store.reset();
    this.#gateway.reset();
  }

  /** The public handle. */
  handleFor(url: string): SecurityCenterSiteHandle {
    return { url, ...this.#store.tables(), switches: this.#board.values, faults: this.faults };
  }
}
