/** The settings of the connection to every cloud, in its own namespace. */
import { proxyProblem } from "../transport/proxy";
import type { HttpSettings } from "../transport/http";
import type { SettingsReader } from "./settings";
import { inNamespace, type Setting } from "./table";

/** A time span. */
export const SECONDS = { kind: "integer", min: 1, max: 86_400 } as const;

const MS_PER_SECOND = 1000;

/** Their entries. */
export const TRANSPORT_SETTINGS = {
  /** PEM file with further certificates to trust: of an authority, an issuing one suffices, or of the server. A relative path counts from the folder of the program. */
  caFile: { shape: { kind: "text" } },
  /** Accepts any certificate. For tests only: it gives the credentials to whoever answers. */
  insecureSkipVerify: { shape: { kind: "flag" }, default: false },
  /** URL of an http or https proxy. The proxy variables of the environment count too. */
  proxy: { shape: { kind: "text", form: "URL" }, secret: true, rule: proxyProblem },
  /** Seconds one request may take; 30 by default. */
  requestTimeoutSeconds: { shape: SECONDS, default: 30 },
  /** Requests under way at once; 10 by default. */
  maxConcurrentRequests: { shape: { kind: "integer", min: 1, max: 100 }, default: 10 },
} as const satisfies Record<string, Omit<Setting, "key">>;

/** Reads them. */
export function readTransport(reader: SettingsReader, namespace: string): HttpSettings {
  const settings = inNamespace(namespace, TRANSPORT_SETTINGS);
  const caFile = reader.value(settings.caFile);
  const proxy = reader.value(settings.proxy);
  return {
    requestTimeoutMs: reader.value(settings.requestTimeoutSeconds) * MS_PER_SECOND,
    maxConcurrentRequests: reader.value(settings.maxConcurrentRequests),
    insecureSkipVerify: reader.value(settings.insecureSkipVerify),
    ...(caFile === undefined ? {} : { caFile }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
