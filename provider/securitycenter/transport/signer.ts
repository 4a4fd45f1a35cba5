import { createHash, createHmac } from "node:crypto";

/**
 * Alibaba Cloud's request signature, version 3 (ACS3-HMAC-SHA256), as small pure steps: sheet 2.1. Date and nonce are
 * parameters, and every attempt of a call needs new ones.
 */

const ALGORITHM = "ACS3-HMAC-SHA256";
const SIGNED_HEADER = /^(?:host|content-type|x-acs-.*)$/;

/** Keys of an identity; with a security token they are temporary. */
export interface AccessKeys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
}

/** A call of the RPC style: one path, the operation named in a header, parameters in the query. */
export interface RpcRequest {
  readonly method: "GET" | "POST";
  /** Host and, unless it is the scheme's own, port: exactly what the `Host` header will say. */
  readonly host: string;
  readonly action: string;
  readonly version: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The instant of the attempt, epoch milliseconds. */
  readonly nowMs: number;
  readonly nonce: string;
}

/** A signed call, ready to be sent without a body. */
export interface SignedRequest {
  /** Percent-encoded; goes on the wire letter by letter. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs a call with an empty body. */
export function sign(request: RpcRequest, keys: AccessKeys): SignedRequest {
  const payloadHash = sha256Hex("");
  const query = canonicalQuery(request.parameters);
  const headers = headersToSign(request, keys, payloadHash);
  const names = signedNames(headers);
  const canonical = canonicalRequest(request.method, query, headers, names, payloadHash);
  const signature = createHmac("sha256", keys.accessKeySecret).update(stringToSign(canonical)).digest("hex");
  const authorization = `${ALGORITHM} Credential=${keys.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return { query, headers: { ...headers, authorization } };
}

/** RFC 3986: everything but letters, digits and `-_.~` is percent-encoded, in UTF-8 and upper case. */
export function encode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Parameters sorted by name, encoded, joined; an empty value keeps its `=`. */
export function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? "")}`)
    .join("&");
}

/** The text whose hash is signed. An empty line separates the header block from the list of its names. */
export function canonicalRequest(
  method: string,
  query: string,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
  payloadHash: string,
): string {
  const block = names.map((name) => `${name}:${(headers[name] ?? "").trim()}\n`).join("");
  return [method, "/", query, block, names.join(";"), payloadHash].join("\n");
}

/** What is signed: the algorithm and the hash of the canonical request. */
export function stringToSign(canonical: string): string {
  return `${ALGORITHM}\n${sha256Hex(canonical)}`;
}

/** Lower-case hex SHA-256 of a text in UTF-8. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function headersToSign(request: RpcRequest, keys: AccessKeys, payloadHash: string): Record<string, string> {
  return {
    host: request.host,
    "x-acs-action": request.action,
    "x-acs-content-sha256": payloadHash,
    "x-acs-date": new Date(request.nowMs).toISOString().replace(/\.\d{3}Z$/, "Z"),
    "x-acs-signature-nonce": request.nonce,
    "x-acs-version": request.version,
    ...(keys.securityToken === undefined
      ? {}
      : { "x-acs-accesskey-id": keys.accessKeyId, "x-acs-security-token": keys.securityToken }),
  };
}

function signedNames(headers: Readonly<Record<string, string>>): string[] {
  return Object.keys(headers)
    .filter((name) => SIGNED_HEADER.test(name))
    .sort();
}
