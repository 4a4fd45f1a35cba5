import type { Input } from "@pulumi/pulumi";

/** Settings that the connection to every cloud has. */
export interface TransportArgs {
  /** PEM file with further certificates to trust: of an authority, an issuing one suffices, or of the server. A relative path counts from the folder of the program. */
  readonly caFile?: Input<string>;
  /** Accepts any certificate. For tests only: it gives the credentials to whoever answers. */
  readonly insecureSkipVerify?: Input<boolean>;
  /** URL of an http or https proxy. The proxy variables of the environment count too. */
  readonly proxy?: Input<string>;
  /** Seconds one request may take; 30 by default. */
  readonly requestTimeoutSeconds?: Input<number>;
  /** Requests under way at once; 10 by default. */
  readonly maxConcurrentRequests?: Input<number>;
}

/** Their config keys in the namespace of a cloud. */
export function transportConfigKeys(namespace: string): Record<keyof TransportArgs, string> {
  return {
    caFile: `${namespace}:caFile`,
    insecureSkipVerify: `${namespace}:insecureSkipVerify`,
    proxy: `${namespace}:proxy`,
    requestTimeoutSeconds: `${namespace}:requestTimeoutSeconds`,
    maxConcurrentRequests: `${namespace}:maxConcurrentRequests`,
  };
}

/** Those that are encrypted: a proxy's URL may hold its password. */
export const TRANSPORT_SECRETS: readonly (keyof TransportArgs)[] = ["proxy"];

/** Those that are no text. */
export const TRANSPORT_KINDS = {
  insecureSkipVerify: "boolean",
  requestTimeoutSeconds: "number",
  maxConcurrentRequests: "number",
} as const;
