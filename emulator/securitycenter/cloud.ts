import type { Surroundings } from "../frame/site";
import type { Table } from "../frame/table";
import { switchMembers } from "../frame/switches";
import { integer, partial } from "../frame/value";
import {
  Account,
  CREDENTIALS,
  type Credentials,
  type KeyChange,
  type StsCredentials,
  type StsRequest,
} from "./account";
import type { AccessKey } from "./entities";
import {
  SECURITY_CENTER_SWITCHES,
  SecurityCenterSite,
  type SecurityCenterSiteHandle,
  type SiteName,
} from "./site";
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
  /** Ends all STS sessions now: their tokens are expired. */
  endStsSessions(): void;
  /** Puts another access key in the place of the emulator's own, at both sites; the old one is refused from now on. */
  changeCredentials(changes: KeyChange): void;
}

const SITE = partial<SecurityCenterSwitches & { port: number }>(
  "How one site starts: its port, and any of its switches.",
  {
    port: integer("Its port; 0, the default, takes a free one.", 0, 65535),
    ...switchMembers<typeof SECURITY_CENTER_SWITCHES>(SECURITY_CENTER_SWITCHES),
  },
  "option or switch of a site",
);

/** What the options of Security Center may say. */
export const SECURITY_CENTER_OPTIONS = partial<Required<SecurityCenterOptions>>(
  "The account of Security Center, and how its two sites start.",
  { ...CREDENTIALS, china: SITE, international: SITE },
  "option of Security Center",
);

const DEFAULT_CREDENTIALS: Credentials = {
  accessKeyId: "LTAIemulatorAccessKey01",
  accessKeySecret: "emulatorAccessKeySecret0123456",
  accountId: "1234567890123456",
};

/** Both sites with the account that they share. */
export class SecurityCenter {
  readonly china: SecurityCenterSite;
  readonly international: SecurityCenterSite;
  private readonly account: Account;

  /** @param firstRobotId at both sites: an id alone does not say where it belongs (section 6). */
  constructor(surroundings: Surroundings, options: SecurityCenterOptions, firstRobotId: number) {
    const { accessKeyId, accessKeySecret, accountId } = options;
    this.account = new Account(surroundings.clock, surroundings.random, {
      accessKeyId: accessKeyId ?? DEFAULT_CREDENTIALS.accessKeyId,
      accessKeySecret: accessKeySecret ?? DEFAULT_CREDENTIALS.accessKeySecret,
      accountId: accountId ?? DEFAULT_CREDENTIALS.accountId,
    });
    const switchesOf = ({ port: _port, ...switches }: SecurityCenterSiteOptions = {}) => switches;
    const site = (name: SiteName): SecurityCenterSite =>
      new SecurityCenterSite(name, surroundings, this.account, switchesOf(options[name]), firstRobotId);
    this.china = site("china");
    this.international = site("international");
  }

  /** Empties the stores, restores switches, faults and keys. */
  reset(): void {
    this.account.reset();
    this.china.reset();
    this.international.reset();
  }

  /** The public handle. */
  handleFor(urls: { readonly china: string; readonly international: string }): SecurityCenterHandle {
    const account = this.account;
    return {
      get accessKeyId() {
        return account.credentials.accessKeyId;
      },
      get accessKeySecret() {
        return account.credentials.accessKeySecret;
      },
      get accountId() {
        return account.credentials.accountId;
      },
      china: this.china.handleFor(urls.china),
      international: this.international.handleFor(urls.international),
      accessKeys: account.accessKeys,
      issueStsToken: (request) => account.issueStsToken(request),
      endStsSessions: () => {
        account.endStsSessions();
      },
      changeCredentials: (changes) => {
        account.changeKey(changes);
      },
    };
  }
}
