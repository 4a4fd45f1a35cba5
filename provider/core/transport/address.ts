/**
 * Addresses as people write them. Parsing a URL turns some of them into others without a word: `010.0.0.5` into 8.0.0.5, `10.5` into
 * 10.0.0.5, full-width letters into ASCII. Credentials must not go to another machine than the one that was written.
 */
import { isIPv4 } from "node:net";
import { parsedUrl } from "../url";

/** Letters of names outside ASCII that cannot be taken for ASCII letters: Chinese, Japanese, Korean, and Latin letters with accents. */
const DISTINCT_NAME =
  /^[\w.\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}à-öø-ÿー-]+$/iu;

/**
 * What is wrong with the host of a URL that can be parsed, as continuation of "`setting` …"; `undefined` when it is the host that was
 * written. Quotes the host that parsing makes of it, and nothing else.
 */
export function hostProblem(written: string): string | undefined {
  const { hostname } = new URL(written);
  const [, host = ""] =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#\\@]*@)?(\[[^\]]*\]|[^/?#\\:@]*)/i.exec(written) ?? [];
  // The forms of an IPv6 address differ in zeros and capitals only.
  if (host.startsWith("[") || host.toLowerCase() === hostname) {
    return undefined;
  }
  if (isIPv4(hostname)) {
    return `holds an address that means ${hostname}: write the address as four decimal numbers without leading zeros, such as 10.0.0.5`;
  }
  if (hostname.includes("xn--") && DISTINCT_NAME.test(host.normalize("NFC"))) {
    return undefined;
  }
  return `holds a host name that means ${hostname}: write it in this form, so that no letter can be taken for another`;
}

/** What may follow the host of an address. */
interface Allowed {
  readonly path: boolean;
}

/** What is wrong with the address of a service, as continuation of "`setting` …". */
export function endpointProblem(given: string, example: string, { path }: Allowed): string | undefined {
  if (!/^https?:\/\//i.test(given)) {
    return `must be a URL with its scheme, such as ${example}`;
  }
  // URL parsing skips line breaks and takes a backslash for a slash.
  const url = /[\s\\]/.test(given) ? undefined : parsedUrl(given);
  if (url === undefined) {
    return "is not a valid URL";
  }
  if (
    url.username !== "" ||
    url.password !== "" ||
    url.search !== "" ||
    url.hash !== "" ||
    (!path && url.pathname !== "/")
  ) {
    return path
      ? "must hold scheme, host, port and path only; credentials have settings of their own"
      : "must hold scheme, host and port only";
  }
  return hostProblem(given);
}
