import { isIPv6 } from "node:net";
import {
  PROVIDER_NOTES,
  SettingsReader,
  type ConfigLookup,
  type Environment,
} from "../../core/settings/settings";
import { readTransport } from "../../core/settings/transport-settings";
import type { HttpSettings } from "../../core/transport/http";
import { parsedUrl } from "../../core/url";
import { settings, zstackSettings } from "./table";

/** Who calls the API. An access key never expires; an account logs in and gets a session. */
export type ZStackCredentials =
  | { readonly kind: "accessKey"; readonly id: string; readonly secret: string }
  | { readonly kind: "account"; readonly name: string; readonly password: string };

/** Everything needed to talk to one ZStack management node. */
export interface ZStackSettings {
  /** Scheme, host, port and context path, without a trailing slash: `http://10.0.0.5:8080/zstack`. */
  readonly endpoint: string;
  readonly credentials: ZStackCredentials;
  /** The management node's time zone, for access keys; measured when not given. */
  readonly timezone: string | undefined;
  readonly transport: HttpSettings;
  /** How long one asynchronous job may take. */
  readonly jobTimeoutMs: number;
}

// Source of port and path: the defaults of the vendor's server and of all its clients.
const DEFAULT_PORT = "8080";
const MAX_PORT = 65_535;
const DEFAULT_CONTEXT_PATH = "/zstack";
const MS_PER_SECOND = 1000;

const [URL_VARIABLE, [HOST_VARIABLE, PORT_VARIABLE]] = settings.endpoint.environment;

/**
 * Reads the connection from Pulumi config (of the stack, or of an explicit `Provider`), then from the environment.
 * A pair of credentials always comes whole from one of the two; half a pair is an error, never a reason to look on.
 *
 * @throws ConfigError naming everything that is missing or malformed, and every way to set it
 */
export function readZStackSettings(config: ConfigLookup, environment: Environment): ZStackSettings {
  const reader = new SettingsReader(config, environment, zstackSettings);
  const missing = reader.text(`zstack:${PROVIDER_NOTES.missing}`);
  if (missing !== undefined) {
    reader.complain(`The Provider was given outputs without a value for ${missing.replaceAll(",", ", ")}.`);
  }
  const endpoint = missing === undefined ? readEndpoint(reader) : reader.configured(settings.endpoint);
  const credentials = missing === undefined ? readCredentials(reader) : undefined;
  const timezone = reader.value(settings.timezone);
  const transport = readTransport(reader, "zstack");
  const jobTimeoutMs = reader.value(settings.jobTimeoutSeconds) * MS_PER_SECOND;
  reader.throwProblems();
  if (endpoint === undefined || credentials === undefined) {
    throw new Error("unreachable: a missing setting is reported as a problem");
  }
  return { endpoint, credentials, timezone, transport, jobTimeoutMs };
}

function readEndpoint(reader: SettingsReader): string | undefined {
  const given = reader.value(settings.endpoint);
  if (given !== undefined) {
    return normaliseEndpoint(given);
  }
  const host = reader.partialVariable(HOST_VARIABLE);
  if (host !== undefined) {
    return endpointOfHost(host, reader.partialVariable(PORT_VARIABLE) ?? DEFAULT_PORT, reader);
  }
  reader.complain("No endpoint is given.");
  return undefined;
}

/** The endpoint at a host and a port, as the vendor's own Terraform provider takes them. */
function endpointOfHost(host: string, port: string, reader: SettingsReader): string | undefined {
  const name = isIPv6(host) ? `[${host}]` : host;
  if (!/^(?:[^\s/?#@:\\[\]]+|\[[\da-f:.]+\])$/i.test(name)) {
    reader.problem(
      HOST_VARIABLE,
      `must be a host name or an address alone, such as 10.0.0.5; a URL belongs into ${URL_VARIABLE}`,
    );
    return undefined;
  }
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > MAX_PORT) {
    reader.problem(PORT_VARIABLE, `must be a whole number from 1 to ${MAX_PORT}`);
    return undefined;
  }
  const endpoint = `http://${name}:${port}`;
  reader.check(HOST_VARIABLE, endpoint, settings.endpoint.rule);
  return normaliseEndpoint(endpoint);
}

/** The endpoint as it is called; `undefined` for what is no URL, which is noted where it is read. */
function normaliseEndpoint(given: string): string | undefined {
  if (parsedUrl(given) === undefined) {
    return undefined;
  }
  const url = new URL(given);
  const path = url.pathname.replace(/\/+$/, "").replace(/\/v1$/, "");
  return `${url.origin}${path === "" ? DEFAULT_CONTEXT_PATH : path}`;
}

/** A part of the credentials, and what to call it in sentences. */
interface Part {
  readonly label: string;
  readonly value: string | undefined;
}

const KEY = [settings.accessKeyId, settings.accessKeySecret] as const;
const ACCOUNT = [settings.accountName, settings.accountPassword] as const;
type PartOfCredentials = (typeof KEY | typeof ACCOUNT)[number];

function readCredentials(reader: SettingsReader): ZStackCredentials | undefined {
  const inConfig = (setting: PartOfCredentials): Part => ({
    label: setting.key,
    value: reader.configured(setting),
  });
  const inEnvironment = (setting: PartOfCredentials): Part => ({
    label: setting.environment[0],
    value: reader.variable(setting)?.value,
  });
  const isConfigured = [...KEY, ...ACCOUNT].map(inConfig).some(({ value }) => value !== undefined);
  const found = isConfigured ? inConfig : inEnvironment;
  const [id, secret] = [found(KEY[0]), found(KEY[1])];
  const [name, password] = [found(ACCOUNT[0]), found(ACCOUNT[1])];
  if (id.value !== undefined || secret.value !== undefined) {
    return wholePair(reader, id, secret, (one, other) => ({ kind: "accessKey", id: one, secret: other }));
  }
  if (name.value !== undefined || password.value !== undefined) {
    return wholePair(reader, name, password, (one, other) => ({
      kind: "account",
      name: one,
      password: other,
    }));
  }
  reader.complain("No credentials are given.");
  return undefined;
}

/** Credentials of which one half is given: both, or a complaint about the other. */
function wholePair(
  reader: SettingsReader,
  first: Part,
  second: Part,
  credentials: (first: string, second: string) => ZStackCredentials,
): ZStackCredentials | undefined {
  if (first.value !== undefined && second.value !== undefined) {
    return credentials(first.value, second.value);
  }
  const [given, missing] = first.value === undefined ? [second, first] : [first, second];
  reader.complain(`${given.label} is set without ${missing.label}.`);
  return undefined;
}

/** Short words that stand in sentences of our own and of the server's: masked in there, they would only be told. */
const PLAIN_WORD = /^[A-Z]?[a-z]{1,8}$/;

/**
 * The values of these settings that must never be shown. An account password that is one short word, such as "password", is not among
 * them: it is sent as a hash only, and masking it would tear our own sentences apart and so tell what it is.
 */
export function secretsOf({ credentials }: ZStackSettings): string[] {
  if (credentials.kind === "accessKey") {
    return [credentials.secret];
  }
  return PLAIN_WORD.test(credentials.password) ? [] : [credentials.password];
}
