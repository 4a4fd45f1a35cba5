import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { parsedUrl } from "./url";

/** What came back for a message. */
export interface Posted {
  readonly status: number;
  /** Parsed JSON, or the text itself. */
  readonly body: unknown;
}

/** Time for one try. The loopback interface answers at once or never. */
const TRY_TIMEOUT_MS = 2000;

const UNSPECIFIED: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "[::]": "[::1]" };

/**
 * The way of an emulated cloud to the outside world, which ends at this machine: messages go to loopback addresses,
 * to servers of the emulator and to hosts that have a stand-in among them. Nothing else is ever connected to.
 */
export class Outbound {
  private readonly standIns = new Map<string, URL>();
  /** Servers of the emulator by their origin, with the certificate of those that speak TLS. */
  private readonly ownAddresses = new Map<string, string | undefined>();

  /** A server of the emulator itself may be posted to, wherever it listens and whatever its certificate was made for. */
  own(url: string, certificate?: string): void {
    this.ownAddresses.set(new URL(url).origin, certificate);
  }

  /** From now on, what is sent to this host goes to the server at `url`. */
  standIn(host: string, url: string): void {
    this.standIns.set(host, new URL(url));
  }

  /** Where a message to this address really goes, or `undefined` if it would leave the machine. */
  resolve(url: string): URL | undefined {
    if (parsedUrl(url) === undefined) {
      return undefined;
    }
    const asked = new URL(url);
    const isWeb = asked.protocol === "http:" || asked.protocol === "https:";
    const standIn = isWeb && asked.port === "" ? this.standIns.get(asked.hostname) : undefined;
    if (standIn !== undefined) {
      return new URL(`${standIn.origin}${asked.pathname}${asked.search}`);
    }
    return isLoopback(url) || this.ownAddresses.has(asked.origin) ? asked : undefined;
  }

  /** Posts JSON; `undefined` when nobody answers or the address is not on this machine. */
  post(url: string, message: unknown): Promise<Posted | undefined> {
    const target = this.resolve(url);
    if (target === undefined) {
      return Promise.resolve(undefined);
    }
    const options = {
      method: "POST",
      headers: { "content-type": "application/json;charset=utf-8" },
      timeout: TRY_TIMEOUT_MS,
    };
    const ca = this.ownAddresses.get(target.origin);
    // A server on all addresses is reached on this machine's own.
    target.hostname = UNSPECIFIED[target.hostname] ?? target.hostname;
    return new Promise((resolve) => {
      const request =
        ca === undefined
          ? httpRequest(target, options)
          : httpsRequest(target, { ...options, ca, checkServerIdentity: () => undefined });
      request.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: parse(text) });
        });
        // An answer that breaks off is none.
        response.on("error", () => {
          resolve(undefined);
        });
      });
      request.on("timeout", () => request.destroy());
      // Nobody there is an answer of its own.
      request.on("error", () => {
        resolve(undefined);
      });
      request.end(JSON.stringify(message));
    });
  }
}

/** True for an address that a message may go to without a stand-in: plain HTTP on the loopback interface. */
export function isLoopback(url: string): boolean {
  if (parsedUrl(url) === undefined) {
    return false;
  }
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // UNVERIFIED: what a cloud makes of an answer that is no JSON.
    return text;
  }
}
