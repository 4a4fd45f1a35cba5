/**
 * Opens the connections requests travel on: directly or through a proxy, plain or TLS.
 *
 * A connection is handed over only when it is ready for the request (TCP connected, tunnel granted, TLS verified),
 * so whatever fails in here has provably not reached the service.
 */
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as path from "node:path";
import * as tls from "node:tls";
import { ConfigError } from "../errors";
import type { Environment, Proxy } from "./proxy";

/** The service a request is for. */
export interface Destination {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** Whom TLS connections believe. */
export interface Trust {
  /** `undefined` is Node's own set of roots. */
  readonly context: tls.SecureContext | undefined;
  /** Whether the service's certificate is checked. A proxy's always is. */
  readonly verifyService: boolean;
}

/** A connection could not be made ready. */
export class ConnectFailure extends Error {
  constructor(
    /** The party that did not let us through. */
    readonly party: "proxy" | "service",
    /** Node's own error, or `undefined` when a proxy answered with `status`. */
    readonly reason: unknown,
    /** What the proxy answered to CONNECT. */
    readonly status?: number,
  ) {
    super("The connection could not be made.");
    this.name = "ConnectFailure";
  }
}

/**
 * A connection on which a request for `service` can be written: to the service, or to the proxy where a plain
 * request is sent in absolute form. Rejects with `ConnectFailure`, also when `signal` fires.
 */
export async function openConnection(
  service: Destination,
  proxy: Proxy | undefined,
  trust: Trust,
  signal: AbortSignal,
): Promise<net.Socket> {
  if (proxy === undefined) {
    const socket = await dial(service, "service", signal);
    return service.secure ? secure(socket, service, "service", trust, signal) : socket;
  }
  const dialled = await dial(proxy, "proxy", signal);
  const toProxy = proxy.secure ? await secure(dialled, proxy, "proxy", trust, signal) : dialled;
  if (!service.secure) {
    return toProxy;
  }
  const tunnel = await openTunnel(toProxy, service, proxy, signal);
  return secure(tunnel, service, "service", trust, signal);
}

async function dial(
  to: Destination | Proxy,
  party: "proxy" | "service",
  signal: AbortSignal,
): Promise<net.Socket> {
  const socket = net.connect({ host: to.host, port: to.port, noDelay: true });
  return ready(socket, "connect", party, signal);
}

async function secure(
  carrier: net.Socket,
  to: Destination | Proxy,
  party: "proxy" | "service",
  trust: Trust,
  signal: AbortSignal,
): Promise<net.Socket> {
  const options: tls.ConnectionOptions = { socket: carrier, host: to.host, ALPNProtocols: ["http/1.1"] };
  // An address is verified like a name, but may not be announced (RFC 6066, section 3).
  if (net.isIP(to.host) === 0) {
    options.servername = to.host;
  }
  if (trust.context !== undefined) {
    options.secureContext = trust.context;
  }
  if (party === "service" && !trust.verifyService) {
    options.rejectUnauthorized = false;
  }
  const socket = tls.connect(options);
  socket.once("close", () => carrier.destroy());
  return ready(socket, "secureConnect", party, signal);
}

async function ready<Socket extends net.Socket>(
  socket: Socket,
  event: "connect" | "secureConnect",
  party: "proxy" | "service",
  signal: AbortSignal,
): Promise<Socket> {
  // Node attaches its own listener only later; without one, an error in between would end the process. The
  // request learns of it from the "close" that follows.
  socket.on("error", () => undefined);
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw new ConnectFailure(party, error);
  }
}

async function openTunnel(
  toProxy: net.Socket,
  service: Destination,
  proxy: Proxy,
  signal: AbortSignal,
): Promise<net.Socket> {
  const authority = `${net.isIPv6(service.host) ? `[${service.host}]` : service.host}:${service.port}`;
  const request = http.request({
    method: "CONNECT",
    path: authority,
    headers: {
      host: authority,
      ...(proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization }),
    },
    createConnection: () => toProxy,
  });
  request.end();
  try {
    const [answer, socket, head] = (await once(request, "connect", { signal })) as [
      http.IncomingMessage,
      net.Socket,
      Buffer,
    ];
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) {
      throw new ConnectFailure("proxy", undefined, status);
    }
    if (head.length > 0) {
      socket.unshift(head);
    }
    return socket;
  } catch (error) {
    request.on("error", () => undefined);
    request.destroy();
    toProxy.destroy();
    throw error instanceof ConnectFailure ? error : new ConnectFailure("proxy", error);
  }
}

/**
 * A TLS context that believes the certificates of `caFile` besides Node's own roots: an authority's, an issuing
 * authority's without its root, or the service's own. A relative path counts from the working folder. Throws
 * `ConfigError` when the file cannot be read or holds no PEM certificate.
 */
export function trustWithCaFile(caFile: string, environment: Environment): tls.SecureContext {
  const file = path.resolve(caFile);
  const own = certificatesIn(readCaFile(file), file);
  return tls.createSecureContext({
    // Naming roots replaces Node's whole default set, NODE_EXTRA_CA_CERTS included, so that set is named as well.
    ca: [...defaultRoots(environment), ...own],
    // Whoever names an issuing authority means it, and may not have its root. curl takes it, too.
    allowPartialTrustChain: true,
  });
}

function readCaFile(caFile: string): string {
  try {
    return readFileSync(caFile, "latin1");
  } catch (error) {
    throw new ConfigError("The file named by the setting caFile cannot be read.", {
      facts: { File: caFile, Code: (error as NodeJS.ErrnoException).code },
      hint: "Give the path of a PEM file with the certificate of the authority that signed the service's certificate.",
    });
  }
}

function certificatesIn(text: string, caFile: string): string[] {
  const blocks = text.match(/-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]+-----END \1CERTIFICATE-----/g) ?? [];
  const readable = blocks.filter((block) => isCertificate(block));
  if (blocks.length === 0 || readable.length < blocks.length) {
    throw new ConfigError(
      blocks.length === 0
        ? "The file named by the setting caFile holds no PEM certificate."
        : "The file named by the setting caFile holds a certificate that cannot be decoded.",
      {
        facts: { File: caFile },
        hint:
          "It must be text with -----BEGIN CERTIFICATE----- lines. " +
          "A binary (DER) certificate is converted with: openssl x509 -inform der -in ca.cer -out ca.pem",
      },
    );
  }
  return readable;
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

/** Node's roots. `getCACertificates` exists from Node 22.15 on and also knows the system's store, if that is in use. */
function defaultRoots(environment: Environment): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  if (getCACertificates !== undefined) {
    return getCACertificates("default");
  }
  const extra = environment["NODE_EXTRA_CA_CERTS"];
  return extra ? [...tls.rootCertificates, ...extraRoots(extra)] : tls.rootCertificates;
}

function extraRoots(file: string): readonly string[] {
  try {
    return [readFileSync(file, "latin1")];
  } catch {
    // Node itself only warns about an unreadable NODE_EXTRA_CA_CERTS, once, at its start.
    return [];
  }
}
