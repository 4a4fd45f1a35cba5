import type { Surroundings } from "../frame/site";
import type { Table } from "../frame/table";
import { Account, type Credentials, type StsCredentials, type StsRequest } from "./account";
import type { AccessKey } from "./entities";
import { SecurityCenterSite, type SecurityCenterSiteHandle } from "./site";
import type { SecurityCenterSwitches } from "./switches";

/** How one site starts. */
export interface SecurityCenterSiteOptions extends Partial<SecurityCenterSwitches> {
  /** 0, the default, takes any free port. */
  readonly port?: number;
}

/** How the emulated Security Center starts: one account, two sites. */
export interface SecurityCenterOptions extends Partial<Credentials> {
  readonly china?: SecurityCenterSiteOptions;
  readonly international?: SecurityCenterSiteOptions;
}

/** What a test holds of the emulated Security Center. */
export interface SecurityCenterHandle extends Credentials {
  /** The mainland site. */
  readonly china: SecurityCenterSiteHandle;
  /** The site for everywhere else. */
  readonly international: SecurityCenterSiteHandle;
  /** Keys of both sites; add one with another `accountId` for a second account. */
  readonly accessKeys: Table<AccessKey>;
  /** Opens an STS session that ends by the emulator's clock. */
  issueStsToken(request?: StsRequest): StsCredentials;
}

const DEFAULT_CREDENTIALS: Credentials = {
  accessKeyId: "LTAIemulatorAccessKey01",
  accessKeySecret: "emulatorAccessKeySecret0123456",
  accountId: "1234567890123456",
};

/** Both sites with the account that they share. */
export class SecurityCenter {
  readonly china: SecurityCenterSite;
  readonly international: SecurityCenterSite;
  readonly #account: Account;

  constructor(surroundings: Surroundings, options: SecurityCenterOptions = {}) {
    const { accessKeyId, accessKeySecret, accountId } = options;
    this.#account = new Account(surroundings.clock, surroundings.random, {
      accessKeyId: accessKeyId ?? DEFAULT_CREDENTIALS.accessKeyId,
      accessKeySecret: accessKeySecret ?? DEFAULT_CREDENTIALS.accessKeySecret,
      accountId: accountId ?? DEFAULT_CREDENTIALS.accountId,
    });
    const switchesOf = ({ port: _port, ...switches }: SecurityCenterSiteOptions = {}) => switches;
    this.china = new SecurityCenterSite("china", surroundings, this.#account, switchesOf(options.china));
    this.international = new SecurityCenterSite(
      "international",
      surroundings,
      this.#account,
      switchesOf(options.international),
    );
  }

  /** Empties the stores, restores switches, faults and keys. */
  reset(): void {
    this.#account.reset();
    this.china.reset();
    this.international.reset();
  }

  /** The public handle. */
  handleFor(urls: { readonly china: string; readonly international: string }): SecurityCenterHandle {
    return {
      ...this.#account.credentials,
      china: this.china.handleFor(urls.china),
      international: this.international.handleFor(urls.international),
      accessKeys: this.#account.accessKeys,
      issueStsToken: (request) => this.#account.issueStsToken(request),
    };
  }
}
