import { SettingsReader, type ConfigLookup, type Environment } from "../../core/settings/settings";
import { readTransport } from "../../core/settings/transport-settings";
import type { HttpSettings } from "../../core/transport/http";
import { parsedUrl } from "../../core/url";
import { readCredentials, secretsOfSource, type CredentialSource } from "../credentials/credential-settings";
import { SITE_HOSTS, siteOfRegion, SITES, type Site } from "./sites";
import { securityCenterSettings, settings } from "./table";

/** Everything needed to talk to one site of Security Center as one identity. */
export interface SecurityCenterSettings {
  readonly site: Site;
  /** Scheme, host and port, without a trailing slash. */
  readonly endpoint: string;
  readonly credentials: CredentialSource;
  readonly transport: HttpSettings;
}

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
  const endpoint = readEndpoint(reader, site);
  const credentials = readCredentials(reader);
  watchEndpoints(reader, endpoint, credentials);
  const transport = readTransport(reader, "securitycenter");
  reader.throwProblems();
  if (site === undefined || credentials === undefined) {
    throw new Error("unreachable: a missing setting is reported as a problem");
  }
  return { site, endpoint: endpoint ?? `https://${SITE_HOSTS[site]}`, credentials, transport };
}

/** The values of these settings that must never be shown. */
export function secretsOf({ credentials }: SecurityCenterSettings): string[] {
  return secretsOfSource(credentials);
}

/** The site that the config or the environment names; within, `undefined` for a name that is none. */
interface NamedSite {
  readonly site: Site | undefined;
}

function readSite(reader: SettingsReader): Site | undefined {
  const named = siteOfConfig(reader) ?? siteOfEnvironment(reader);
  if (named === undefined) {
    reader.complain("Neither a site nor a region is given.");
  }
  return named?.site;
}

function siteOfConfig(reader: SettingsReader): NamedSite | undefined {
  if (reader.has(settings.site)) {
    return { site: reader.configured(settings.site) };
  }
  const region = reader.configured(settings.region);
  return region === undefined ? undefined : { site: siteOfRegion(region) };
}

function siteOfEnvironment(reader: SettingsReader): NamedSite | undefined {
  const site = reader.variable(settings.site);
  if (site !== undefined) {
    return { site: SITES.find((one) => one === site.value) };
  }
  const region = reader.variable(settings.region);
  return region === undefined ? undefined : { site: siteOfRegion(region.value) };
}

/**
 * The endpoint of the config, else of the environment. That belongs to the site which the environment names: where the config names the
 * other one, its requests must not go there.
 */
function readEndpoint(reader: SettingsReader, site: Site | undefined): string | undefined {
  const configured = reader.configured(settings.endpoint);
  if (configured !== undefined) {
    return parsedUrl(configured)?.origin;
  }
  const variable = reader.variable(settings.endpoint);
  if (variable === undefined) {
    return undefined;
  }
  const ofEnvironment = siteOfEnvironment(reader);
  const isOfOtherSite = ofEnvironment !== undefined && ofEnvironment.site !== site;
  return isOfOtherSite ? undefined : parsedUrl(variable.value)?.origin;
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
