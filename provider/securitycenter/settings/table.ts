import { defineSettings, membersOf, type SettingsTable } from "../../core/settings/setting-table";
import { transportSettings } from "../../core/settings/transport-settings";
import type { AssumeRole, AssumeRoleWithOidc } from "../credentials/roles";
import {
  CREDENTIALS_URI_VARIABLE,
  INSTANCE_ROLE_VARIABLE,
  KEY_FAMILIES,
  PROFILE_VARIABLES,
  PROFILES_FILE_VARIABLE,
  ROLE_ARN_VARIABLES,
  RRSA_VARIABLES,
  SESSION_NAME_VARIABLES,
  SESSION_SECONDS_VARIABLE,
} from "../credentials/variables";
import { assumedRole, credentialsUri, endpoint, oidcRole, region, roleName, site } from "./setting-rules";
import { SITES } from "./sites";

const entries = defineSettings({
  /** The id of an access key. */
  accessKey: {
    key: "alicloud:accessKey",
    kind: "string",
    env: KEY_FAMILIES.map(({ id }) => id),
    secret: true,
  },
  /** The secret of the access key. */
  secretKey: {
    key: "alicloud:secretKey",
    kind: "string",
    env: KEY_FAMILIES.map(({ secret }) => secret),
    secret: true,
  },
  /** The token of temporary keys (STS). */
  securityToken: {
    key: "alicloud:securityToken",
    kind: "string",
    env: KEY_FAMILIES.map(({ token }) => token),
    secret: true,
  },
  /** A region, which only selects the site: `cn-hangzhou`, `ap-southeast-1`. */
  region: {
    key: "alicloud:region",
    kind: "string",
    env: ["ALIBABA_CLOUD_REGION", "ALICLOUD_REGION", "ALIBABACLOUD_REGION"],
    rule: region,
  },
  /** A profile of the aliyun command, from `~/.aliyun/config.json`. */
  profile: { key: "alicloud:profile", kind: "string", env: PROFILE_VARIABLES },
  /** Another file of such profiles. */
  sharedCredentialsFile: {
    key: "alicloud:sharedCredentialsFile",
    kind: "string",
    env: [PROFILES_FILE_VARIABLE],
  },
  /** The RAM role of the ECS instance that Pulumi runs on. */
  ecsRoleName: { key: "alicloud:ecsRoleName", kind: "string", env: [INSTANCE_ROLE_VARIABLE], rule: roleName },
  /** URL that answers with temporary keys, as of a sidecar. */
  credentialsUri: {
    key: "alicloud:credentialsUri",
    kind: "string",
    env: [CREDENTIALS_URI_VARIABLE],
    secret: true,
    rule: credentialsUri,
  },
  /** A RAM role to assume with the keys of any of these sources: `roleArn`, `sessionName`, `sessionExpiration` in seconds, `policy`, `externalId`. */
  assumeRole: {
    key: "alicloud:assumeRole",
    kind: "object",
    members: membersOf<AssumeRole>(),
    env: [...ROLE_ARN_VARIABLES, ...SESSION_NAME_VARIABLES, SESSION_SECONDS_VARIABLE],
    rule: assumedRole,
  },
  /** A RAM role to assume with the token of an identity provider, without keys: `roleArn`, `oidcProviderArn`, `oidcTokenFile`, `roleSessionName`, `sessionExpiration`, `policy`. */
  assumeRoleWithOidc: {
    key: "alicloud:assumeRoleWithOidc",
    kind: "object",
    members: membersOf<AssumeRoleWithOidc>(),
    env: RRSA_VARIABLES,
    rule: oidcRole,
  },
  /** `china` or `international`; from the region by default. */
  site: {
    key: "securitycenter:site",
    kind: "string",
    words: SITES,
    env: ["SECURITYCENTER_SITE"],
    rule: site,
  },
  /** A URL with scheme, instead of the site's own: a VPC endpoint, or an emulator. */
  endpoint: {
    key: "securitycenter:endpoint",
    kind: "string",
    env: ["SECURITYCENTER_ENDPOINT"],
    rule: endpoint,
  },
  ...transportSettings("securitycenter"),
});

const SITE = ["securitycenter:site", "alicloud:region", "securitycenter:endpoint"] as const;
const ENDPOINT = ["securitycenter:endpoint"] as const;
const KEY_ID = ["alicloud:accessKey"] as const;
const KEY_SECRET = ["alicloud:secretKey"] as const;
const TOKEN = ["alicloud:securityToken"] as const;
const ROLE = ["alicloud:assumeRole"] as const;

/** The settings of the config namespaces `alicloud`, as `@pulumi/alicloud` uses it, and `securitycenter`. */
export const securityCenterSettings: SettingsTable<typeof entries> = {
  entries,
  credentials: [["accessKey", "secretKey"]],
  findsCredentials: true,
  // Source: config/vars of @pulumi/alicloud 3.108. None of them changes who calls Security Center.
  others: [
    "alicloud:accountId",
    "alicloud:accountType",
    "alicloud:clientConnectTimeout",
    "alicloud:clientReadTimeout",
    "alicloud:configurationSource",
    "alicloud:endpoints",
    "alicloud:fc",
    "alicloud:features",
    "alicloud:logEndpoint",
    "alicloud:maxRetryTimeout",
    "alicloud:mnsEndpoint",
    "alicloud:otsInstanceName",
    "alicloud:protocol",
    "alicloud:secureTransport",
    "alicloud:securityTransport",
    "alicloud:signVersion",
    "alicloud:skipRegionValidation",
    "alicloud:sourceIp",
  ],
  watched: ["alicloud:endpoints"],
  expected: {
    "alicloud:accessKeyId": KEY_ID,
    "alicloud:accessId": KEY_ID,
    "alicloud:accessKeySecret": KEY_SECRET,
    "alicloud:accessSecret": KEY_SECRET,
    "alicloud:secretAccessKey": KEY_SECRET,
    "alicloud:secret": KEY_SECRET,
    "alicloud:token": TOKEN,
    "alicloud:stsToken": TOKEN,
    "alicloud:sessionToken": TOKEN,
    "alicloud:regionId": ["alicloud:region", "securitycenter:site"],
    "alicloud:roleArn": ROLE,
    "alicloud:ramRoleArn": ROLE,
    "alicloud:assumeRoleArn": ROLE,
    "alicloud:roleName": ["alicloud:ecsRoleName"],
    "alicloud:ramRoleName": ["alicloud:ecsRoleName"],
    "alicloud:ecsRamRole": ["alicloud:ecsRoleName"],
    "alicloud:credentialsFile": ["alicloud:sharedCredentialsFile"],
    "alicloud:site": SITE,
    "alicloud:endpoint": ENDPOINT,
    "alicloud:caFile": ["securitycenter:caFile"],
    "alicloud:proxy": ["securitycenter:proxy"],
    "alicloud:insecureSkipVerify": ["securitycenter:insecureSkipVerify"],
    "securitycenter:accessKey": KEY_ID,
    "securitycenter:accessKeyId": KEY_ID,
    "securitycenter:secretKey": KEY_SECRET,
    "securitycenter:accessKeySecret": KEY_SECRET,
    "securitycenter:securityToken": TOKEN,
    "securitycenter:region": ["alicloud:region", "securitycenter:site"],
    "securitycenter:profile": ["alicloud:profile"],
    "securitycenter:sharedCredentialsFile": ["alicloud:sharedCredentialsFile"],
    "securitycenter:ecsRoleName": ["alicloud:ecsRoleName"],
    "securitycenter:credentialsUri": ["alicloud:credentialsUri"],
    "securitycenter:assumeRole": ROLE,
    "securitycenter:assumeRoleWithOidc": ["alicloud:assumeRoleWithOidc"],
    "securitycenter:url": ENDPOINT,
    "securitycenter:host": ENDPOINT,
    "securitycenter:timeout": ["securitycenter:requestTimeoutSeconds"],
    "securitycenter:requestTimeout": ["securitycenter:requestTimeoutSeconds"],
    "securitycenter:insecure": ["securitycenter:insecureSkipVerify"],
  },
};
