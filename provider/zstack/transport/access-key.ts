import { createHmac } from "node:crypto";

/** The parts of a request that an access key signs. Body and query string are not among them. */
export interface SignedParts {
  readonly method: string;
  /** The `Date` header, letter by letter. */
  readonly date: string;
  /** The percent-decoded path after the context path, from `/v1` on. */
  readonly path: string;
}

/** The `Authorization` header of a request signed with an access key (HMAC-SHA1, base64; fact sheet 2.4). */
export function accessKeyAuthorization(id: string, secret: string, parts: SignedParts): string {
  const signature = createHmac("sha1", secret)
    .update(`${parts.method}\n${parts.date}\n${parts.path}`)
    .digest("base64");
  return `ZStack ${id}:${signature}`;
}
