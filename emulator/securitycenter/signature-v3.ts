import { createHash, createHmac } from "node:crypto";
import { header, type WireRequest } from "../frame/exchange";
import type { Claim } from "./claim";
import { fail, failMissing } from "./errors";
import { canonicalQuery } from "./percent-encoding";
import type { RpcRequest } from "./rpc-request";

const ALGORITHM = "ACS3-HMAC-SHA256";
const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+),SignedHeaders=([^,\s]+),Signature=([0-9a-f]{64})$/;

/** Reads a request signed with ACS3-HMAC-SHA256 (section 2.1, 16.1). */
export function readV3(request: RpcRequest): Claim {
  const { wire } = request;
  const parts = AUTHORIZATION.exec(header(wire, "authorization") ?? "");
  if (parts === null) {
    fail(
      400,
      "IncompleteSignature",
      `The Authorization header must be "${ALGORITHM} Credential=…,SignedHeaders=…,Signature=…".`,
    );
  }
  const [, accessKeyId = "", signedHeaders = "", signature = ""] = parts;
  const names = signedHeaders.split(";");
  requireCoverage(wire, names);
  const nonce = header(wire, "x-acs-signature-nonce") ?? failMissing("x-acs-signature-nonce");
  const payloadHash = header(wire, "x-acs-content-sha256") ?? failMissing("x-acs-content-sha256");
  const namedKeyId = header(wire, "x-acs-accesskey-id");
  if (namedKeyId !== undefined && namedKeyId !== accessKeyId) {
    fail(400, "IncompleteSignature", "x-acs-accesskey-id and the Credential of Authorization differ.");
  }

  const canonical = canonicalRequest(request, names, payloadHash);
  const stringToSign = `${ALGORITHM}\n${sha256(canonical)}`;
  return {
    accessKeyId,
    securityToken: header(wire, "x-acs-security-token"),
    timestamp: header(wire, "x-acs-date"),
    nonce,
    signature,
    bodyIntact: payloadHash === sha256(wire.body),
    stringToSign,
    canonicalRequest: canonical,
    sign: (secret) => createHmac("sha256", secret).update(stringToSign).digest("hex"),
  };
}

/** The canonical request over the headers that the client says it signed, in sorted order. */
export function canonicalRequest(
  request: RpcRequest,
  signedNames: readonly string[],
  payloadHash: string,
): string {
  const { wire, query } = request;
  const names = signedNames.map((name) => name.toLowerCase()).sort();
  const lines = names.map((name) => `${name}:${(header(wire, name) ?? "").trim()}\n`).join("");
  return [wire.method, wire.path, canonicalQuery(query), lines, names.join(";"), payloadHash].join("\n");
}

/** Whoever leaves one of these headers unsigned lets others change the call. */
function requireCoverage(wire: WireRequest, signedNames: readonly string[]): void {
  const signed = new Set(signedNames);
  const needed = Object.keys(wire.headers).filter(
    (name) => name === "host" || name === "content-type" || name.startsWith("x-acs-"),
  );
  const uncovered = needed.filter((name) => !signed.has(name));
  if (uncovered.length > 0) {
    fail(400, "IncompleteSignature", `SignedHeaders lacks headers that were sent: ${uncovered.join(", ")}.`);
  }
  const unsent = signedNames.filter((name) => header(wire, name) === undefined);
  if (unsent.length > 0) {
    fail(400, "IncompleteSignature", `SignedHeaders names headers that were not sent: ${unsent.join(", ")}.`);
  }
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
