import { isIPv6 } from "node:net";
import type { HttpSettings } from "../../core/transport/http";
import {
  PROVIDER_NOTES,
  SettingsReader,
  type ConfigLookup,
  type Environment,
} from "../../core/settings/settings";
import { readTransport } from "../../core/settings/transport-settings";
import { endpoint as endpointRule } from "./setting-rules";
import { zstackSettings } from "./table";
import { parsedUrl } from "../../core/url";

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

const HINT = [
  "Set one of these:",
  "- stack config: `pulumi config set zstack:endpoint http://<management-node>:8080`, then `zstack:accessKeyId` and " +
    "`pulumi config set --secret zstack:accessKeySecret`, or `zstack:accountName` and " +
    "`pulumi config set --secret zstack:accountPassword`;",
  "- environment: ZSTACK_ENDPOINT (or ZSTACK_HOST and ZSTACK_PORT), then ZSTACK_ACCESS_KEY_ID and " +
    "ZSTACK_ACCESS_KEY_SECRET, or ZSTACK_ACCOUNT_NAME and ZSTACK_ACCOUNT_PASSWORD;",
  '- in the program: `new Provider("name", { zstack: { endpoint: "http://10.0.0.5:8080" } })` and the resource option `provider`.',
].join("\n");

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
  const endpoint = missing === undefined ? readEndpoint(reader) : reader.text("zstack:endpoint");
  const credentials = missing === undefined ? readCredentials(reader) : undefined;
  const timezone = reader.text("zstack:timezone");
  const transport = readTransport(reader, "zstack");
  const jobTimeoutMs = reader.secondsAsMs("zstack:jobTimeoutSeconds");
  reader.throwProblems("ZStack", HINT);
  if (endpoint === undefined || credentials === undefined) {
    throw new Error("unreachable: a missing setting is reported as a problem");
  }
  return { endpoint, credentials, timezone, transport, jobTimeoutMs };
}

function readEndpoint(reader: SettingsReader): string | undefined {
  const configured = reader.text("zstack:endpoint");
  if (configured !== undefined) {
    return normaliseEndpoint(configured);
  }
  const variable = reader.variable("ZSTACK_ENDPOINT");
  if (variable !== undefined) {
    reader.check(variable.name, variable.value, endpointRule);
    return normaliseEndpoint(variable.value);
  }
  const host = reader.variable("ZSTACK_HOST");
  if (host !== undefined) {
    return endpointOfHost(host.value, reader.variable("ZSTACK_PORT")?.value ?? DEFAULT_PORT, reader);
  }
  reader.complain("No endpoint is given.");
  return undefined;
}

/** The endpoint at a host and a port, as the vendor's own Terraform provider takes them. */
function endpointOfHost(host: string, port: string, reader: SettingsReader): string | undefined {
  const name = isIPv6(host) ? `[${host}]` : host;
  if (!/^(?:[^\s/?#@:\\[\]]+|\[[\da-f:.]+\])$/i.test(name)) {
    reader.complain(
      "ZSTACK_HOST must be a host name or an address alone, such as 10.0.0.5; a URL belongs into ZSTACK_ENDPOINT.",
    );
    return undefined;
  }
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > MAX_PORT) {
    reader.complain(`ZSTACK_PORT must be a whole number from 1 to ${MAX_PORT}.`);
    return undefined;
  }
  const endpoint = `http://${name}:${port}`;
  reader.check("ZSTACK_HOST", endpoint, endpointRule);
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

function readCredentials(reader: SettingsReader): ZStackCredentials | undefined {
  const configured = {
    id: reader.text("zstack:accessKeyId"),
    keySecret: reader.secret("zstack:accessKeySecret"),
    name: reader.text("zstack:accountName"),
    password: reader.secret("zstack:accountPassword"),
  };
  if (Object.values(configured).some((value) => value !== undefined)) {
    return wholePair(reader, configured, {
      id: "zstack:accessKeyId",
      keySecret: "zstack:accessKeySecret",
      name: "zstack:accountName",
      password: "zstack:accountPassword",
    });
  }
  const variables = {
    id: "ZSTACK_ACCESS_KEY_ID",
    keySecret: "ZSTACK_ACCESS_KEY_SECRET",
    name: "ZSTACK_ACCOUNT_NAME",
    password: "ZSTACK_ACCOUNT_PASSWORD",
  };
  const values = {
    id: reader.variable(variables.id)?.value,
    keySecret: reader.secretVariable(variables.keySecret)?.value,
    name: reader.variable(variables.name)?.value,
    password: reader.secretVariable(variables.password)?.value,
  };
  return wholePair(reader, values, variables);
}

type Parts<Value> = Record<"id" | "keySecret" | "name" | "password", Value>;

/** The access key where one is given, else the account; whichever it is, both halves of it. */
function wholePair(
  reader: SettingsReader,
  values: Parts<string | undefined>,
  labels: Parts<string>,
): ZStackCredentials | undefined {
  const { id, keySecret, name, password } = values;
  if (id !== undefined || keySecret !== undefined) {
    if (id !== undefined && keySecret !== undefined) {
      return { kind: "accessKey", id, secret: keySecret };
    }
    reader.complain(
      id === undefined
        ? `${labels.keySecret} is set without ${labels.id}.`
        : `${labels.id} is set without ${labels.keySecret}.`,
    );
    return undefined;
  }
  if (name !== undefined && password !== undefined) {
    return { kind: "account", name, password };
  }
  if (name !== undefined) {
    reader.complain(`${labels.name} is set without ${labels.password}.`);
  } else if (password !== undefined) {
    reader.complain(`${labels.password} is set without ${labels.name}.`);
  } else {
    reader.complain("No credentials are given.");
  }
  return undefined;
}

/** Short words that stand in sentences of our own and of the server's: masked in there, they would only be told. */
const PLAIN_WORD = /^[A-Z]?[a-z]{1,8}$/;

/**
 * The values of these settings that must never be shown. An account password that is one short word, such as "password", is not among
 * them: it is sent as a hash only, and masking it would tear our own sentences apart and so tell what it is.
 */
export function secretsOf(settings: ZStackSettings): string[] {
  const { credentials } = settings;
  if (credentials.kind === "accessKey") {
    return [credentials.secret];
  }
  return PLAIN_WORD.test(credentials.password) ? [] : [credentials.password];
}
