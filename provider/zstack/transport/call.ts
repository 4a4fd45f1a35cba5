/** A call, as the vendor documents it. */
export interface ZStackCall {
  /** The vendor's name of the operation. */
  readonly action: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the context path, starting with `/v1`; segments are percent-encoded by the caller. */
  readonly path: string;
  readonly body?: object;
  /** Query parameters in order; a name may repeat. */
  readonly parameters?: readonly (readonly [name: string, value: string])[];
  /** Sent without `Authorization`. */
  readonly anonymous?: true;
}

/** What bounds a call from outside. A lifecycle's context is one. */
export interface CallScope {
  readonly signal?: AbortSignal | undefined;
  readonly log?: { progress(message: string): void } | undefined;
}
