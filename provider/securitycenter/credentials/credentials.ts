import type { AccessKeys } from "../transport/signer";
import { ConfigError } from "../../core/errors";
import type { CredentialSource } from "./credential-settings";
import { loadVendorChain, whatIsMissing, whatTheChainSays, type KeyChain } from "./vendor-chain";

/** Gives the keys for the next request. Temporary ones are renewed before they expire. */
export interface Credentials {
  get(): Promise<AccessKeys>;
  /** The keys that were given last; absent until then. */
  readonly latest: AccessKeys | undefined;
  /** Forgets temporary keys that the service refused; false when there is nothing to renew. */
  renew(refused: AccessKeys): boolean;
  /** Throws `ConfigError` where it can be told without asking anybody that there will be no keys. */
  verify(): void;
}

/** What else credentials are made with. */
export interface CredentialsOptions {
  /** Told every secret part of keys before they are used, so that it can be kept out of what people see. */
  readonly onSecret?: (value: string) => void;
  readonly loadChain?: (source: ChainSource) => KeyChain;
}

type ChainSource = Exclude<CredentialSource, { kind: "keys" }>;

/** Makes the credentials of a source. The vendor's chain is loaded when it is first used. */
export function createCredentials(source: CredentialSource, options: CredentialsOptions = {}): Credentials {
  if (source.kind === "keys") {
    return {
      get: () => Promise.resolve(source.keys),
      latest: source.keys,
      renew: () => false,
      verify: () => undefined,
    };
  }
  return new ChainCredentials(source, options);
}

class ChainCredentials implements Credentials {
  latest: AccessKeys | undefined;
  private chain: KeyChain | undefined;
  private asked: Promise<AccessKeys> | undefined;

  constructor(
    private readonly source: ChainSource,
    private readonly options: CredentialsOptions,
  ) {}

  /** Whoever asks while an answer is on its way shares it: a source may start a program or open a session. */
  get(): Promise<AccessKeys> {
    this.asked ??= this.ask().finally(() => {
      this.asked = undefined;
    });
    return this.asked;
  }

  renew(refused: AccessKeys): boolean {
    // Somebody else's refusal may have brought new keys already.
    if (this.latest?.accessKeyId === refused.accessKeyId) {
      this.chain = undefined;
    }
    return true;
  }

  verify(): void {
    const details = whatIsMissing(this.source);
    if (details !== undefined) {
      throw noKeys(this.source, details);
    }
  }

  private async ask(): Promise<AccessKeys> {
    try {
      this.chain ??= (this.options.loadChain ?? loadVendorChain)(this.source);
      const { accessKeyId = "", accessKeySecret = "", securityToken } = await this.chain.getCredentials();
      if (accessKeyId === "" || accessKeySecret === "") {
        throw new Error("the chain gave no access key");
      }
      const token = securityToken === "" ? undefined : securityToken;
      for (const secret of [accessKeySecret, token]) {
        if (secret !== undefined) {
          this.options.onSecret?.(secret);
        }
      }
      this.latest = { accessKeyId, accessKeySecret, securityToken: token };
      return this.latest;
    } catch (error) {
      // After a failure the vendor's object only ever asks the last source again.
      this.chain = undefined;
      throw noKeys(this.source, whatTheChainSays(error));
    }
  }
}

const HINTS = {
  chain:
    "Set alicloud:accessKey and alicloud:secretKey, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or make one source of the default chain work: RRSA (OIDC), a profile in ~/.aliyun/config.json, ~/.alibabacloud/credentials, the RAM role of an ECS instance, or ALIBABA_CLOUD_CREDENTIALS_URI.",
  instance: "Run on the ECS instance that has this role, or set alicloud:accessKey and alicloud:secretKey.",
  uri: "Check that the address answers with AccessKeyId, AccessKeySecret, SecurityToken and Expiration as JSON.",
  oidc: "Check the ARNs, that the role trusts the identity provider, and that the token is of today.",
  role: "Check the role's ARN, that it trusts these keys, and that they may call sts:AssumeRole.",
} as const;

function noKeys(source: ChainSource, details: string): ConfigError {
  return new ConfigError(whatFailed(source), { facts: { Details: details }, hint: HINTS[source.kind] });
}

function whatFailed(source: ChainSource): string {
  switch (source.kind) {
    case "chain":
      return source.profile === undefined
        ? "No Alibaba Cloud credentials were found."
        : `The Alibaba Cloud profile ${JSON.stringify(source.profile)} gives no credentials.`;
    case "instance":
      return `The RAM role ${source.roleName} of this instance gives no credentials.`;
    case "uri":
      return "The address of alicloud:credentialsUri gives no credentials.";
    case "oidc":
      return `The RAM role ${source.role.arn} could not be assumed with the token of the identity provider.`;
    case "role":
      return `The RAM role ${source.role.arn} could not be assumed.`;
  }
}
