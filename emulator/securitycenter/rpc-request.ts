import { header, type WireRequest } from "../frame/exchange";

/** Which signature a request carries; `none` when it carries nothing that looks like one. */
export type SignatureVersion = "V3" | "V1" | "none";

/** A request read as a call in the RPC style (section 1). */
export interface RpcRequest {
  readonly wire: WireRequest;
  readonly signatureVersion: SignatureVersion;
  readonly action: string | undefined;
  readonly apiVersion: string | undefined;
  /** Query and form together, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Decoded query alone, which is what V3 signs. */
  readonly query: ReadonlyMap<string, string>;
  /** Name of a parameter that was given twice with different values. */
  readonly contradiction: string | undefined;
}

/** Parameters that belong to V1 itself, not to an operation (section 2.2). */
const COMMON_PARAMETERS: ReadonlySet<string> = new Set([
  "Action",
  "Version",
  "Format",
  "AccessKeyId",
  "Signature",
  "SignatureMethod",
  "SignatureVersion",
  "SignatureNonce",
  "SignatureType",
  "Timestamp",
  "SecurityToken",
  "RegionId",
]);

/**
 * Reads a request. V3 is told by its Authorization alone, as V1 clients send `x-acs-action` too (16.3).
 * `+` is a space in query and form (16.2).
 */
export function readRpcRequest(wire: WireRequest): RpcRequest {
  const query = new Map<string, string>();
  const parameters = new Map<string, string>();
  let contradiction: string | undefined;
  const take = (into: Map<string, string>, source: URLSearchParams): void => {
    for (const [name, value] of source) {
      if (into.has(name) && into.get(name) !== value) {
        contradiction ??= name;
      } else {
        into.set(name, value);
      }
    }
  };
  take(query, wire.query);
  take(parameters, wire.query);
  if (isForm(wire)) {
    take(parameters, new URLSearchParams(wire.body.toString("utf8")));
  }

  const signatureVersion = signatureVersionOf(wire, parameters);
  const fromHeaders = signatureVersion === "V3";
  const actionHeader = header(wire, "x-acs-action");
  const versionHeader = header(wire, "x-acs-version");
  return {
    wire,
    signatureVersion,
    action: fromHeaders ? actionHeader : (parameters.get("Action") ?? actionHeader),
    apiVersion: fromHeaders ? versionHeader : (parameters.get("Version") ?? versionHeader),
    parameters,
    query,
    contradiction,
  };
}

/** The parameters of the operation, without those of the signature. */
export function ownParameters(request: RpcRequest): Record<string, string> {
  return Object.fromEntries([...request.parameters].filter(([name]) => !COMMON_PARAMETERS.has(name)));
}

function signatureVersionOf(wire: WireRequest, parameters: ReadonlyMap<string, string>): SignatureVersion {
  if (header(wire, "authorization")?.startsWith("ACS3-") === true) {
    return "V3";
  }
  return parameters.has("Signature") || parameters.has("AccessKeyId") ? "V1" : "none";
}

function isForm(wire: WireRequest): boolean {
  const mediaType = header(wire, "content-type")?.split(";")[0]?.trim().toLowerCase();
  return wire.method === "POST" && mediaType === "application/x-www-form-urlencoded";
}
