import type { HttpSettings } from "../transport/http";
import { proxyProblem } from "../transport/proxy";
import { flag, seconds, wholeNumber } from "./setting-rules";
import { defineSettings } from "./setting-table";
import type { SettingsReader } from "./settings";

/** The settings that the connection to every cloud has, in its own namespace. */

const MAX_CONCURRENT_REQUESTS = 100;

/** Their entries. The type is the compiler's: it holds the comments. */
export function transportSettings<const Namespace extends string>(namespace: Namespace) {
  return defineSettings({
    /** PEM file with further certificates to trust: of an authority, an issuing one suffices, or of the server. A relative path counts from the folder of the program. */
    caFile: { key: `${namespace}:caFile`, kind: "string" },
    /** Accepts any certificate. For tests only: it gives the credentials to whoever answers. */
    insecureSkipVerify: { key: `${namespace}:insecureSkipVerify`, kind: "boolean", rule: flag },
    /** URL of an http or https proxy. The proxy variables of the environment count too. */
    // A secret, because it may hold the proxy's password.
    proxy: { key: `${namespace}:proxy`, kind: "string", secret: true, rule: proxyProblem },
    /** Seconds one request may take; 30 by default. */
    requestTimeoutSeconds: {
      key: `${namespace}:requestTimeoutSeconds`,
      kind: "number",
      default: 30,
      rule: seconds,
    },
    /** Requests under way at once; 10 by default. */
    maxConcurrentRequests: {
      key: `${namespace}:maxConcurrentRequests`,
      kind: "number",
      default: 10,
      rule: wholeNumber({ min: 1, max: MAX_CONCURRENT_REQUESTS }),
    },
  });
}

/** Reads them. */
export function readTransport(reader: SettingsReader, namespace: string): HttpSettings {
  const caFile = reader.text(`${namespace}:caFile`);
  const proxy = reader.text(`${namespace}:proxy`);
  return {
    requestTimeoutMs: reader.secondsAsMs(`${namespace}:requestTimeoutSeconds`),
    maxConcurrentRequests: reader.integer(`${namespace}:maxConcurrentRequests`),
    insecureSkipVerify: reader.flag(`${namespace}:insecureSkipVerify`) ?? false,
    ...(caFile === undefined ? {} : { caFile }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
