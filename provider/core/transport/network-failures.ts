/** What a request that got no answer looks like to the reader: who failed, why in words, and the next step. */
import type { ConnectFailure } from "./connect";
import { NetworkError, type Outcome } from "../errors";

/** Whom a request was for. Origins only: paths and queries carry tokens. */
export interface Peer {
  readonly origin: string;
  readonly proxyOrigin: string | undefined;
}

/** How far a request got. */
export type Phase = "waiting" | "connecting" | "sent" | "answering";

/** What a code of Node or OpenSSL means. */
interface Meaning {
  readonly why: string;
  readonly hint: string;
}

const CHECK_ADDRESS = "Check that the address and the port are right and that the server is running.";
const CHECK_ROUTE =
  "Check the address, and whether a firewall, a VPN or a proxy (HTTPS_PROXY, NO_PROXY) stands in between.";
const GIVE_CA =
  "If you know this server, give its certificate authority as a PEM file with the setting caFile " +
  "(or NODE_EXTRA_CA_CERTS).";
const CHECK_TLS = "Check that this port speaks TLS: an http port needs an http:// address.";

const UNKNOWN_AUTHORITY: Meaning = {
  why: "its certificate is not trusted: it is signed by an unknown certificate authority",
  hint: GIVE_CA,
};
const UNREACHABLE: Meaning = { why: "the network has no route to it", hint: CHECK_ROUTE };
const CLOSED: Meaning = { why: "the connection was closed while it was being made", hint: CHECK_ROUTE };

/** By Node's error codes and, for certificates, OpenSSL's verification codes (`X509_V_ERR_…`). */
const CONNECT_MEANINGS: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: { why: "the connection was refused", hint: CHECK_ADDRESS },
  ENOTFOUND: {
    why: "the host name was not found",
    hint: "Check the host name, and that this machine can resolve it.",
  },
  EAI_AGAIN: {
    why: "the host name could not be looked up",
    hint: "Check this machine's DNS and network, then try again.",
  },
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  ETIMEDOUT: { why: "the connection could not be made in time", hint: CHECK_ROUTE },
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  DEPTH_ZERO_SELF_SIGNED_CERT: { why: "its certificate is not trusted: it is self-signed", hint: GIVE_CA },
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: {
    why: "its certificate has expired",
    hint: "Have the certificate renewed, and check this machine's clock.",
  },
  CERT_NOT_YET_VALID: { why: "its certificate is not valid yet", hint: "Check the clocks of both machines." },
  CERT_REVOKED: { why: "its certificate has been revoked", hint: "Have the certificate renewed." },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: "its certificate is for another host name",
    hint: "Use a host name the certificate was issued for, or have it reissued for this one.",
  },
};

const TLS_FAILED: Meaning = { why: "the TLS handshake failed", hint: CHECK_TLS };
const CERTIFICATE_REFUSED: Meaning = { why: "its certificate was not accepted", hint: GIVE_CA };

/** No ready connection came about, so nothing was executed. */
export function notConnected(peer: Peer, failure: ConnectFailure): NetworkError {
  if (failure.status !== undefined) {
    return refusedByProxy(peer, failure.status);
  }
  const code = codeOf(failure.reason);
  const { why, hint } = meaningOf(code, failure.reason);
  return networkError(
    peer,
    failure.party === "proxy" ? ` through the proxy ${peer.proxyOrigin}: ${why}` : `: ${why}`,
    {
      code,
      hint:
        failure.party === "proxy"
          ? `${hint} It is set by the setting proxy or by HTTPS_PROXY, HTTP_PROXY.`
          : hint,
      outcome: "not-executed",
      reason: failure.reason,
      facts: { "Certificate for": certificateNames(failure.reason) },
    },
  );
}

function refusedByProxy(peer: Peer, status: number): NetworkError {
  return networkError(peer, ` through the proxy ${peer.proxyOrigin}: it refused with status ${status}`, {
    code: "PROXY_REFUSED",
    hint:
      status === 407
        ? "The proxy asks for credentials: put user:password@ before its host, percent-encoded."
        : "Have the proxy allow this host and port, or add the host to NO_PROXY to connect directly.",
    outcome: "not-executed",
    facts: { Status: status },
  });
}

/** The connection was there, the whole answer was not. */
export function exchangeFailed(peer: Peer, error: unknown, phase: Phase): NetworkError {
  const code = codeOf(error);
  const begun = phase === "answering";
  return networkError(peer, `: ${exchangeFailure(code, begun)}`, {
    code,
    hint: code?.startsWith("HPE_")
      ? "Check that the address is right, and http or https as the port needs it."
      : CHECK_ROUTE,
    outcome: phase === "sent" || begun ? "unknown" : "not-executed",
    reason: error,
  });
}

function exchangeFailure(code: string | undefined, begun: boolean): string {
  if (code?.startsWith("HPE_")) {
    return "what came back is not HTTP";
  }
  if (code?.startsWith("Z_") || code?.startsWith("ERR__ERROR_FORMAT") || code?.startsWith("ERR_BROTLI")) {
    return "the answer could not be decompressed";
  }
  return begun
    ? "the connection was closed before the whole answer arrived"
    : "the connection was closed before an answer arrived";
}

/** Our own limit on one attempt passed. */
export function timedOut(peer: Peer, timeoutMs: number, sent: boolean): NetworkError {
  const limit = `${timeoutMs / 1000} s`;
  return networkError(peer, sent ? `: timed out after ${limit}` : `: no connection within ${limit}`, {
    code: "ETIMEDOUT",
    hint: sent ? "If the service is just slow, raise the setting requestTimeoutSeconds." : CHECK_ROUTE,
    outcome: sent ? "unknown" : "not-executed",
  });
}

/** The caller changed its mind. */
export function cancelled(peer: Peer, sent: boolean): NetworkError {
  return networkError(
    peer,
    sent ? ": the request was cancelled" : ": the request was cancelled before it was sent",
    { code: "ABORTED", outcome: sent ? "unknown" : "not-executed" },
  );
}

interface Verdict {
  readonly code: string | undefined;
  readonly outcome: Outcome;
  readonly hint?: string;
  readonly reason?: unknown;
  readonly facts?: Readonly<Record<string, string | number | undefined>>;
}

function networkError(peer: Peer, why: string, verdict: Verdict): NetworkError {
  const { code, outcome, hint, reason, facts } = verdict;
  return new NetworkError(`No answer from ${peer.origin}${why}.`, {
    ...(code === undefined ? {} : { code }),
    outcome,
    hint,
    facts: { Code: code, ...facts, Proxy: why.includes("through the proxy") ? undefined : peer.proxyOrigin },
    cause: reason === undefined ? undefined : plainCause(reason),
  });
}

function meaningOf(code: string | undefined, reason: unknown): Meaning {
  const known = code === undefined ? undefined : CONNECT_MEANINGS[code];
  if (known !== undefined) {
    return known;
  }
  if (code === "EPROTO" || code?.startsWith("ERR_SSL_")) {
    return TLS_FAILED;
  }
  // OpenSSL has some eighty reasons to refuse a certificate; Node hands the certificate along with each.
  if (isRecord(reason) && "cert" in reason) {
    return CERTIFICATE_REFUSED;
  }
  return { why: "the connection could not be made", hint: CHECK_ROUTE };
}

/** The names a mismatching certificate does carry: what to write instead, in most cases. */
function certificateNames(reason: unknown): string | undefined {
  if (codeOf(reason) !== "ERR_TLS_CERT_ALTNAME_INVALID" || !isRecord(reason) || !isRecord(reason["cert"])) {
    return undefined;
  }
  const names = reason["cert"]["subjectaltname"];
  // The other side wrote this: print nothing that could pass for more lines of our message.
  return typeof names === "string" ? names.replace(/[^\x20-\x7e]/g, "?").slice(0, 200) : undefined;
}

/** A fresh error with the code and the system call, because Node's may carry certificates and axios's the request. */
function plainCause(reason: unknown): Error {
  const syscall = isRecord(reason) && typeof reason["syscall"] === "string" ? reason["syscall"] : undefined;
  return new Error([syscall, codeOf(reason) ?? "unknown error"].filter(Boolean).join(" "));
}

function codeOf(error: unknown): string | undefined {
  return isRecord(error) && typeof error["code"] === "string" ? error["code"] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
