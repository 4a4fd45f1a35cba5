/**
 * Which proxy a request goes through: the `proxy` setting, else the environment, minus what NO_PROXY exempts.
 *
 * NO_PROXY is read as curl and Go read it, because the same variable also steers the Pulumi engine: a name covers
 * its subdomains, a name with a leading dot only them, an address or a range (`10.0.0.0/8`) covers addresses, a
 * port narrows an entry, `*` covers everything. A name may be written in Unicode or in its ASCII form (`xn--…`), on
 * either side. It also exempts from an explicit proxy, as curl's `--proxy` does.
 * Nothing else is exempt, loopback included.
 */
import { BlockList, isIP, isIPv6 } from "node:net";
import { hostProblem } from "./address";
import { ConfigError } from "../errors";
import { parsedUrl } from "../url";

/** The environment variables a decision reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A forward proxy. */
export interface Proxy {
  /** Scheme, host and port, for messages. Never the credentials. */
  readonly origin: string;
  /** Whether the proxy itself is spoken to over TLS. */
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`, when the URL carries credentials. */
  readonly authorization: string | undefined;
}

const WAYS_TO_WRITE_A_PROXY =
  "Write it as http://host:port or https://host:port, with user:password@ before the host if it asks for them " +
  "(percent-encode special characters in the password).";

/** The proxy for `target`, or `undefined` for a direct connection. Throws `ConfigError` for a malformed one. */
export function proxyFor(
  target: URL,
  setting: string | undefined,
  environment: Environment,
): Proxy | undefined {
  const configured = setting
    ? { text: setting, source: "The setting proxy", schemeRequired: true }
    : fromEnvironment(target.protocol, environment);
  if (configured === undefined || isExempt(target, first(environment, "no_proxy")?.text ?? "")) {
    return undefined;
  }
  return parseProxy(configured);
}

/** What is wrong with the setting `proxy`, as continuation of "`setting` …". Quotes nothing of it but the host. */
export function proxyProblem(setting: string): string | undefined {
  try {
    parseProxy({ text: setting, source: "", schemeRequired: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    const [what = ""] = error.message.split("\n", 1);
    return `${what.trim()} ${error.hint ?? ""}`.replace(/\.$/, "");
  }
}

/** What a setting and the environment hold of proxies that must never be shown: passwords, as written and as sent. */
export function proxySecrets(setting: string | undefined, environment: Environment): string[] {
  const texts = [setting, ...PROXY_VARIABLES.map((name) => first(environment, name)?.text)];
  return texts.flatMap((text) => {
    if (text === undefined) {
      return [];
    }
    const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
    // What is no URL may be a password in the wrong place.
    if (parsedUrl(written) === undefined) {
      return [text];
    }
    const url = new URL(written);
    if (url.password === "") {
      return [];
    }
    try {
      const sent = basicAuthorizationOf(url)?.replace(/^Basic /, "") ?? "";
      return [url.password, decodeURIComponent(url.password), sent];
    } catch (error) {
      if (!(error instanceof URIError)) {
        throw error;
      }
      return [url.password];
    }
  });
}

const PROXY_VARIABLES = ["http_proxy", "https_proxy", "all_proxy"] as const;

interface ConfiguredProxy {
  readonly text: string;
  readonly source: string;
  /** Environment variables traditionally also hold a bare `host:port`. */
  readonly schemeRequired: boolean;
}

function fromEnvironment(protocol: string, environment: Environment): ConfiguredProxy | undefined {
  const found =
    first(environment, protocol === "https:" ? "https_proxy" : "http_proxy") ??
    first(environment, "all_proxy");
  return (
    found && { text: found.text, source: `The environment variable ${found.name}`, schemeRequired: false }
  );
}

/** A variable under its lower-case name, else its upper-case one; empty counts as absent. */
function first(environment: Environment, name: string): { name: string; text: string } | undefined {
  for (const candidate of [name, name.toUpperCase()]) {
    const text = environment[candidate]?.trim();
    if (text) {
      return { name: candidate, text };
    }
  }
  return undefined;
}

function parseProxy({ text, source, schemeRequired }: ConfiguredProxy): Proxy {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const written = hasScheme || schemeRequired ? text : `http://${text}`;
  const url = parsedUrl(written);
  // The text may hold a password, so no message quotes it.
  if (url === undefined || url.hostname === "") {
    throw new ConfigError(`${source} is not a URL.`, { hint: WAYS_TO_WRITE_A_PROXY });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ConfigError(`${source} names a kind of proxy that is not supported.`, {
      // With `user:password@host` and no scheme the "scheme" would be the user name, hence only well-known ones.
      facts: { Scheme: /^socks[45]?[ah]?:$/.test(url.protocol) ? url.protocol.slice(0, -1) : undefined },
      hint: `${WAYS_TO_WRITE_A_PROXY} To reach a service without the proxy, add its host to NO_PROXY.`,
    });
  }
  const problem = hostProblem(written);
  if (problem !== undefined) {
    throw new ConfigError(`${source} ${problem}.`, { hint: WAYS_TO_WRITE_A_PROXY });
  }
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return {
    origin: `${url.protocol}//${url.hostname}:${port}`,
    secure,
    host: withoutBrackets(url.hostname),
    port,
    authorization: basicAuthorization(url, source),
  };
}

function basicAuthorization(url: URL, source: string): string | undefined {
  try {
    return basicAuthorizationOf(url);
  } catch (error) {
    if (!(error instanceof URIError)) {
      throw error;
    }
    throw new ConfigError(`${source} has a user name or password with a broken percent-encoding.`, {
      hint: "Write a literal % as %25.",
    });
  }
}

function basicAuthorizationOf(url: URL): string | undefined {
  if (url.username === "" && url.password === "") {
    return undefined;
  }
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`;
}

function isExempt(target: URL, noProxy: string): boolean {
  const host = canonicalHost(target.hostname);
  const port = target.port === "" ? (target.protocol === "https:" ? 443 : 80) : Number(target.port);
  return noProxy.split(/[\s,]+/).some((entry) => entry !== "" && covers(entry.toLowerCase(), host, port));
}

function covers(entry: string, host: string, port: number): boolean {
  if (entry === "*") {
    return true;
  }
  const range = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})$/.exec(entry);
  if (range !== null) {
    return isInRange(host, range[1] ?? "", Number(range[2]));
  }
  const [, bracketed, plain, narrowed] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  if (narrowed !== undefined && Number(narrowed) !== port) {
    return false;
  }
  // An entry that fits neither form is an IPv6 address without brackets.
  const name = canonicalHost(inAscii((bracketed ?? plain ?? entry).replace(/^\*(?=\.)/, "")));
  if (name.startsWith(".")) {
    return host.endsWith(name);
  }
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

/** A name in the form in which hosts of URLs come: `监控.example` is `xn--…`. */
function inAscii(name: string): string {
  const [, dot = "", rest = ""] = /^(\.?)(.*)$/.exec(name) ?? [];
  const isAscii = /^[\x20-\x7e]*$/.test(rest);
  const url = isAscii ? undefined : parsedUrl(`http://${rest}`);
  return url === undefined ? name : dot + url.hostname;
}

function isInRange(host: string, network: string, prefixBits: number): boolean {
  const family = isIP(network);
  if (family === 0 || family !== isIP(host) || prefixBits > (family === 4 ? 32 : 128)) {
    return false;
  }
  const kind = family === 4 ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(network, prefixBits, kind);
  return range.check(host, kind);
}

function canonicalHost(host: string): string {
  const bare = withoutBrackets(host).replace(/\.$/, "");
  return isIPv6(bare) ? withoutBrackets(new URL(`http://[${bare}]`).hostname) : bare;
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
