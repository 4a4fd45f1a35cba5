import { header, type WireReply } from "../frame/exchange";
import type { ApiFailure } from "./errors";
import type { RpcRequest } from "./rpc-request";
import { toXml } from "./xml";

/** What every answer carries. */
export interface Stamp {
  /** Upper-case uuid. */
  readonly requestId: string;
  readonly nowMs: number;
}

/** The answer of a call that worked. */
export function successReply(request: RpcRequest, members: object, stamp: Stamp): WireReply {
  return reply(
    request,
    200,
    `${request.action ?? ""}Response`,
    { ...members, RequestId: stamp.requestId },
    stamp,
  );
}

/** The answer of a call that failed (section 8.1). */
export function errorReply(request: RpcRequest, failure: ApiFailure, stamp: Stamp): WireReply {
  const { requestId } = stamp;
  const body = {
    RequestId: requestId,
    Message: failure.message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${failure.code}&product=Sas&requestId=${requestId}`,
    HostId: header(request.wire, "host") ?? "",
    Code: failure.code,
    ...(failure.code.startsWith("Forbidden") ? { AccessDeniedDetail: accessDeniedDetail(request) } : {}),
  };
  const { retryAfterMs } = failure;
  const headers = retryAfterMs === undefined ? {} : { "x-acs-retry-after": String(retryAfterMs) };
  return reply(request, failure.status, "Error", body, stamp, headers);
}

function accessDeniedDetail({ action }: RpcRequest): object {
  return { AuthAction: `yundun-sas:${action ?? ""}`, PolicyType: "AccountLevelIdentityBasedPolicy" };
}

function reply(
  request: RpcRequest,
  status: number,
  root: string,
  body: object,
  { requestId, nowMs }: Stamp,
  headers: Readonly<Record<string, string>> = {},
): WireReply {
  const asXml = wantsXml(request);
  return {
    status,
    headers: {
      "content-type": asXml ? "text/xml;charset=utf-8" : "application/json;charset=utf-8",
      date: new Date(nowMs).toUTCString(),
      "x-acs-request-id": requestId,
      ...headers,
    },
    body: asXml ? toXml(root, body) : JSON.stringify(body),
  };
}

/** V1 answers in XML unless it is asked for JSON (section 1). */
function wantsXml({ signatureVersion, parameters }: RpcRequest): boolean {
  return signatureVersion === "V1" && parameters.get("Format")?.toUpperCase() !== "JSON";
}
