import { isIPv6 } from "node:net";
import { invalid } from "../rest/errors";
import { parseInt32 } from "../rest/java";

/** Schemes that the Java runtime has a handler for (section 12.11). */
const JAVA_SCHEMES = new Set(["http", "https", "ftp", "file", "mailto", "jar"]);

/** The host of a URL that `java.net.URL` accepts, or `undefined` if it refuses the text (sections 5.2, 12.11). */
function javaUrlHost(url: string): { host: string } | undefined {
  const found = /^([a-z][a-z0-9.+-]*):(.*)$/is.exec(url.replace(/^url:/i, ""));
  const [, scheme = "", rest = ""] = found ?? [];
  if (found === null || !JAVA_SCHEMES.has(scheme.toLowerCase())) {
    return undefined;
  }
  if (scheme.toLowerCase() === "jar" && !rest.includes("!/")) {
    return undefined;
  }
  const spec = rest.replace(/#[^]*$/, "");
  if (!spec.startsWith("//")) {
    return { host: "" };
  }
  const [authority = ""] = spec.slice(2).split(/[/?]/);
  const hostPort = authority.slice(authority.lastIndexOf("@") + 1);
  if (hostPort.startsWith("[")) {
    const end = hostPort.indexOf("]");
    const host = hostPort.slice(1, Math.max(end, 1));
    const after = hostPort.slice(end + 1);
    if (end < 0 || !isIPv6(host.replace(/%.*$/, ""))) {
      return undefined;
    }
    return after === "" || (after.startsWith(":") && isPort(after.slice(1))) ? { host } : undefined;
  }
  const colon = hostPort.indexOf(":");
  if (colon < 0) {
    return { host: hostPort };
  }
  return isPort(hostPort.slice(colon + 1)) ? { host: hostPort.slice(0, colon) } : undefined;
}

/** An empty port is none and -1 stands for none too; 99999 passes; other negative numbers, letters and what has more than 32 bits do not (12.11). */
function isPort(text: string): boolean {
  return text === "" || (parseInt32(text) ?? -2) >= -1;
}

/** The server's check of an endpoint's URL: parsable, and no impossible IPv4 address (section 5.2). */
export function checkWebhookUrl(url: string): void {
  const parsed = javaUrlHost(url);
  if (parsed === undefined) {
    invalid(`invalid url[${url}]`, `无效的url[${url}]`);
  }
  const { host } = parsed;
  // Only four groups of digits look like an address: http://1.2.3/x passes (12.11).
  const looksLikeIp = /^\d+\.\d+\.\d+\.\d+$/.test(host);
  if (looksLikeIp && host.split(".").some((part) => Number(part) > 255)) {
    invalid(`[${host}] is not a legal ip`, `[${host}]不是合法的ip`);
  }
}
