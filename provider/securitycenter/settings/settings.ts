import type { HttpSettings } from "../../core/transport/http";
import { SettingsReader, type ConfigLookup, type Environment } from "../../core/settings/settings";
import { readCredentials, secretsOfSource, type CredentialSource } from "../credentials/credential-settings";
import { readTransport } from "../../core/settings/transport-settings";
import { securityCenterSettings } from "./table";
import { SITE_HOSTS, siteOfRegion, SITES, type Site } from "./sites";
import { parsedUrl } from "../../core/url";

/** Everything needed to talk to one site of Security Center as one identity. */
export interface SecurityCenterSettings {
  readonly site: Site;
  /** Scheme, host and port, without a trailing slash. */
  readonly endpoint: string;
  readonly credentials: CredentialSource;
  readonly transport: HttpSettings;
}

const HINT = [
  "Set one of these:",
  "- stack config: `pulumi config set alicloud:region cn-hangzhou` (or `securitycenter:site china`), then `pulumi config set --secret alicloud:accessKey` and `pulumi config set --secret alicloud:secretKey`, or `alicloud:profile`;",
  "- environment: ALIBABA_CLOUD_REGION (or SECURITYCENTER_SITE), then ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY work too), or any other source of Alibaba Cloud's default credential chain;",
  '- in the program: `new Provider("name", { securitycenter: { site: "china" } })` and the resource option `provider`.',
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
  const reader = new SettingsReader(config, environment, securityCenterSettings);
  const site = readSite(reader);
  const endpoint = readEndpoint(reader);
  const credentials = readCredentials(reader);
  watchEndpoints(reader, endpoint, credentials);
  const transport = readTransport(reader, "securitycenter");
  reader.throwProblems("Security Center", HINT);
  if (site === undefined || credentials === undefined) {
    throw new Error("unreachable: a missing setting is reported as a problem");
  }
  return { site, endpoint: endpoint ?? `https://${SITE_HOSTS[site]}`, credentials, transport };
}

/** The values of these settings that must never be shown. */
export function secretsOf({ credentials }: SecurityCenterSettings): string[] {
  return secretsOfSource(credentials);
}

function readSite(reader: SettingsReader): Site | undefined {
  const given = reader.text("securitycenter:site");
  if (given !== undefined) {
    return SITES.find((one) => one === given);
  }
  const configured = reader.text("alicloud:region");
  if (configured !== undefined) {
    return siteOfRegion(configured);
  }
  const named = reader.variableOf("securitycenter:site");
  if (named !== undefined) {
    return SITES.find((one) => one === named);
  }
  const variable = reader.variableOf("alicloud:region");
  if (variable === undefined) {
    reader.complain("Neither a site nor a region is given.");
    return undefined;
  }
  return siteOfRegion(variable);
}

/** The environment's endpoint belongs to the environment's site: it counts only where the config names none. */
function readEndpoint(reader: SettingsReader): string | undefined {
  const isPlaced = ["securitycenter:site", "alicloud:region"].some((key) => reader.text(key) !== undefined);
  const given =
    reader.text("securitycenter:endpoint") ??
    (isPlaced ? undefined : reader.variableOf("securitycenter:endpoint"));
  return given === undefined ? undefined : parsedUrl(given)?.origin;
}

/** `@pulumi/alicloud` takes other endpoints in a list of its own. Those that matter here have another place. */
function watchEndpoints(
  reader: SettingsReader,
  endpoint: string | undefined,
  credentials: CredentialSource | undefined,
): void {
  const given = reader.text("alicloud:endpoints") ?? "";
  const has = (service: string): boolean => new RegExp(`"${service}"\\s*:\\s*"[^"]`).test(given);
  if (has("sas") && endpoint === undefined) {
    reader.problem(
      "alicloud:endpoints",
      "holds sas, which is not read here: write it as securitycenter:endpoint, too",
    );
  }
  if (has("sts") && (credentials?.kind === "role" || credentials?.kind === "oidc")) {
    reader.problem(
      "alicloud:endpoints",
      "holds sts, which is not read here: say where roles are assumed by ALIBABA_CLOUD_STS_REGION instead, and with ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=true where that is a VPC",
    );
  }
}
