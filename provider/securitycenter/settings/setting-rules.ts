import { endpointProblem, hostProblem } from "../../core/transport/address";
import type { SettingNames } from "../../core/settings/setting-names";
import { transportRules, type Rule, type SettingRules } from "../../core/settings/setting-rules";
import { didYouMean } from "../../core/suggest";
import { readOidcRole, readRole } from "../credentials/roles";
import { siteOfRegion, SITES } from "./sites";
import { parsedUrl } from "../../core/url";

const site: Rule = (text) => {
  if (SITES.some((one) => one === text)) {
    return undefined;
  }
  const suggestion = didYouMean(text, SITES);
  return `must be ${SITES.join(" or ")}${suggestion === "" ? "" : `.${suggestion}`}`;
};

/** A region's name. */
export const region: Rule = (text) =>
  siteOfRegion(text) === undefined ? "must be a region such as cn-hangzhou or ap-southeast-1" : undefined;

const endpoint: Rule = (text) =>
  endpointProblem(text, "https://tds.cn-shanghai.aliyuncs.com", { path: false });

/** The name of a RAM role, as the metadata service takes it. */
export const roleName: Rule = (text) =>
  /^[\w.-]{1,64}$/.test(text) ? undefined : "must be the name of the RAM role alone, without its account";

/** Where a sidecar gives keys. */
export const credentialsUri: Rule = (text) =>
  /^https?:\/\//i.test(text) && parsedUrl(text) !== undefined
    ? hostProblem(text)
    : "must be a URL with its scheme";

/** What the settings of the config namespaces `alicloud` and `securitycenter` may be. */
export const SECURITY_CENTER_RULES: SettingRules = {
  "alicloud:region": region,
  "alicloud:ecsRoleName": roleName,
  "alicloud:credentialsUri": credentialsUri,
  "alicloud:assumeRole": (text) => problemIn(readRole(text)),
  // Where the environment names the file, this process need not know.
  "alicloud:assumeRoleWithOidc": (text) => problemIn(readOidcRole(text, "…")),
  "securitycenter:site": site,
  "securitycenter:endpoint": endpoint,
  ...transportRules("securitycenter"),
};

function problemIn(read: { readonly value: unknown } | { readonly problem: string }): string | undefined {
  return "problem" in read ? read.problem : undefined;
}

const SITE = ["securitycenter:site", "alicloud:region", "securitycenter:endpoint"] as const;
const ENDPOINT = ["securitycenter:endpoint"] as const;
const KEY_ID = ["alicloud:accessKey"] as const;
const KEY_SECRET = ["alicloud:secretKey"] as const;
const TOKEN = ["alicloud:securityToken"] as const;
const ROLE = ["alicloud:assumeRole"] as const;

/** The names in the config namespaces `alicloud`, which `@pulumi/alicloud` reads, too, and `securitycenter`. */
export const SECURITY_CENTER_NAMES: SettingNames = {
  settings: [
    "alicloud:accessKey",
    "alicloud:secretKey",
    "alicloud:securityToken",
    "alicloud:region",
    "alicloud:profile",
    "alicloud:sharedCredentialsFile",
    "alicloud:ecsRoleName",
    "alicloud:credentialsUri",
    "alicloud:assumeRole",
    "alicloud:assumeRoleWithOidc",
    "securitycenter:site",
    "securitycenter:endpoint",
    "securitycenter:caFile",
    "securitycenter:insecureSkipVerify",
    "securitycenter:proxy",
    "securitycenter:requestTimeoutSeconds",
    "securitycenter:maxConcurrentRequests",
  ],
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
