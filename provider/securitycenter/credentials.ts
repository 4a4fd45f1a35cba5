import type * as alicloud from "@alicloud/credentials";
import { ConfigError, messageOf } from "../core/errors";
import type { CredentialSource } from "./settings";
import type { AccessKeys } from "./signer";

/** Gives the keys for the next request. Temporary ones are renewed before they expire. */
export interface Credentials {
  get(): Promise<AccessKeys>;
  /** Forgets temporary keys that the service refused; false when there is nothing to renew. */
  renew(): boolean;
}

/** What the vendor's chain gives. */
interface ChainProvider {
  getCredentials(): Promise<{ accessKeyId?: string; accessKeySecret?: string; securityToken?: string }>;
}

/** Makes the credentials of a source. The vendor's chain is loaded when it is first used. */
export function createCredentials(
  source: CredentialSource,
  loadChain: typeof loadVendorChain = loadVendorChain,
): Credentials {
  if (source.kind === "keys") {
    return { get: () => Promise.resolve(source.keys), renew: () => false };
  }
  return new ChainCredentials(() => loadChain(source.profile), source.profile);
}

class ChainCredentials implements Credentials {
  private chain: ChainProvider | undefined;

  constructor(
    private readonly load: () => ChainProvider,
    private readonly profile: string | undefined,
  ) {}

  async get(): Promise<AccessKeys> {
    try {
      this.chain ??= this.load();
      const { accessKeyId, accessKeySecret, securityToken } = await this.chain.getCredentials();
      if (
        accessKeyId === undefined ||
        accessKeySecret === undefined ||
        accessKeyId === "" ||
        accessKeySecret === ""
      ) {
        throw new Error("the chain gave no access key");
      }
      return {
        accessKeyId,
        accessKeySecret,
        securityToken: securityToken === "" ? undefined : securityToken,
      };
    } catch (error) {
      // After a failure the vendor's object only ever asks the last source again.
      this.chain = undefined;
      throw new ConfigError(
        this.profile === undefined
          ? "No Alibaba Cloud credentials were found."
          : `The Alibaba Cloud profile ${JSON.stringify(this.profile)} gives no credentials.`,
        {
          facts: { Details: messageOf(error) },
          hint: "Set alicloud:accessKey and alicloud:secretKey, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or make one source of the default chain work: RRSA (OIDC), a profile in ~/.aliyun/config.json, ~/.alibabacloud/credentials, the RAM role of an ECS instance, or ALIBABA_CLOUD_CREDENTIALS_URI.",
        },
      );
    }
  }

  renew(): boolean {
    this.chain = undefined;
    return true;
  }
}

function loadVendorChain(profile: string | undefined): ChainProvider {
  const vendor = require("@alicloud/credentials") as typeof alicloud;
  return profile === undefined
    ? vendor.DefaultCredentialsProvider.builder().build()
    : vendor.CLIProfileCredentialsProvider.builder().withProfileName(profile).build();
}
