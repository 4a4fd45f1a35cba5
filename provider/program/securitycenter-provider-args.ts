import type { Input } from "@pulumi/pulumi";
import type { SettingsTable } from "../core/settings/settings";
import {
  TRANSPORT_KINDS,
  TRANSPORT_SECRETS,
  transportConfigKeys,
  type TransportArgs,
} from "../pulumi/program/transport-args";
import { SECURITY_CENTER_NAMES, SECURITY_CENTER_RULES } from "../securitycenter/settings/setting-rules";

/** A RAM role that is assumed with the keys of the connection. Its members are those of `@pulumi/alicloud`. */
export interface AssumeRoleArgs {
  /** `acs:ram::<account>:role/<name>`. */
  readonly roleArn: Input<string>;
  /** Stands in the account's audit log; `pulumi-dingtalk` by default. */
  readonly sessionName?: Input<string>;
  /** Seconds, from 900 to what the role allows; 3600 by default. */
  readonly sessionExpiration?: Input<number>;
  /** A policy in JSON that narrows what the role may do. */
  readonly policy?: Input<string>;
  /** What the role asks of strangers. */
  readonly externalId?: Input<string>;
}

/** A RAM role that is assumed with the token of an identity provider, without keys. */
export interface AssumeRoleWithOidcArgs {
  /** `acs:ram::<account>:oidc-provider/<name>`. */
  readonly oidcProviderArn: Input<string>;
  /** The file with the token, which is read whenever keys are renewed; that of `ALIBABA_CLOUD_OIDC_TOKEN_FILE` by default. */
  readonly oidcTokenFile?: Input<string>;
  /** `acs:ram::<account>:role/<name>`. */
  readonly roleArn: Input<string>;
  /** Stands in the account's audit log; `pulumi-dingtalk` by default. */
  readonly roleSessionName?: Input<string>;
  /** Seconds, from 900 to what the role allows; 3600 by default. */
  readonly sessionExpiration?: Input<number>;
  /** A policy in JSON that narrows what the role may do. */
  readonly policy?: Input<string>;
}

/** A connection to Security Center. Credentials that are left out are found as the vendor's tools find them. */
export interface SecurityCenterProviderArgs extends TransportArgs {
  /** The id of an access key. */
  readonly accessKey?: Input<string>;
  /** The secret of the access key. */
  readonly secretKey?: Input<string>;
  /** The token of temporary keys (STS). */
  readonly securityToken?: Input<string>;
  /** A region, which only selects the site: `cn-hangzhou`, `ap-southeast-1`. */
  readonly region?: Input<string>;
  /** A profile of the aliyun command, from `~/.aliyun/config.json`. */
  readonly profile?: Input<string>;
  /** Another file of such profiles. */
  readonly sharedCredentialsFile?: Input<string>;
  /** The RAM role of the ECS instance that Pulumi runs on. */
  readonly ecsRoleName?: Input<string>;
  /** URL that answers with temporary keys, as of a sidecar. */
  readonly credentialsUri?: Input<string>;
  /** A RAM role to assume with the keys of any of these sources: `roleArn`, `sessionName`, `sessionExpiration` in seconds, `policy`, `externalId`. */
  readonly assumeRole?: Input<AssumeRoleArgs>;
  /** A RAM role to assume with the token of an identity provider, without keys: `roleArn`, `oidcProviderArn`, `oidcTokenFile`, `roleSessionName`, `sessionExpiration`, `policy`. */
  readonly assumeRoleWithOidc?: Input<AssumeRoleWithOidcArgs>;
  /** `china` or `international`; from the region by default. */
  readonly site?: Input<"china" | "international">;
  /** A URL with scheme, instead of the site's own: a VPC endpoint, or an emulator. */
  readonly endpoint?: Input<string>;
}

/** The settings of the config namespaces `alicloud`, as `@pulumi/alicloud` uses it, and `securitycenter`. */
export const securityCenterSettings: SettingsTable<keyof SecurityCenterProviderArgs> = {
  configKeys: {
    accessKey: "alicloud:accessKey",
    secretKey: "alicloud:secretKey",
    securityToken: "alicloud:securityToken",
    region: "alicloud:region",
    profile: "alicloud:profile",
    sharedCredentialsFile: "alicloud:sharedCredentialsFile",
    ecsRoleName: "alicloud:ecsRoleName",
    credentialsUri: "alicloud:credentialsUri",
    assumeRole: "alicloud:assumeRole",
    assumeRoleWithOidc: "alicloud:assumeRoleWithOidc",
    site: "securitycenter:site",
    endpoint: "securitycenter:endpoint",
    ...transportConfigKeys("securitycenter"),
  },
  kinds: { assumeRole: "object", assumeRoleWithOidc: "object", ...TRANSPORT_KINDS },
  secrets: ["accessKey", "secretKey", "securityToken", "credentialsUri", ...TRANSPORT_SECRETS],
  credentials: [["accessKey", "secretKey"]],
  findsCredentials: true,
  required: [],
  rules: SECURITY_CENTER_RULES,
  names: SECURITY_CENTER_NAMES,
};
