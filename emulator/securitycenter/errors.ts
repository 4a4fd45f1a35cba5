/** An error answer of the service (section 8). */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  /** `x-acs-retry-after`: milliseconds that a client should wait. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Throws an error answer. */
export function fail(status: number, code: string, message: string): never {
  throw new ApiFailure(status, code, message);
}

/** Refuses a request that lacks a parameter the gateway insists on. */
export function failMissing(name: string): never {
  fail(
    400,
    "MissingParameter",
    `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
  );
}

/** How the back end refuses a value: as other operations of the product do, or as a failure of its own (14.5). */
export function failBadInput(code: "IllegalParam" | "ServerError", message: string): never {
  if (code === "ServerError") {
    fail(500, "ServerError", "ServerError");
  }
  fail(400, "IllegalParam", message);
}

/** What the product says of an object that is not there, on its operations that say anything (8.2). */
export function failNotFound(id: number): never {
  fail(400, "DataNotExists", `The data ${String(id)} does not exist.`);
}
