import type { HttpSettings } from "../core/http";
import { SettingsReader, type ConfigLookup, type Environment } from "../core/settings";
import { didYouMean } from "../core/suggest";
import type { AccessKeys } from "./signer";
import { SITE_HOSTS, siteOfRegion, SITES, type Site } from "./sites";

/** Where the keys come from: given outright, or found by the vendor's chain, in a profile where one is named. */
export type CredentialSource =
  | { readonly kind: "keys"; readonly keys: AccessKeys }
  | {
      readonly kind: "chain";
      readonly profile?: string | undefined;
      /** Where the profiles of the aliyun command are, instead of `~/.aliyun/config.json`. */
      readonly profilesFile?: string | undefined;
    };

/** Everything needed to talk to one site of Security Center as one identity. */
export interface SecurityCenterSettings {
  readonly site: Site;
  /** Scheme, host and port, without a trailing slash. */
  readonly endpoint: string;
  readonly credentials: CredentialSource;
  readonly transport: HttpSettings;
}

/** Names that the vendor's tools read, by family: an id of one never pairs with a secret of another. First found wins. */
const KEY_FAMILIES = [
  {
    id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    token: "ALIBABA_CLOUD_SECURITY_TOKEN",
  },
  { id: "ALICLOUD_ACCESS_KEY", secret: "ALICLOUD_SECRET_KEY", token: "ALICLOUD_SECURITY_TOKEN" },
  {
    id: "ALIBABACLOUD_ACCESS_KEY_ID",
    secret: "ALIBABACLOUD_ACCESS_KEY_SECRET",
    token: "ALIBABACLOUD_SECURITY_TOKEN",
  },
] as const;
const REGION_VARIABLES = ["ALIBABA_CLOUD_REGION", "ALICLOUD_REGION", "ALIBABACLOUD_REGION"] as const;
/** Terraform's name for another file of profiles of the aliyun command. */
const PROFILES_FILE_VARIABLE = "ALICLOUD_SHARED_CREDENTIALS_FILE";
const PROFILE_VARIABLES = ["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"] as const;

const HINT = [
  "Set one of these:",
  "- stack config: `pulumi config set alicloud:region cn-hangzhou` (or `securitycenter:site china`), then `pulumi config set --secret alicloud:accessKey` and `pulumi config set --secret alicloud:secretKey`, or `alicloud:profile`;",
  "- environment: ALIBABA_CLOUD_REGION, then ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY work too), or any other source of Alibaba Cloud's default credential chain;",
  '- in the program: `new Provider("…", { securitycenter: { site: "china", … } })` and the resource option `provider`.',
].join("\n");

/**
 * Reads the connection from Pulumi config (of the stack, or of an explicit `Provider`), then from the environment. A set of keys comes
 * whole from one source; half a pair is an error, never a reason to go on to another identity.
 *
 * @throws ConfigError naming everything that is missing or malformed, and every way to set it
 */
export function readSecurityCenterSettings(
  config: ConfigLookup,
  environment: Environment,
): SecurityCenterSettings {
  const reader = new SettingsReader(config, environment);
  const site = readSite(reader);
  const endpoint = readEndpoint(reader);
  const credentials = readCredentials(reader);
  const transport = reader.transport("securitycenter");
  reader.throwProblems("Security Center", HINT);
  if (site === undefined || credentials === undefined) {
    throw new Error("unreachable: a missing setting is reported as a problem");
  }
  return { site, endpoint: endpoint ?? `https://${SITE_HOSTS[site]}`, credentials, transport };
}

/** The values of these settings that must never be shown. */
export function secretsOf({ credentials }: SecurityCenterSettings): string[] {
  if (credentials.kind === "chain") {
    return [];
  }
  const { accessKeySecret, securityToken } = credentials.keys;
  return [accessKeySecret, ...(securityToken === undefined ? [] : [securityToken])];
}

function readSite(reader: SettingsReader): Site | undefined {
  const given = reader.text("securitycenter:site");
  if (given !== undefined) {
    const site = SITES.find((one) => one === given);
    if (site === undefined) {
      reader.complain(`securitycenter:site must be ${SITES.join(" or ")}.${didYouMean(given, SITES)}`);
    }
    return site;
  }
  const configured = reader.text("alicloud:region");
  const source =
    configured === undefined
      ? reader.variable(...REGION_VARIABLES)
      : { name: "alicloud:region", value: configured };
  if (source === undefined) {
    reader.complain("neither a site nor a region is given.");
    return undefined;
  }
  const site = siteOfRegion(source.value);
  if (site === undefined) {
    reader.complain(`${source.name} must be a region such as cn-hangzhou or ap-southeast-1.`);
  }
  return site;
}

function readEndpoint(reader: SettingsReader): string | undefined {
  const given = reader.text("securitycenter:endpoint");
  if (given === undefined) {
    return undefined;
  }
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) {
    reader.problem(
      "securitycenter:endpoint",
      "must be a URL with its scheme, such as https://tds.cn-shanghai.aliyuncs.com",
    );
    return undefined;
  }
  const url = new URL(given);
  if (
    url.username !== "" ||
    url.password !== "" ||
    url.search !== "" ||
    url.hash !== "" ||
    url.pathname !== "/"
  ) {
    reader.problem("securitycenter:endpoint", "must hold scheme, host and port only");
    return undefined;
  }
  return url.origin;
}

function readCredentials(reader: SettingsReader): CredentialSource | undefined {
  const configured = {
    id: reader.text("alicloud:accessKey"),
    secret: reader.text("alicloud:secretKey"),
    token: reader.text("alicloud:securityToken"),
  };
  const labels = { id: "alicloud:accessKey", secret: "alicloud:secretKey", token: "alicloud:securityToken" };
  if (Object.values(configured).some((value) => value !== undefined)) {
    return wholeSet(reader, configured, labels);
  }
  const profilesFile = reader.variable(PROFILES_FILE_VARIABLE)?.value;
  const profile = reader.text("alicloud:profile");
  if (profile !== undefined) {
    return { kind: "chain", profile, profilesFile };
  }
  for (const family of KEY_FAMILIES) {
    const values = {
      id: reader.variable(family.id)?.value,
      secret: reader.variable(family.secret)?.value,
      token: reader.variable(family.token)?.value,
    };
    if (Object.values(values).some((value) => value !== undefined)) {
      return wholeSet(reader, values, family);
    }
  }
  return { kind: "chain", profile: reader.variable(...PROFILE_VARIABLES)?.value, profilesFile };
}

type Parts<Value> = Record<"id" | "secret" | "token", Value>;

function wholeSet(
  reader: SettingsReader,
  { id, secret, token }: Parts<string | undefined>,
  labels: Parts<string>,
): CredentialSource | undefined {
  if (id !== undefined && secret !== undefined) {
    return { kind: "keys", keys: { accessKeyId: id, accessKeySecret: secret, securityToken: token } };
  }
  const missing = [id === undefined ? labels.id : "", secret === undefined ? labels.secret : ""].filter(
    (one) => one !== "",
  );
  const present = [
    id === undefined ? "" : labels.id,
    secret === undefined ? "" : labels.secret,
    token === undefined ? "" : labels.token,
  ].filter((one) => one !== "");
  const are = present.length > 1 ? "are" : "is";
  reader.complain(`${present.join(" and ")} ${are} set without ${missing.join(" and ")}.`);
  return undefined;
}
