import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** What came back for a message. */
export interface Posted {
  readonly status: number;
  /** Parsed JSON, or the text itself. */
  readonly body: unknown;
}

/** Time for one try. The loopback interface answers at once or never. */
const TRY_TIMEOUT_MS = 2000;

/**
 * The way of an emulated cloud to the outside world, which ends at this machine: messages go to loopback addresses,
 * and to hosts that have a stand-in here. Nothing else is ever connected to.
 */
export class Outbound {
  readonly #standIns = new Map<string, string>();
  readonly #certificates = new Map<string, string>();

  /** From now on, what is sent to this host goes to the origin of `url`. */
  standIn(host: string, url: string): void {
    this.#standIns.set(host, new URL(url).origin);
  }

  /** Trusts the certificate of a server of this machine, whatever name it was made for. */
  trust(url: string, certificate: string): void {
    this.#certificates.set(new URL(url).origin, certificate);
  }

  /** Where a message to this address really goes, or `undefined` if it would leave the machine. */
  resolve(url: string): URL | undefined {
    if (!URL.canParse(url)) return undefined;
    const asked = new URL(url);
    const isWeb = asked.protocol === "http:" || asked.protocol === "https:";
    const origin = isWeb && asked.port === "" ? this.#standIns.get(asked.hostname) : undefined;
    if (origin !== undefined) return new URL(`${origin}${asked.pathname}${asked.search}`);
    return isLoopback(url) || this.#certificates.has(asked.origin) ? asked : undefined;
  }

  /** Posts JSON; `undefined` when nobody answers or the address is not on this machine. */
  post(url: string, message: unknown): Promise<Posted | undefined> {
    const target = this.resolve(url);
    if (target === undefined) return Promise.resolve(undefined);
    const options = {
      method: "POST",
      headers: { "content-type": "application/json;charset=utf-8" },
      timeout: TRY_TIMEOUT_MS,
    };
    const ca = this.#certificates.get(target.origin);
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
  if (!URL.canParse(url)) return false;
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
