import { Faults } from "../frame/faults";
import { action, type Site, type Surroundings } from "../frame/site";
import { SwitchBoard } from "../frame/switches";
import { object } from "../frame/value";
import { KEY_CHANGE, STS_REQUEST, type Account } from "./account";
import { SECURITY_CENTER_FAULTS, type SecurityCenterFault } from "./faults";
import { Gateway } from "./gateway";
import { OPERATIONS } from "./operations";
import { Store } from "./store";
import { switchesOf, type SecurityCenterSwitches } from "./switches";

/** Every unknown of the API that can be set either way, for one site. */
export const SECURITY_CENTER_SWITCHES = switchesOf([...OPERATIONS.keys()]);

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
  readonly faults = new Faults<SecurityCenterFault>([...OPERATIONS.keys()], SECURITY_CENTER_FAULTS);
  readonly control: Site["control"];
  private readonly store: Store;
  private readonly board: SwitchBoard<typeof SECURITY_CENTER_SWITCHES>;
  private readonly gateway: Gateway;

  constructor(
    siteName: SiteName,
    surroundings: Surroundings,
    account: Account,
    switches: Partial<SecurityCenterSwitches>,
    firstRobotId: number,
  ) {
    this.name = `securitycenter-${siteName}`;
    this.board = new SwitchBoard(SECURITY_CENTER_SWITCHES, switches);
    this.store = new Store(surroundings.clock, account.credentials.accountId, firstRobotId);
    this.gateway = new Gateway({ store: this.store, switches: this.board.values, ...surroundings }, account);
    this.control = {
      switches: this.board,
      tables: { ...this.store.tables(), accessKeys: account.accessKeys },
      actions: {
        "issue-sts-token": action(STS_REQUEST, (request) => account.issueStsToken(request)),
        "end-sts-sessions": action(
          object<object>("Ends all STS sessions now: their tokens are expired.", {}),
          () => {
            account.endStsSessions();
            return {};
          },
        ),
        "change-credentials": action(KEY_CHANGE, (changes) => {
          account.changeKey(changes);
          return {};
        }),
      },
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
    return this.gateway.describe(...args);
  }

  handle(...args: Parameters<Gateway["handle"]>) {
    return this.gateway.handle(...args);
  }

  reset(): void {
    this.board.reset();
    this.faults.clear();
    this.store.reset();
    this.gateway.reset();
  }

  /** The public handle. */
  handleFor(url: string): SecurityCenterSiteHandle {
    return { url, ...this.store.tables(), switches: this.board.values, faults: this.faults };
  }
}
