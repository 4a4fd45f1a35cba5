import type { Input } from "@pulumi/pulumi";
import type { SettingsTable } from "../core/settings";
import { TRANSPORT_SECRETS, transportConfigKeys, type TransportArgs } from "../pulumi/transport-args";

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
    site: "securitycenter:site",
    endpoint: "securitycenter:endpoint",
    ...transportConfigKeys("securitycenter"),
  },
  secrets: ["accessKey", "secretKey", "securityToken", ...TRANSPORT_SECRETS],
  credentials: [["accessKey", "secretKey"]],
  findsCredentials: true,
  required: [],
};
