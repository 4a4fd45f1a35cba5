import { endpointProblem, hostProblem } from "../../core/transport/address";
import type { Rule } from "../../core/settings/setting-rules";
import { inNamespace, type Setting, type SettingsTable } from "../../core/settings/table";
import { TRANSPORT_SETTINGS } from "../../core/settings/transport-settings";
import { didYouMean } from "../../core/suggest";
import { parsedUrl } from "../../core/url";
import { oidcRoleMembers, readOidcRole, readRole, roleMembers } from "../credentials/roles";
import { foreignNames } from "./foreign-names";
import { siteOfRegion, SITES } from "./sites";

const site: Rule = (text) => {
  if (SITES.some((one) => one === text)) {
    return undefined;
  }
  const suggestion = didYouMean(text, SITES);
  return `must be ${SITES.join(" or ")}${suggestion === "" ? "" : `.${suggestion}`}`;
};

const region: Rule = (text) =>
  siteOfRegion(text) === undefined ? "must be a region such as cn-hangzhou or ap-southeast-1" : undefined;

const endpoint: Rule = (text) =>
  endpointProblem(text, "https://tds.cn-shanghai.aliyuncs.com", { path: false });

/** The name of a RAM role, as the metadata service takes it. */
const roleName: Rule = (text) =>
  /^[\w.-]{1,64}$/.test(text) ? undefined : "must be the name of the RAM role alone, without its account";

/** Where a sidecar gives keys. */
const credentialsUri: Rule = (text) =>
  /^https?:\/\//i.test(text) && parsedUrl(text) !== undefined
    ? hostProblem(text)
    : "must be a URL with its scheme";

function problemIn(read: { readonly value: unknown } | { readonly problem: string }): string | undefined {
  return "problem" in read ? read.problem : undefined;
}

/** The settings of the account, which `@pulumi/alicloud` has, too, and of the site. */
export const settings = {
  /** The id of an access key. */
  accessKey: {
    key: "alicloud:accessKey",
    shape: { kind: "text" },
    secret: true,
    // An id of one family never pairs with a secret of another.
    environment: ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALIBABACLOUD_ACCESS_KEY_ID"],
  },
  /** The secret of the access key. */
  secretKey: {
    key: "alicloud:secretKey",
    shape: { kind: "text" },
    secret: true,
    verbatim: true,
    environment: ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY", "ALIBABACLOUD_ACCESS_KEY_SECRET"],
  },
  /** The token of temporary keys (STS). */
  securityToken: {
    key: "alicloud:securityToken",
    shape: { kind: "text" },
    secret: true,
    verbatim: true,
    environment: ["ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"],
  },
  /** A region, which only selects the site: `cn-hangzhou`, `ap-southeast-1`. */
  region: {
    key: "alicloud:region",
    shape: { kind: "text" },
    environment: ["ALIBABA_CLOUD_REGION", "ALICLOUD_REGION", "ALIBABACLOUD_REGION"],
    rule: region,
  },
  /** A profile of the aliyun command, from `~/.aliyun/config.json`. */
  profile: {
    key: "alicloud:profile",
    shape: { kind: "text" },
    environment: ["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"],
  },
  /** Another file of such profiles. */
  sharedCredentialsFile: {
    key: "alicloud:sharedCredentialsFile",
    shape: { kind: "text" },
    environment: ["ALICLOUD_SHARED_CREDENTIALS_FILE"],
  },
  /** The RAM role of the ECS instance that Pulumi runs on. */
  ecsRoleName: {
    key: "alicloud:ecsRoleName",
    shape: { kind: "text" },
    // Terraform's names for this and the next: the vendor's chain looks for both under names of its own, and last. Naming it is a wish.
    environment: ["ALICLOUD_ECS_ROLE_NAME"],
    rule: roleName,
  },
  /** URL that answers with temporary keys, as of a sidecar. */
  credentialsUri: {
    key: "alicloud:credentialsUri",
    shape: { kind: "text", form: "URL" },
    secret: true,
    environment: ["ALICLOUD_CREDENTIALS_URI"],
    rule: credentialsUri,
  },
  /** A RAM role to assume with the keys of any of these sources: `roleArn`, `sessionName`, `sessionExpiration` in seconds, `policy`, `externalId`. */
  assumeRole: {
    key: "alicloud:assumeRole",
    shape: { kind: "object", members: roleMembers },
    rule: (text) => problemIn(readRole(text)),
  },
  /** A RAM role to assume with the token of an identity provider, without keys: `roleArn`, `oidcProviderArn`, `oidcTokenFile`, `roleSessionName`, `sessionExpiration`, `policy`. */
  assumeRoleWithOidc: {
    key: "alicloud:assumeRoleWithOidc",
    shape: { kind: "object", members: oidcRoleMembers },
    // Where the environment names the file, this process need not know.
    rule: (text) => problemIn(readOidcRole(text, "…")),
  },
  /** `china` or `international`; from the region by default. */
  site: {
    key: "securitycenter:site",
    shape: { kind: "enum", words: SITES },
    environment: ["SECURITYCENTER_SITE"],
    rule: site,
  },
  /** A URL with scheme, instead of the site's own: a VPC endpoint, or an emulator. */
  endpoint: {
    key: "securitycenter:endpoint",
    shape: { kind: "text", form: "URL" },
    environment: ["SECURITYCENTER_ENDPOINT"],
    rule: endpoint,
  },
} as const satisfies Record<string, Setting>;

/** All settings of a connection to Security Center. */
export const securityCenterSettings: SettingsTable<keyof typeof settings | keyof typeof TRANSPORT_SETTINGS> =
  {
    cloud: "securitycenter",
    service: "Security Center",
    settings: { ...settings, ...inNamespace("securitycenter", TRANSPORT_SETTINGS) },
    places: [
      { setting: "region", example: "cn-hangzhou" },
      { setting: "site", example: "china" },
    ],
    credentials: [["accessKey", "secretKey"]],
    elsewhere: { setting: "profile", sources: "Alibaba Cloud's default credential chain" },
    foreign: foreignNames,
  };
