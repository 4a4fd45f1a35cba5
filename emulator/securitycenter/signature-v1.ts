import { createHmac } from "node:crypto";
import type { Claim } from "./claim";
import { fail, failMissing } from "./errors";
import { canonicalQuery, percentEncode } from "./percent-encoding";
import type { RpcRequest } from "./rpc-request";

/** Reads a request signed with HMAC-SHA1 in its parameters (section 2.2, 16.4, 16.5). */
export function readV1(request: RpcRequest): Claim {
  const { parameters, wire } = request;
  const required = (name: string): string => parameters.get(name) ?? failMissing(name);
  const accessKeyId = required("AccessKeyId");
  const signature = required("Signature");
  const nonce = required("SignatureNonce");
  requireValue(request, "SignatureMethod", ["HMAC-SHA1"]);
  requireValue(request, "SignatureVersion", ["1.0"]);
  if (parameters.has("SignatureType")) {
    requireValue(request, "SignatureType", [""]);
  }

  const signed = [...parameters].filter(([name]) => name !== "Signature");
  const stringToSign = `${wire.method}&%2F&${percentEncode(canonicalQuery(signed))}`;
  return {
    accessKeyId,
    securityToken: parameters.get("SecurityToken"),
    timestamp: parameters.get("Timestamp"),
    nonce,
    signature,
    bodyIntact: true,
    stringToSign,
    sign: (secret) => createHmac("sha1", `${secret}&`).update(stringToSign).digest("base64"),
  };
}

function requireValue({ parameters }: RpcRequest, name: string, values: readonly string[]): void {
  const value = parameters.get(name) ?? failMissing(name);
  if (!values.includes(value)) {
    fail(400, "IncompleteSignature", `${name} must be "${values.join('" or "')}".`);
  }
}
