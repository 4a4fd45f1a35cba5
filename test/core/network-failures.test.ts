import { inspect } from "node:util";
import { ConnectFailure } from "../../provider/core/transport/connect";
import { exchangeFailed, notConnected } from "../../provider/core/transport/network-failures";

const DIRECT = { origin: "https://service.test:443", proxyOrigin: undefined };
const PROXIED = { ...DIRECT, proxyOrigin: "http://proxy.test:3128" };

/** As Node reports it, with everything attached that must not get out. */
function nodeError(code: string | undefined, more: object = {}): Error {
  return Object.assign(new Error("SECRET"), {
    syscall: "connect",
    path: "/SECRET",
    ...(code && { code }),
    ...more,
  });
}

test.each<[string, Error, string]>([
  ["ECONNREFUSED", nodeError("ECONNREFUSED"), "the connection was refused"],
  ["ECONNRESET", nodeError("ECONNRESET"), "the connection was closed while it was being made"],
  ["ETIMEDOUT", nodeError("ETIMEDOUT"), "the connection could not be made in time"],
  ["EHOSTUNREACH", nodeError("EHOSTUNREACH"), "the network has no route to it"],
  ["EPROTO", nodeError("EPROTO"), "the TLS handshake failed"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", nodeError("ERR_SSL_WRONG_VERSION_NUMBER"), "the TLS handshake failed"],
  [
    "another code of OpenSSL for a certificate",
    nodeError("INVALID_PURPOSE", { cert: { raw: "SECRET" } }),
    "its certificate was not accepted",
  ],
  ["a code nobody listed", nodeError("EWHATEVER"), "the connection could not be made"],
  ["an error without a code", nodeError(undefined), "the connection could not be made"],
])("%s while connecting was not executed and tells no more than it must", (_title, reason, why) => {
  const error = notConnected(DIRECT, new ConnectFailure("service", reason));
  expect(error.outcome).toBe("not-executed");
  expect(error.code).toBe((reason as { code?: string }).code ?? "NETWORK");
  expect(error.message).toContain(`No answer from https://service.test:443: ${why}.`);
  expect(error.hint).toMatch(/\.$/);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("SECRET");
});

test("a proxy that fails is named, and how to change it", () => {
  const failure = new ConnectFailure("proxy", nodeError("ECONNREFUSED"));
  expect(notConnected(PROXIED, failure).message).toBe(
    "No answer from https://service.test:443 through the proxy http://proxy.test:3128: the connection was refused.\n" +
      "Code: ECONNREFUSED\n" +
      "Check that the address and the port are right and that the server is running. " +
      "It is set by the setting proxy or by HTTPS_PROXY, HTTP_PROXY.",
  );
});

test("names in a foreign certificate cannot add lines to a message", () => {
  const cert = { subjectaltname: "DNS:a\nRequestId: fake" };
  const reason = nodeError("ERR_TLS_CERT_ALTNAME_INVALID", { cert });
  expect(notConnected(DIRECT, new ConnectFailure("service", reason)).message).toContain(
    "\nCertificate for: DNS:a?RequestId: fake\n",
  );
});

test.each([
  ["waiting", "not-executed"],
  ["connecting", "not-executed"],
  ["sent", "unknown"],
  ["answering", "unknown"],
] as const)("an error in the phase %s has the outcome %s", (phase, outcome) => {
  expect(exchangeFailed(DIRECT, nodeError("ECONNRESET"), phase).outcome).toBe(outcome);
});
