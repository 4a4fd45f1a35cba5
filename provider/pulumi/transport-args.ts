import type { Input } from "@pulumi/pulumi";

/** Settings that the connection to every cloud has. */
export interface TransportArgs {
  /** PEM file with further certificate authorities to trust. */
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

/** Their config keys. A proxy's URL may hold its password. */
export const transportSettings = {
  keys: ["caFile", "insecureSkipVerify", "proxy", "requestTimeoutSeconds", "maxConcurrentRequests"],
  secrets: ["proxy"],
} as const satisfies Record<string, readonly (keyof TransportArgs)[]>;
